//! `httplib` itself: the connection's states, the automatic headers, the exceptions.
//!
//! A [`Connection`] opens a [`link`](link) when a request needs one and lends its stream to the
//! [`Response`] until the body is read. Both sides share the stream ([`exchange`]); who may read from
//! it is written there and nowhere else.
//!
//! Every step can stop halfway with [`Error::WouldBlock`] and go on when it is called again: progress
//! is kept in the connection and in the response, never on the stack.

mod address;
mod body;
mod channel;
mod connection;
mod describe;
mod error;
mod exchange;
mod flushing;
mod link;
mod linking;
mod message;
mod options;
mod outbound;
mod patience;
mod proxy;
mod receiving;
mod response;
mod route;
mod sending;
mod state;
mod trace;
mod tunnel;
mod upgrade;

#[cfg(test)]
mod tests;

pub use address::{Authority, Url};
pub use body::{Body, Source};
pub use connection::{AcceptEncoding, Connection, Host};
pub use error::{
    ConnectionState, Error, FileErrorCode, HttpException, ImproperConnectionState, TunnelRefusal,
};
pub use message::Message;
pub use options::{Options, Scheme};
pub use patience::Timeout;
pub use proxy::Proxy;
pub use response::{Interim, Response, Sink};
pub use trace::Trace;
pub use upgrade::Upgraded;

//! `httplib` itself: the connection's states, the automatic headers, the exceptions.
//!
//! A [`Connection`] opens a [`link`] when a request needs one, sends the request as an [`upload`], and
//! lends its stream to the [`Response`] until the body is read. Both sides share the stream
//! ([`shared`]); who may read from it is written there and nowhere else.
//!
//! Nothing waits. A call goes as far as it can; [`Waits::waiting`] says what it waits for then, and
//! [`Waits::time_out`] what becomes of it when that stays away. Called again, it goes on: progress is kept
//! in the connection and in the response, never on the stack.

mod address;
mod body;
mod channel;
mod connection;
mod describe;
mod error;
mod inflow;
mod link;
mod message;
mod one_call;
mod opening;
mod options;
mod outbound;
mod patience;
mod proxy;
mod reply;
mod response;
mod rest;
mod route;
mod shared;
mod state;
mod text;
mod trace;
mod trust;
mod tunnel;
mod upgrade;
mod upload;
mod waiting;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use address::{Authority, Url};
pub use body::Body;
pub use connection::{AcceptEncoding, Connection, Host};
pub use error::{ConnectionState, Error, HttpException, ImproperConnectionState, TunnelRefusal};
pub use message::Message;
pub use one_call::connection_for;
pub use options::{Options, Scheme};
pub use patience::Timeout;
pub use proxy::Proxy;
pub use response::{InterimResponse, Response};
pub use text::Fields;
pub use trace::Trace;
pub use trust::{Environment, PemSource};
pub use upgrade::Upgraded;
pub use waiting::{Lent, On, Waiting, Waits};

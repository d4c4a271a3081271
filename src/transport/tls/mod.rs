//! TLS inside the component: rustls for handshakes, a record layer of our own for the rest.
//!
//! How the parts move:
//!
//! - A [`Context`] is what `ssl.SSLContext` is: trust, the client's certificate, the session cache.
//!   It makes a configuration, once, on our own provider of cryptography.
//! - A [`Handshake`] drives rustls over any [`Stream`](super::Stream). rustls sees the handshake's
//!   records only, each of them whole.
//! - A [`TlsStream`] comes of it. It takes the keys over, opens records where they were received
//!   and seals them where they are sent from; rustls only keeps the key schedule and the tickets.
//!
//! Only the handshake and the record layer's key schedule know rustls' unbuffered API.

mod alert;
mod certificate;
mod context;
mod copy;
mod der;
mod error;
#[cfg(fuzzing)]
pub mod fuzzing;
mod handshake;
mod key_log;
mod name;
mod offer;
mod outgoing;
mod pem;
mod post_handshake;
mod provider;
mod record;
mod records;
mod resumption;
mod session;
mod stack;
mod stream;
#[cfg(test)]
mod tests;
mod trust;
mod unverified;
mod verdict;
mod version;
mod words;

pub use alert::alert_code;
pub use context::{Config, Context, ValueError, VerifyMode};
pub use handshake::Handshake;
pub use key_log::KeyLogSink;
pub use rustls::time_provider::TimeProvider;
pub use session::Session;
pub use stream::TlsStream;
pub use version::TlsVersion;

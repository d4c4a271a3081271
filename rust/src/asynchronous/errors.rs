//! Errors, both ways.

use super::bindings::client as wit;
use crate::error::Error;

impl From<wit::Error> for Error {
    fn from(error: wit::Error) -> Self {
        match error {
            wit::Error::Http(it) => Self::Http(it),
            wit::Error::Value(it) => Self::Value(it),
            wit::Error::Socket(it) => Self::Socket(it),
            wit::Error::TimedOut(it) => Self::TimedOut(it),
            wit::Error::File(it) => Self::File(it),
            wit::Error::Tls(it) => Self::Tls(it),
            wit::Error::Tunnel(it) => Self::Tunnel(it),
            wit::Error::Other(it) => Self::Other(it),
        }
    }
}

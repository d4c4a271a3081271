//! `wit/` to [`client`](crate::client) and back. Nothing is decided here, and only here is waited.

pub mod convert;
mod message;
mod options;
#[cfg(feature = "component")]
mod status;
mod tls;

#[cfg(not(feature = "p3"))]
mod p2;
#[cfg(feature = "p3")]
mod p3;

use crate::bindings::exports::httplib::http::client as wit;

/// What implements the exported interfaces.
pub struct Component;

#[cfg(all(not(feature = "component"), not(feature = "p3")))]
pub use self::{
    message::HttpMessage,
    p2::{HttpConnection, HttpResponse, UpgradedStream, config, request},
    tls::TlsContext,
};

#[cfg(feature = "component")]
#[allow(unsafe_code, reason = "the exported functions are generated")]
mod exports {
    crate::bindings::export!(Component with_types_in crate::bindings);

    use super::Component;
}

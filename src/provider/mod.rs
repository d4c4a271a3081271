//! `wasi:http/client` over the client's connections.
//!
//! A request is the host's: it is taken apart, goes over a connection of the [`pool`], and what comes back
//! is made into a response of the host's. Its body is carried by a task that goes on after the call.

mod error;
mod pool;
mod request;
mod response;
mod send;
mod settings;
mod timeouts;

use crate::bindings::exports::wasi::http::client::Guest;
use crate::bindings::wasi::http::types::{ErrorCode, Request, Response};

/// What implements the exported interface.
struct Provider;

impl Guest for Provider {
    async fn send(request: Request) -> Result<Response, ErrorCode> {
        send::send(request).await
    }
}

#[allow(unsafe_code, reason = "the exported functions are generated")]
mod exports {
    crate::bindings::export!(Provider with_types_in crate::bindings);

    use super::Provider;
}

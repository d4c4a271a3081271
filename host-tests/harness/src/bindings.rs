//! The component's exports as Rust functions and types, generated from `wit/`.
//!
//! The wrappers in [`component`](crate::component) are what tests call.

#[allow(missing_docs, reason = "generated; the documentation is in the WIT")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "httplib",
        with: { "wasi": wasmtime_wasi::p2::bindings::sync },
        require_store_data_send: true,
    });
}

pub use generated::Httplib;
pub use generated::exports::httplib::http::{client, status};

use client::{Error, Phase, SocketError, SocketErrorCode};

/// Equal in everything that they show, but for the addresses that were tried: those are of their test.
/// The generated types have no equality of their own.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Socket(one), Self::Socket(other)) => {
                let shown = |it: &SocketError| format!("{:?} {:?}", it.phase, it.code);
                shown(one) == shown(other)
            }
            _ => format!("{self:?}") == format!("{other:?}"),
        }
    }
}

impl SocketError {
    /// One that names no addresses.
    #[must_use]
    pub fn new(phase: Phase, code: SocketErrorCode) -> Self {
        Self {
            phase,
            code,
            attempts: Vec::new(),
        }
    }
}

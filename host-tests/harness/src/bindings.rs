//! The component's exports as Rust functions and types, generated from `wit/`, and from `wit/p3` for the
//! component over WASI 0.3.
//!
//! The wrappers in [`component`](crate::component) are what tests call: they have the types of WASI 0.2.

#[allow(missing_docs, reason = "generated; the documentation is in the WIT")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../../wit",
        world: "httplib",
        with: { "wasi": wasmtime_wasi::p2::bindings::sync },
        require_store_data_send: true,
    });
}

#[allow(missing_docs, reason = "generated; the documentation is in the WIT")]
mod generated_p3 {
    wasmtime::component::bindgen!({
        path: "../../wit/p3",
        world: "httplib",
        with: { "wasi": wasmtime_wasi::p3::bindings },
        exports: { default: async | store },
        require_store_data_send: true,
    });
}

pub use generated::exports::httplib::http::{client, status};
pub use generated::{Httplib, HttplibPre};
pub use generated_p3::Httplib as P3;
pub use generated_p3::exports::httplib::http::client as p3;

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

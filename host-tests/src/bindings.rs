//! The component's exports as Rust functions and types, generated from `wit/`.
//!
//! The wrappers in [`component`](crate::component) are what tests call.

#[allow(missing_docs, reason = "generated; the documentation is in the WIT")]
mod generated {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "httplib",
        with: { "wasi": wasmtime_wasi::p2::bindings::sync },
        require_store_data_send: true,
    });
}

pub use generated::Httplib;
pub use generated::exports::httplib::http::{client, status};

use client::Error;

/// Equal in everything that they show; the generated types have no equality of their own.
impl PartialEq for Error {
    fn eq(&self, other: &Self) -> bool {
        format!("{self:?}") == format!("{other:?}")
    }
}

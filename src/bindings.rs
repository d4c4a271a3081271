//! What wit-bindgen makes of `wit/`: the WASI imports for `wasi`, the exports for `component`.
#![allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]
#![cfg_attr(
    not(feature = "component"),
    allow(dead_code, reason = "the exports are the component's")
)]

#[cfg(not(feature = "p3"))]
folded_bindings::generate!("wit");

#[cfg(all(feature = "p3", not(feature = "wasi-http")))]
folded_bindings::generate_async!("wit/p3");

#[cfg(feature = "wasi-http")]
folded_bindings::generate_async!("wit/wasi-http");

//! What wit-bindgen makes of `wit/`: the WASI imports for `wasi`, the exports for `component`.
#![allow(unsafe_code, missing_docs, clippy::all, reason = "generated")]

folded_bindings::generate!();

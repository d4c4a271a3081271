//! The component against the contract, through wasmtime and real sockets. A module per subject.

mod errors;
mod smoke;
mod support;
mod surface;
mod timeouts;
mod tls;
mod tunnel;

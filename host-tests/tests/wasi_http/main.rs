//! The provider of `wasi:http/client`, plugged into programs that were made for `wasi:http` and know
//! nothing of it, against real servers.

mod errors;
mod exchange;
mod reuse;
mod server;
mod streams;
mod timeouts;
mod trust;
mod ways;

//! What the targets share: calls over scripted hosts, input in pieces, hyper's opinion of a reply, a TLS server, and the
//! kernel without WebAssembly.

mod calls;
pub mod hyper_client;
mod pieces;
pub mod tls_server;
pub mod vectors;

include!(concat!(env!("OUT_DIR"), "/kernel.rs"));

pub use calls::block_on;
pub use pieces::pieces;

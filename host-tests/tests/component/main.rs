//! The component through wasmtime and real sockets. A module per subject.

mod badssl;
mod connection;
mod errors;
mod exchange;
mod kernel;
mod link;
mod message;
mod request;
mod request_body;
mod request_refused;
mod response;
mod response_body;
mod response_cut;
mod reuse;
mod sequence;
mod smoke;
mod state;
mod status;
mod support;
mod surface;
mod timeouts;
mod tls;
mod tls_context;
mod tls_peers;
mod tunnel;
mod unread;

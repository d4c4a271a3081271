//! The command line `httplib-cli.wasm`: the program in `cli/` composed with the component, run in
//! wasmtime against real servers, scripted peers and proxies. A module per subject.

mod cli;
mod documents;
mod download;
mod exits;
mod null;
mod proxies;
mod request;
mod resume;
mod secure;
mod terminal;
mod upload;
mod urls;
mod verbose;
mod write_out;

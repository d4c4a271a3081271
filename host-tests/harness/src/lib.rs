//! The harness: the component in wasmtime, and real peers on loopback for it to talk to.
//!
//! - [`component`]: instances of the component with chosen capabilities; its functions as methods.
//! - [`command`]: programs with a `main`, in wasmtime as well.
//! - [`engine`]: wasmtime's engine, which keeps what it has compiled.
//! - [`peer`]: a peer that follows a script, byte by byte, and records what it received.
//! - [`server`]: a real HTTP server, over TCP and over TLS.
//! - [`program`], [`openssl`], [`real`]: other people's programs, and the TLS servers among them.
//! - [`venv`]: Python packages for such programs.
//! - [`proxies`]: squid, tinyproxy and haproxy.
//! - [`relay`]: a proxy that opens tunnels, over TCP or over TLS.
//! - [`tls`]: a throw-away certificate authority, certificates and server configurations.
//!
//! Nothing here sleeps until something has surely happened: waiting ends with the event, and fails
//! after [`LIMIT`].
#![forbid(unsafe_code)]

use std::time::Duration;

pub mod bindings;
pub mod command;
pub mod component;
pub mod engine;
pub mod openssl;
pub mod peer;
pub mod program;
pub mod proxies;
pub mod real;
pub mod relay;
pub mod server;
pub mod tls;
pub mod venv;

/// How long anything may take that should happen at once. Whoever waits longer has failed.
pub const LIMIT: Duration = Duration::from_secs(20);

//! Times TLS in the component beside what it could be compared with, in the same run.
//!
//! `make bench-tls` starts it. Figures are medians; each kind of figure is taken in turns with those
//! beside it, so that whatever else the machine does meets all of them.
#![forbid(unsafe_code)]

use std::sync::Arc;

use harness::tls::{Authority, Identity, ServerTls};
use rustls::{CipherSuite, ServerConfig};

mod download;
mod handshake;
mod native;
mod records;
mod server;

/// How often each figure is taken.
const ROUNDS: usize = 9;

/// The suite that the component offers first.
const SUITE: CipherSuite = CipherSuite::TLS13_CHACHA20_POLY1305_SHA256;

fn main() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    records::run();
    download::run(&authority, &identity);
    handshake::run(&authority, &identity);
}

/// A server's side of TLS 1.3 with [`SUITE`].
fn tls(identity: &Identity, change: impl FnOnce(ServerTls) -> ServerTls) -> Arc<ServerConfig> {
    change(ServerTls::new(identity).tls13_only().cipher_suite(SUITE)).build()
}

/// The middle one.
fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The one below which so many lie.
fn quantile(values: &mut [f64], part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    values[(((values.len() - 1) as f64) * part).round() as usize]
}

//! The server that the programs fetch from, and what they have to print.

use std::fs;
use std::path::Path;

use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};
use tempfile::TempDir;

use crate::Outcome;

/// The file with the certificate authority, in the folder that a program gets.
pub const CA: &str = "ca.pem";

/// An HTTPS server whose certificate is for `localhost` only, of an authority nobody knows.
pub struct Site {
    server: Server,
    folder: TempDir,
}

impl Site {
    pub fn new() -> Self {
        let authority = Authority::new();
        let folder = TempDir::new().expect("the system has room for a folder");
        fs::write(folder.path().join(CA), authority.pem()).expect("the folder can be written");
        let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
        Self { server, folder }
    }

    /// The port, as an argument.
    pub fn port(&self) -> String {
        self.server.port().to_string()
    }

    /// The folder with [`CA`].
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// The status and the body.
pub fn assert_fetched(outcome: &Outcome) {
    let page = format!("200 OK\n{}", String::from_utf8_lossy(GREETING));
    assert_eq!(outcome.stdout, page, "{outcome:?}");
    assert!(outcome.success, "{outcome:?}");
}

/// The error, by the name of its case.
pub fn assert_caught_hostname_mismatch(outcome: &Outcome) {
    let caught = outcome.stderr.starts_with("hostname-mismatch: ");
    assert!(caught && !outcome.success, "{outcome:?}");
}

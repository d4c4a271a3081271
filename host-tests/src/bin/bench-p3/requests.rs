//! Requests over TLS behind the same program: with the provider, and with the host's own client, which opens
//! a connection for each.

use harness::server::Server;
use harness::tls::{Authority, KeyType, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

use crate::{ROUNDS, median};

const COUNT: usize = 1000;

pub fn run() {
    println!("Requests over TLS, one after the other, a second\n");
    for (name, key) in [
        ("ECDSA P-256", KeyType::P256),
        ("RSA 2048", KeyType::Rsa2048),
    ] {
        with_certificate(name, key);
    }
    println!();
}

fn with_certificate(name: &str, key: KeyType) {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let identity = authority.request(&["localhost"]).key(key).issue();
    let server = Server::streaming(Some(ServerTls::new(&identity).build()));
    let url = format!("https://localhost:{}/", server.port());
    let (mut provided, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let program = Program::provided().files(folder.path());
        provided.push(rate(program.env("SSL_CERT_FILE", "/files/ca.pem"), &url));
        alone.push(rate(Program::alone().trusting(&authority), &url));
    }
    let (provided, alone) = (median(&mut provided), median(&mut alone));
    let ratio = provided / alone;
    println!(
        "a server with {name}: the provider {provided:.0}, the host {alone:.0}, {ratio:.1} times"
    );
}

fn rate(program: Program, url: &str) -> f64 {
    let report = program.run(&["time", url, &COUNT.to_string()]);
    let line = report.lines.first().expect("a line");
    let nanoseconds: f64 = line.parse().unwrap_or_else(|_| panic!("{line}"));
    COUNT as f64 * 1e9 / nanoseconds
}

//! Requests over TLS behind the same program: with the provider, and with the host's own client, which opens
//! a connection for each.

use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

use crate::{ROUNDS, median};

const COUNT: usize = 500;

pub fn run() {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let identity = authority.issue(&["localhost"]);
    let server = Server::streaming(Some(ServerTls::new(&identity).build()));
    let url = format!("https://localhost:{}/", server.port());
    let (mut provided, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let program = Program::provided().files(folder.path());
        provided.push(rate(program.env("SSL_CERT_FILE", "/files/ca.pem"), &url));
        alone.push(rate(Program::alone().trusting(&authority), &url));
    }
    let (provided, alone) = (median(&mut provided), median(&mut alone));
    println!("{COUNT} requests over TLS, one after the other, a second\n");
    println!("{:32}{provided:>8.0}", "the provider");
    println!("{:32}{alone:>8.0}", "the host's own client");
    println!("{:32}{:>8.1}\n", "provider : host", provided / alone);
}

fn rate(program: Program, url: &str) -> f64 {
    let report = program.run(&["time", url, &COUNT.to_string()]);
    let line = report.lines.first().expect("a line");
    let nanoseconds: f64 = line.parse().unwrap_or_else(|_| panic!("{line}"));
    COUNT as f64 * 1e9 / nanoseconds
}

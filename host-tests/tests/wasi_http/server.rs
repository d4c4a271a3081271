//! A server that fetches while it serves.

use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

#[test]
fn a_server_fetches_from_an_authority_of_its_own() {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let identity = authority.issue(&["localhost"]);
    let upstream = Server::https(ServerTls::new(&identity).build());
    let program = Program::server().files(folder.path());
    let program = program.env("SSL_CERT_FILE", "/files/ca.pem");
    let answer = program.serve(&format!("/https://localhost:{}/", upstream.port()));
    assert_eq!(answer, (200, GREETING.to_vec()));
}

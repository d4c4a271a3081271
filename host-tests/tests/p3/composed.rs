//! The example, composed.

use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

#[test]
fn the_example_fetches_all_that_it_is_asked_for() {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let secure = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let plain = Server::http();
    let program = Program::with_httplib(env!("P3_PROGRAM")).files(folder.path());
    let report = program.env("SSL_CERT_FILE", "/files/ca.pem").run(&[
        &format!("https://localhost:{}/", secure.port()),
        &format!("http://localhost:{}/bytes/1000000", plain.port()),
        "http://127.0.0.1:1/",
    ]);
    let greeting = format!("200 {}", GREETING.len());
    assert_eq!(report.lines[..2], [greeting, "200 1000000".to_owned()]);
    assert!(report.lines[2].contains("refused"), "{:?}", report.lines);
}

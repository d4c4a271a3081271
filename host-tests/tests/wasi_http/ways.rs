//! Ways to a server: proxies.

use harness::proxies::{USER, squid};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

#[test]
fn a_proxy_with_credentials() {
    let proxy = squid();
    let url = proxy.url_with("http", USER);
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let identity = authority.issue(&["localhost"]);
    let secure = Server::https(ServerTls::new(&identity).build());
    let plain = Server::http();
    let cases = [
        (
            "HTTPS_PROXY",
            format!("https://localhost:{}/", secure.port()),
        ),
        ("HTTP_PROXY", format!("http://localhost:{}/", plain.port())),
    ];
    for (variable, target) in cases {
        let program = Program::provided()
            .files(folder.path())
            .env("SSL_CERT_FILE", "/files/ca.pem")
            .env(variable, &url);
        let report = program.run(&["get", &target, "2"]);
        assert_eq!(
            report.lines, ["200 seen= length=28 received="; 2],
            "{variable}"
        );
    }
}

#[test]
fn a_server_that_is_exempt_from_the_proxy() {
    let server = Server::http();
    let program = Program::provided()
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("NO_PROXY", "localhost");
    let report = program.run(&["get", &format!("http://localhost:{}/", server.port()), "1"]);
    assert_eq!(report.lines, ["200 seen= length=28 received="]);
}

//! What went wrong, in `wasi:http`'s codes.

use harness::peer::{Peer, Step};
use harness::proxies::squid;
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

fn first(program: Program, url: &str) -> String {
    program.run(&["get", url, "1"]).lines.remove(0)
}

fn of_reply(reply: &[u8]) -> String {
    let peer = Peer::script(vec![[Step::answers(&[reply]), vec![Step::Close]].concat()]);
    first(Program::provided(), &format!("http://{}/", peer.address()))
}

#[test]
fn nobody_listens() {
    let line = first(Program::provided(), "http://127.0.0.1:1/");
    assert_eq!(line, "ErrorCode::ConnectionRefused");
}

#[test]
fn a_name_that_is_not_there() {
    let line = first(Program::provided(), "http://nowhere.invalid/");
    assert!(line.starts_with("ErrorCode::DnsError"), "{line}");
}

#[test]
fn an_address_that_the_host_does_not_allow() {
    let line = first(Program::provided(), "http://192.0.2.1/");
    assert_eq!(line, "ErrorCode::DestinationIpProhibited");
}

#[test]
fn an_authority_that_is_none() {
    let line = first(Program::provided(), "http://127.0.0.1:0/");
    assert_eq!(line, "ErrorCode::HttpRequestUriInvalid");
}

#[test]
fn a_server_that_says_nothing() {
    let peer = Peer::script(vec![vec![Step::AwaitHead, Step::Close]]);
    let line = first(Program::provided(), &format!("http://{}/", peer.address()));
    assert_eq!(line, "ErrorCode::ConnectionTerminated");
}

#[test]
fn a_server_that_speaks_something_else() {
    assert_eq!(
        of_reply(b"220 smtp.example\r\n"),
        "ErrorCode::HttpProtocolError"
    );
    assert_eq!(
        of_reply(b"HTTP/2.0 200 OK\r\n\r\n"),
        "ErrorCode::HttpProtocolError"
    );
}

#[test]
fn a_body_that_is_cut_short() {
    let line = of_reply(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
    assert_eq!(line, "ErrorCode::HttpResponseIncomplete");
}

#[test]
fn a_body_whose_chunks_are_broken() {
    let line = of_reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n");
    assert_eq!(line, "ErrorCode::HttpProtocolError");
}

#[test]
fn a_transfer_coding_that_nobody_knows() {
    let line = of_reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: rot13, chunked\r\n\r\n");
    assert!(
        line.starts_with("ErrorCode::HttpResponseTransferCoding"),
        "{line}"
    );
}

#[test]
fn a_head_that_is_too_large() {
    let line = format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(70_000));
    let line = of_reply(line.as_bytes());
    assert!(
        line.starts_with("ErrorCode::HttpResponseHeaderSize"),
        "{line}"
    );
    let lines = format!("HTTP/1.1 200 OK\r\n{}\r\n", "X-Many: yes\r\n".repeat(200));
    let line = of_reply(lines.as_bytes());
    assert!(
        line.starts_with("ErrorCode::HttpResponseHeaderSectionSize"),
        "{line}"
    );
}

#[test]
fn a_server_that_switches_protocols() {
    let line =
        of_reply(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n");
    assert_eq!(line, "ErrorCode::HttpUpgradeFailed");
}

#[test]
fn a_server_that_nobody_vouches_for() {
    let identity = Authority::new().issue(&["localhost"]);
    let server = Server::https(ServerTls::new(&identity).build());
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(
        first(Program::provided(), &url),
        "ErrorCode::TlsCertificateError"
    );
}

#[test]
fn a_server_without_tls() {
    let server = Server::http();
    let url = format!("https://localhost:{}/", server.port());
    assert_eq!(
        first(Program::provided(), &url),
        "ErrorCode::TlsProtocolError"
    );
}

#[test]
fn a_client_without_the_certificate_that_the_server_asks_for() {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let identity = authority.issue(&["localhost"]);
    let config = ServerTls::new(&identity).clients_of(&authority).build();
    let server = Server::https(config);
    let program = Program::provided().files(folder.path());
    let program = program.env("SSL_CERT_FILE", "/files/ca.pem");
    let line = first(program, &format!("https://localhost:{}/", server.port()));
    assert!(line.starts_with("ErrorCode::TlsAlertReceived"), "{line}");
    assert!(line.contains("Some(116)"), "certificate_required: {line}");
}

#[test]
fn a_proxy_that_wants_credentials() {
    let proxy = squid();
    let server = Server::http();
    let program = Program::provided().env("HTTPS_PROXY", &proxy.url("http"));
    let line = first(program, &format!("https://localhost:{}/", server.port()));
    assert_eq!(line, "ErrorCode::HttpRequestDenied");
}

#[test]
fn settings_that_can_t_be_used() {
    for (name, value) in [
        ("HTTPLIB_IDLE_TIMEOUT", "soon"),
        ("HTTPLIB_PINNED_PUBKEYS", "sha256//short"),
        ("SSL_CLIENT_CERT", "/files/missing.pem"),
    ] {
        let line = first(Program::provided().env(name, value), "http://127.0.0.1:1/");
        assert_eq!(line, "ErrorCode::ConfigurationError", "{name}");
    }
}

//! Connections that are kept.

use harness::peer::{Peer, Step};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

#[test]
fn a_thousand_requests_go_over_one_connection() {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let identity = authority.issue(&["localhost"]);
    let server = Server::streaming(Some(ServerTls::new(&identity).build()));
    let url = format!("https://localhost:{}/", server.port());
    let program = Program::provided().files(folder.path());
    let report = program
        .env("SSL_CERT_FILE", "/files/ca.pem")
        .run(&["get", &url, "1000"]);
    for (number, line) in report.lines.iter().enumerate() {
        assert_eq!(line, &format!("200 seen={number} length=5 received="));
    }
    assert_eq!((report.lines.len(), server.connections()), (1000, 1));
}

#[test]
fn requests_at_once_have_connections_of_their_own() {
    let server = Server::gathering(100);
    let url = format!("http://{}/", server.address());
    let report = Program::provided().run(&["many", &url, "100"]);
    let expected = "200 seen= length=28 received=";
    assert!(
        report.lines.iter().all(|line| line == expected),
        "{:?}",
        report.lines
    );
    assert_eq!((report.lines.len(), server.connections()), (100, 100));
}

#[test]
fn no_more_connections_are_opened_to_an_origin_than_the_environment_says() {
    let server = Server::streaming(None);
    let url = format!("http://{}/bytes/100000", server.address());
    let program = Program::provided().env("HTTPLIB_MAX_CONNECTIONS_PER_ORIGIN", "2");
    let report = program.run(&["many", &url, "20"]);
    let expected = "200 seen= length=100000 received=";
    assert!(
        report.lines.iter().all(|line| line == expected),
        "{:?}",
        report.lines
    );
    assert_eq!((report.lines.len(), server.connections()), (20, 2));
}

#[test]
fn no_connection_is_kept_where_the_environment_says_so() {
    for (variable, value) in [
        ("HTTPLIB_MAX_IDLE_CONNECTIONS", "0"),
        ("HTTPLIB_IDLE_TIMEOUT", "0"),
    ] {
        let server = Server::streaming(None);
        let url = format!("http://{}/", server.address());
        let report = Program::provided()
            .env(variable, value)
            .run(&["get", &url, "3"]);
        assert_eq!(
            (report.lines.len(), server.connections()),
            (3, 3),
            "{variable}"
        );
    }
}

#[test]
fn a_connection_that_the_server_has_closed_meanwhile_is_not_used() {
    let reply: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    let closes = [Step::answers(&[reply]), vec![Step::Close]].concat();
    let peer = Peer::script(vec![closes, Step::answers(&[reply])]);
    let url = format!("http://{}/", peer.address());
    let report = Program::provided().run(&["get", &url, "2"]);
    assert_eq!(report.lines, ["200 seen= length=2 received="; 2]);
    assert_eq!(peer.connections(), 2);
}

#[test]
fn a_request_that_meets_a_closing_connection_is_made_again() {
    let reply: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    // It closes only once it has seen the second request.
    let closes = [Step::answers(&[reply]), vec![Step::AwaitHead, Step::Close]].concat();
    let peer = Peer::script(vec![closes, Step::answers(&[reply])]);
    let url = format!("http://{}/", peer.address());
    let report = Program::provided().run(&["get", &url, "2"]);
    assert_eq!(report.lines, ["200 seen= length=2 received="; 2]);
}

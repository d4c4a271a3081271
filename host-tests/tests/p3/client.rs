//! The crate for Rust over WASI 0.3: checks that run where it does, each against a server that is made for it here.

use harness::peer::{Peer, Port, Step};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use host_tests::programs::Program;
use tempfile::TempDir;

fn program() -> Program {
    Program::with_httplib(env!("P3_CLIENT"))
}

/// Runs the check of this name with the server at this port.
fn check(name: &str, port: u16) {
    let report = program().run(&[name, &format!("127.0.0.1:{port}")]);
    assert_eq!(report.lines, [] as [&str; 0]);
}

#[test]
fn sends_bodies_of_each_kind() {
    check("bodies", Server::http().port());
}

#[test]
fn gives_up_a_request_whose_stream_fails() {
    let next = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";
    let peer = Peer::script(vec![vec![Step::AwaitEnd], Step::answers(&[next])]);
    check("broken", peer.port());
}

#[test]
fn reads_a_body_in_each_way() {
    check("reading", Server::http().port());
}

#[test]
fn makes_one_request_after_another() {
    let server = Server::http();
    check("reuse", server.port());
    assert_eq!(server.connections(), 1);
}

#[test]
fn gives_what_came_before_the_cut() {
    let cut = || {
        let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
        vec![Step::AwaitHead, Step::send(cut)]
    };
    check("cut", Peer::script(vec![cut(), cut()]).port());
}

#[test]
fn speaks_json() {
    check("json", Server::http().port());
}

#[test]
fn reads_and_writes_behind_an_upgrade() {
    let switched =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhello";
    let steps = vec![
        Step::AwaitHead,
        Step::send(switched),
        Step::await_marker("world"),
        Step::send("world"),
        Step::AwaitEnd,
    ];
    check("upgrade", Peer::script(vec![steps]).port());
}

#[test]
fn trusts_an_authority_of_its_own() {
    let authority = Authority::new();
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("room");
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let address = format!("localhost:{}", server.port());
    let report = program().files(folder.path()).run(&["secure", &address]);
    assert_eq!(report.lines, [] as [&str; 0]);
}

#[test]
fn has_many_requests_under_way_at_once() {
    let server = Server::gathering(50);
    check("many", server.port());
}

#[test]
fn says_what_went_wrong() {
    check("errors", Port::closed().number());
}

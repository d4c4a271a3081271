//! One connection for several requests, and what becomes of it when the server closes it.

use harness::peer::{Peer, Step};
use harness::server::Server;

use super::run::recipe;
use super::{OK, at};

fn fetch(port: u16, method: &str, paths: &[&str]) -> String {
    let server = at(port);
    let arguments = [&["reuse", &server, method], paths].concat();
    recipe(&arguments).prints()
}

#[test]
fn several_requests_go_over_one_connection() {
    let server = Server::http();
    let printed = fetch(server.port(), "GET", &["/bytes/5", "/chunked/70000", "/"]);
    let expected = "/bytes/5: 5 bytes, will close: false\n\
        /chunked/70000: 70000 bytes, will close: false\n\
        /: 28 bytes, will close: false\n";
    assert_eq!(printed, expected);
    assert_eq!(server.connections(), 1);
}

#[test]
fn says_when_the_server_wants_to_close() {
    let last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    let first = Step::answers(&[last.as_bytes()]);
    let peer = Peer::script(vec![first, Step::answers(&[OK.as_bytes()])]);
    let printed = fetch(peer.port(), "GET", &["/a", "/b"]);
    let expected = "/a: 2 bytes, will close: true\n/b: 2 bytes, will close: false\n";
    assert_eq!(printed, expected);
    assert_eq!(peer.connections(), 2);
}

/// Answers one request, and closes where the next should be answered.
fn fickle() -> Vec<Step> {
    vec![
        Step::AwaitHead,
        Step::send(OK),
        Step::AwaitHead,
        Step::Close,
    ]
}

#[test]
fn a_connection_that_the_server_closed_is_replaced_unseen() {
    let peer = Peer::script(vec![fickle(), Step::answers(&[OK.as_bytes()])]);
    let printed = fetch(peer.port(), "GET", &["/a", "/b"]);
    let expected = "/a: 2 bytes, will close: false\n/b: 2 bytes, will close: false\n";
    assert_eq!(printed, expected);
    assert_eq!(peer.connections(), 2);
}

#[test]
fn a_request_that_may_not_be_sent_twice_is_not() {
    let peer = Peer::script(vec![fickle(), Step::answers(&[OK.as_bytes()])]);
    let printed = fetch(peer.port(), "POST", &["/a", "/b"]);
    let expected = "/a: 2 bytes, will close: false\n/b: no answer\n";
    assert_eq!(printed, expected);
    assert_eq!(peer.connections(), 1);
}

//! Streams that are sent, and what comes behind them.

use harness::peer::{Ending, Peer, Step};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};

use crate::calls;

#[test]
fn trailers_follow_the_stream() {
    let server = Server::http();
    let port = server.port().to_string();
    let lines = calls(&["trailers", "127.0.0.1", &port]);
    assert_eq!(lines[0], "3 bytes, x-sum: 7");
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_error_behind_the_stream_ends_the_request_with_that_error() {
    let next = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";
    let peer = Peer::script(vec![vec![Step::AwaitEnd], Step::answers(&[next])]);
    let port = peer.port().to_string();
    let lines = calls(&["broken", "127.0.0.1", &port]);
    assert_eq!(lines, ["the tape is torn", "200 next"]);
    assert_eq!(peer.ending(0), Ending::Done);
    // The body has no end: nobody takes it for a whole one.
    let received = String::from_utf8(peer.all_received(0)).expect("text");
    assert!(!received.contains("0\r\n\r\n"), "{received}");
}

#[test]
fn a_standard_error_that_takes_no_more_stops_nothing() {
    let server = Server::http();
    let port = server.port().to_string();
    let lines = calls(&["debug", "127.0.0.1", &port]);
    assert_eq!(lines[1..], ["200 Hello from the test server."; 2]);
}

#[test]
fn a_goodbye_that_nobody_takes_holds_up_nothing() {
    let refusal = "HTTP/1.1 413 Too Much\r\nContent-Length: 9\r\n\r\nsome";
    let next: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";
    let refuses = || vec![Step::AwaitHead, Step::send(refusal), Step::Hold];
    let scripts = (0..4).flat_map(|_| [refuses(), Step::answers(&[next])]);
    let tls = ServerTls::new(&Authority::new().issue(&["localhost"])).build();
    let peer = Peer::script_tls(tls, scripts.collect());
    let port = peer.port().to_string();
    let lines = calls(&["refused", "127.0.0.1", &port]);
    assert_eq!(lines, ["413", "200 next"].repeat(4));
}

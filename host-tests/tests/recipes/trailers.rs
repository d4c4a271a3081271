//! What goes and comes around the bodies.

use harness::peer::{Peer, Step};
use harness::server::{Server, pattern};

use super::at;
use super::run::recipe;

#[test]
fn interim_responses_and_trailers_are_printed_in_their_order() {
    let reply = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n\
        HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        5\r\nhello\r\n0\r\nX-Checksum: 7\r\nX-Took: 3 ms\r\n\r\n";
    let sent = "0\r\nX-Source: standard input\r\n\r\n";
    let steps = vec![Step::AwaitHead, Step::await_marker(sent), Step::send(reply)];
    let peer = Peer::script(vec![steps]);
    let run = recipe(&["trailers", &at(peer.port()), "/"]);
    let expected = "103 Early Hints\n  Link: </a.css>; rel=preload\n200 OK\nhello\n  \
        X-Checksum: 7\n  X-Took: 3 ms\n";
    assert_eq!(run.input("body").prints(), expected);
    let received = String::from_utf8(peer.received(0)).expect("ASCII");
    assert!(received.contains("\r\nTrailer: X-Source\r\n"), "{received}");
    assert!(received.contains("\r\n\r\n4\r\nbody\r\n"), "{received}");
}

#[test]
fn a_real_server_understands_the_trailer() {
    let server = Server::http();
    let run = recipe(&["trailers", &at(server.port()), "/count"]);
    let printed = run.input(pattern(100_000)).prints();
    let expected = "200 OK\n100000 bytes of the pattern\nx-source: standard input\n";
    assert_eq!(printed, expected);
}

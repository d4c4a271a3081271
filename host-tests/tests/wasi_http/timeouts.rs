//! The three timeouts of a request's options.

use std::time::{Duration, Instant};

use harness::peer::{Peer, Step};
use harness::server::Server;
use host_tests::programs::Program;

#[test]
fn the_first_byte_may_take_so_long() {
    let server = Server::streaming(None);
    let url = format!("http://{}/never", server.address());
    // A server that never answers: the time to connect, and between bytes, does not matter.
    let begin = Instant::now();
    let line = Program::provided()
        .run(&["first-byte", &url, "300"])
        .lines
        .remove(0);
    assert_eq!(line, "ErrorCode::ConnectionReadTimeout");
    assert!(begin.elapsed() > Duration::from_millis(300));
}

#[test]
fn the_next_bytes_may_take_so_long() {
    let server = Server::streaming(None);
    let url = format!("http://{}/stalled", server.address());
    let line = Program::provided()
        .run(&["between-bytes", &url, "300"])
        .lines
        .remove(0);
    assert_eq!(line, "ErrorCode::ConnectionReadTimeout");
}

#[test]
fn connecting_may_take_so_long_with_all_its_steps() {
    // It accepts, and does not shake hands.
    let peer = Peer::script(vec![vec![Step::Hold]]);
    let url = format!("https://localhost:{}/", peer.port());
    let line = Program::provided()
        .run(&["connect", &url, "300"])
        .lines
        .remove(0);
    assert_eq!(line, "ErrorCode::ConnectionTimeout");
}

#[test]
fn a_body_may_take_longer_than_its_pieces() {
    let mut steps = vec![
        Step::AwaitHead,
        Step::send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
    ];
    for _ in 0..5 {
        steps.push(Step::Pause(Duration::from_millis(200)));
        steps.push(Step::send(b"x"));
    }
    let peer = Peer::script(vec![steps]);
    let url = format!("http://{}/", peer.address());
    let lines = Program::provided()
        .run(&["between-bytes", &url, "600"])
        .lines;
    assert_eq!(lines, ["200 seen= length=5 received="]);
}

//! Calls that are under way at once.

use harness::peer::{Peer, Port, Step};
use harness::server::{GREETING, Server};

use crate::calls;

#[test]
fn a_hundred_exchanges_at_once() {
    // It answers none before all have come.
    let server = Server::gathering(100);
    let port = server.port().to_string();
    let lines = calls(&["many", "127.0.0.1", &port, "100"]);
    assert_eq!(lines, vec![format!("200 {}", GREETING.len()); 100]);
    assert_eq!(server.connections(), 100);
}

#[test]
fn a_second_call_on_the_same_connection_is_refused() {
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::Pause(std::time::Duration::from_millis(100)),
        Step::send("HTTP/1.1 204 No Content\r\n\r\n"),
    ]]);
    let port = peer.port().to_string();
    let lines = calls(&["twice", "127.0.0.1", &port]);
    assert_eq!(lines, ["204", "another call is under way"]);
}

#[test]
fn close_ends_what_is_under_way() {
    let head: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    let peer = Peer::script(vec![
        vec![Step::AwaitHead, Step::AwaitEnd],
        vec![Step::AwaitHead, Step::send(head), Step::AwaitEnd],
        Step::answers(&[b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"]),
    ]);
    let port = peer.port().to_string();
    let lines = calls(&["close", "127.0.0.1", &port]);
    assert_eq!(lines[2], "200 next");
    for line in &lines[..2] {
        assert!(line.starts_with("NotConnected"), "{lines:?}");
    }
}

#[test]
fn close_ends_a_connection_that_opens() {
    let port = Port::silent();
    let lines = calls(&["close-connecting", "127.0.0.1", &port.number().to_string()]);
    assert!(lines[0].starts_with("NotConnected"), "{lines:?}");
    assert_eq!(lines[1], "dropped");
    assert!(lines[2].starts_with("CannotSendRequest"), "{lines:?}");
}

#[test]
fn close_leaves_what_it_ends_to_its_own_task() {
    const COUNT: usize = 50;
    let next = Step::answers(&[b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"]);
    let scripts = (0..COUNT).flat_map(|_| [vec![Step::AwaitHead, Step::AwaitEnd], next.clone()]);
    let peer = Peer::script(scripts.collect());
    let port = peer.port().to_string();
    let lines = calls(&["close-beside", "127.0.0.1", &port, &COUNT.to_string()]);
    let both = ["NotConnected: the connection was closed", "200 next"];
    assert_eq!(lines, both.repeat(COUNT));
}

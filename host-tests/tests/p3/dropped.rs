//! Calls that are dropped while they wait, at each place where one can.

use std::time::Duration;

use harness::peer::{Ending, Peer, Step};

use crate::calls;

const NEXT: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext";

/// What came of dropping this call, where the first connection follows `steps`, and of the exchange after
/// it on a second one.
fn dropped(call: &str, steps: Vec<Step>) -> (Vec<String>, Peer) {
    let peer = Peer::script(vec![steps, Step::answers(&[NEXT])]);
    let port = peer.port().to_string();
    let lines = calls(&["drop", call, "127.0.0.1", &port]);
    (lines, peer)
}

#[test]
fn a_request_that_nobody_takes_closes_its_connection() {
    for call in ["request", "end-headers", "send"] {
        let (lines, peer) = dropped(
            call,
            vec![Step::AwaitHead, Step::AwaitSignal, Step::AwaitEnd],
        );
        assert_eq!(lines, ["dropped", "200 next"], "{call}");
        peer.signal();
        let received = peer.all_received(0).len();
        assert!(received < 64 << 20, "{call}: {received} bytes");
        assert_eq!(peer.connections(), 2, "{call}");
    }
}

#[test]
fn an_upgraded_connection_closes_in_its_own_task() {
    const COUNT: usize = 100;
    let switching =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhi";
    let upgrade = || vec![Step::AwaitHead, Step::send(switching), Step::AwaitEnd];
    let scripts = (0..COUNT).flat_map(|_| [upgrade(), Step::answers(&[NEXT])]);
    let peer = Peer::script(scripts.collect());
    let port = peer.port().to_string();
    let lines = calls(&["upgrades", "127.0.0.1", &port, &COUNT.to_string()]);
    assert_eq!(lines, ["200 next"; COUNT]);
}

#[test]
fn a_response_that_does_not_come_closes_its_connection() {
    let (lines, peer) = dropped("get-response", vec![Step::AwaitHead, Step::AwaitEnd]);
    assert_eq!(lines, ["dropped", "200 next"]);
    assert_eq!(peer.ending(0), Ending::Done);
    assert_eq!(peer.connections(), 2);
}

#[test]
fn a_call_on_a_connection_of_its_own_closes_that() {
    let (lines, peer) = dropped("one-call", vec![Step::AwaitHead, Step::AwaitEnd]);
    assert_eq!(lines, ["dropped", "200 next"]);
    assert_eq!(peer.ending(0), Ending::Done);
}

#[test]
fn a_connection_that_does_not_open_is_given_up() {
    let tunnel: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";
    let peer = Peer::script(vec![
        vec![Step::AwaitHead, Step::AwaitEnd],
        Step::answers(&[tunnel, NEXT]),
    ]);
    let port = peer.port().to_string();
    let lines = calls(&["drop", "connect", "127.0.0.1", &port]);
    assert_eq!(lines, ["dropped", "200 next"]);
    assert_eq!(peer.ending(0), Ending::Done);
}

#[test]
fn a_response_stays_readable_behind_a_dropped_request() {
    let steps = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe"),
        Step::AwaitHead,
        Step::send("llo"),
        Step::AwaitEnd,
    ];
    let peer = Peer::script(vec![steps, Step::answers(&[NEXT])]);
    let port = peer.port().to_string();
    let lines = calls(&["behind", "127.0.0.1", &port]);
    assert_eq!(lines, ["dropped", "hello", "200 next"]);
}

#[test]
fn what_a_dropped_read_had_received_is_there_for_the_next() {
    for call in ["read", "read-amount", "read1", "peek", "readline"] {
        let steps = vec![
            Step::AwaitHead,
            Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
            Step::Pause(Duration::from_millis(600)),
            Step::send("defghij"),
            Step::AwaitHead,
            Step::send(NEXT),
        ];
        let (lines, peer) = dropped(call, steps);
        let rest = match call {
            "read1" | "peek" => "defghij",
            _ => "abcdefghij",
        };
        assert_eq!(lines, ["dropped", rest, "200 next"], "{call}");
        assert_eq!(peer.connections(), 1, "{call}");
    }
}

#[test]
fn what_a_dropped_discard_took_is_gone() {
    let steps = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
        Step::Pause(Duration::from_millis(600)),
        Step::send("defghij"),
        Step::AwaitHead,
        Step::send(NEXT),
    ];
    let (lines, _peer) = dropped("discard", steps);
    assert_eq!(lines, ["dropped", "defghij", "200 next"]);
}

#[test]
fn a_body_whose_stream_is_dropped_closes_its_connection() {
    let steps = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
        Step::AwaitEnd,
    ];
    let (lines, peer) = dropped("consume-body", steps);
    assert_eq!(lines[0], "abc");
    assert!(lines[1].starts_with("NotConnected"), "{lines:?}");
    assert_eq!(lines[2], "200 next");
    assert_eq!(peer.connections(), 2);
}

//! A kept-alive connection that the server closes: when the request is repeated, and when not
//! (RFC 9110 §9.2.2).
//!
//! Each test goes through all methods, with a body of bytes, of a stream, and without one.

use harness::component::{Body, Error, Guest, HttpException, Result, bytes};
use harness::peer::{Ending, Peer, Step};

use crate::support::{OK, assert_ok, connect};

const METHODS: [&str; 8] = [
    "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "POST", "PATCH",
];

/// What a request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Nothing,
    Bytes,
    Stream,
}

impl Kind {
    fn body(self, guest: &Guest) -> Option<Body> {
        match self {
            Self::Nothing => None,
            Self::Bytes => bytes("abc"),
            Self::Stream => Some(guest.stream("abc")),
        }
    }

    /// Receives what a request carries to its end.
    fn awaited(self) -> Vec<Step> {
        let mut steps = vec![Step::AwaitHead];
        match self {
            Self::Nothing => {}
            Self::Bytes => steps.push(Step::AwaitBytes(3)),
            Self::Stream => steps.push(Step::await_marker("0\r\n\r\n")),
        }
        steps
    }
}

/// Whether a server may be asked this twice.
fn is_safe(method: &str, kind: Kind) -> bool {
    !matches!(method, "POST" | "PATCH") && kind != Kind::Stream
}

/// How a repeated request went.
struct Outcome {
    result: Result<u16>,
    /// How many connections brought it, the first included.
    connections: usize,
}

/// Sends the request over a connection that was used before and on which the server then follows
/// `steps`; the next ones follow `later`.
fn outcome(method: &str, kind: Kind, steps: Vec<Step>, later: Vec<Vec<Step>>) -> Outcome {
    let mut first = vec![Step::AwaitHead, Step::send(OK)];
    first.extend(steps);
    let guest = Guest::new();
    let peer = Peer::script([vec![first], later].concat());
    let connection = connect(&guest, &peer);
    assert_ok(&connection);
    let request = || {
        connection.request(method, "/again", kind.body(&guest), &[])?;
        let response = connection.get_response()?;
        response.read(None)?;
        Ok(response.status())
    };
    let result = request();
    Outcome {
        result,
        connections: peer.connections(),
    }
}

/// A server that answers one request of this kind.
fn answers(kind: Kind) -> Vec<Step> {
    // A reply that fits any method.
    let reply = Step::send("HTTP/1.1 204 No Content\r\n\r\n");
    [kind.awaited(), vec![reply]].concat()
}

fn each(test: impl Fn(&'static str, Kind)) {
    for method in METHODS {
        for kind in [Kind::Nothing, Kind::Bytes, Kind::Stream] {
            test(method, kind);
        }
    }
}

#[test]
fn a_connection_closed_while_idle_is_replaced_for_every_request() {
    each(|method, kind| {
        let guest = Guest::new();
        let first = vec![Step::AwaitHead, Step::send(OK), Step::Close];
        let peer = Peer::script(vec![first, answers(kind)]);
        let connection = connect(&guest, &peer);
        assert_ok(&connection);
        // Closed there, and seen here.
        assert_eq!(peer.ending(0), Ending::Done);
        connection.see();
        let body = kind.body(&guest);
        let sent = connection.request(method, "/again", body, &[]);
        sent.expect("a fresh connection");
        let response = connection.get_response().expect("an answer");
        assert_eq!(response.status(), 204, "{method} {kind:?}");
        assert_eq!(peer.connections(), 2);
    });
}

/// The server closes so once the request is there.
fn assert_repeats_what_is_safe(end: &Step) {
    each(|method, kind| {
        let steps = [kind.awaited(), vec![end.clone()]].concat();
        let outcome = outcome(method, kind, steps, vec![answers(kind)]);
        if is_safe(method, kind) {
            assert_eq!(outcome.result.ok(), Some(204), "{method} {kind:?}");
            assert_eq!(outcome.connections, 2, "{method} {kind:?}");
        } else {
            assert_gone(method, kind, outcome.result);
            assert_eq!(outcome.connections, 1, "{method} {kind:?}");
        }
    });
}

#[track_caller]
fn assert_gone(method: &str, kind: Kind, result: Result<u16>) {
    match result {
        Err(Error::Http(HttpException::RemoteDisconnected) | Error::Socket(_)) => {}
        other => panic!("{method} {kind:?}: {other:?}"),
    }
}

#[test]
fn a_request_that_was_not_answered_is_repeated_if_that_is_safe() {
    assert_repeats_what_is_safe(&Step::Close);
}

#[test]
fn a_request_that_was_answered_by_a_reset_is_repeated_if_that_is_safe() {
    assert_repeats_what_is_safe(&Step::Reset);
}

#[test]
fn a_request_is_repeated_once_only() {
    each(|method, kind| {
        let silent = [kind.awaited(), vec![Step::Close]].concat();
        let later = vec![silent.clone(), answers(kind)];
        let outcome = outcome(method, kind, silent, later);
        assert_gone(method, kind, outcome.result);
        let expected = if is_safe(method, kind) { 2 } else { 1 };
        assert_eq!(outcome.connections, expected, "{method} {kind:?}");
    });
}

#[test]
fn a_request_on_a_fresh_connection_is_not_repeated() {
    each(|method, kind| {
        let guest = Guest::new();
        let silent = [kind.awaited(), vec![Step::Close]].concat();
        let peer = Peer::script(vec![silent, answers(kind)]);
        let connection = connect(&guest, &peer);
        let sent = connection.request(method, "/", kind.body(&guest), &[]);
        let result = sent.and_then(|()| connection.get_response());
        assert_gone(method, kind, result.map(|response| response.status()));
        assert_eq!(peer.connections(), 1, "{method} {kind:?}");
    });
}

/// Asserts that nothing is repeated once this much of a reply has come.
fn assert_never_repeats(reply: &'static str) {
    each(|method, kind| {
        let steps = [kind.awaited(), vec![Step::send(reply), Step::Close]].concat();
        let outcome = outcome(method, kind, steps, vec![answers(kind)]);
        assert!(outcome.result.is_err(), "{method} {kind:?}");
        assert_eq!(outcome.connections, 1, "{method} {kind:?}");
    });
}

#[test]
fn nothing_is_repeated_after_one_byte_of_a_reply() {
    assert_never_repeats("H");
}

#[test]
fn nothing_is_repeated_after_half_a_head() {
    assert_never_repeats("HTTP/1.1 200 OK\r\nContent-Le");
}

#[test]
fn nothing_is_repeated_after_an_interim_response() {
    assert_never_repeats("HTTP/1.1 103 Early Hints\r\n\r\n");
}

#[test]
fn nothing_is_repeated_after_half_a_body() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel";
    for method in METHODS.into_iter().filter(|method| *method != "HEAD") {
        let steps = vec![Step::AwaitHead, Step::send(reply), Step::Close];
        let outcome = outcome(method, Kind::Nothing, steps, vec![answers(Kind::Nothing)]);
        let Err(Error::Http(HttpException::IncompleteRead(read))) = outcome.result else {
            panic!("{method}: {:?}", outcome.result);
        };
        assert_eq!(
            (read.partial.as_slice(), read.expected),
            (&b"hel"[..], Some(6))
        );
        assert_eq!(outcome.connections, 1, "{method}");
    }
}

#[test]
fn a_large_body_of_bytes_is_repeated_whole() -> Result<()> {
    const LARGE: usize = 8 << 20;
    let first = vec![
        Step::AwaitHead,
        Step::send(OK),
        Step::AwaitHead,
        Step::Reset,
    ];
    let second = vec![Step::AwaitHead, Step::AwaitBytes(LARGE), Step::send(OK)];
    let (guest, peer) = (Guest::new(), Peer::script(vec![first, second]));
    let connection = connect(&guest, &peer);
    assert_ok(&connection);
    let body = harness::server::pattern(LARGE);
    connection.request("PUT", "/", bytes(&body), &[])?;
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    connection.close();
    assert!(peer.all_received(1).ends_with(&body));
    Ok(())
}

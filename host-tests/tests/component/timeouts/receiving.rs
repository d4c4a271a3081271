//! A peer that answers slowly, or not to the end.

use std::time::{Duration, Instant};

use harness::component::{
    Connection, ConnectionOptions, Error, Guest, Phase, Response, Result, TlsOptions,
};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, ServerTls};

use super::{SHORT, after, assert_times_out, nanoseconds};
use crate::support::{OK, assert_recovers, failure, once};

/// A connection to a peer that answers so and is silent from then on.
fn silent_after(reply: &str) -> (Guest, Peer, Connection) {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitHead, Step::send(reply), Step::Hold]);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(SHORT)));
    (guest, peer, connection.expect("a valid address"))
}

#[test]
fn holds_before_the_head() -> Result<()> {
    let (guest, peer, connection) = silent_after("");
    connection.request("GET", "/", None, &[])?;
    assert_times_out(Phase::Receive, || connection.get_response());
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn holds_in_the_head() -> Result<()> {
    let (guest, peer, connection) = silent_after("HTTP/1.1 200 OK\r\nContent-");
    connection.request("GET", "/", None, &[])?;
    assert_times_out(Phase::Receive, || connection.get_response());
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn holds_after_an_interim_response() -> Result<()> {
    let (guest, peer, connection) = silent_after("HTTP/1.1 102 Processing\r\n\r\n");
    connection.request("GET", "/", None, &[])?;
    assert_times_out(Phase::Receive, || connection.get_response());
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

const CUT_BODIES: [&str; 3] = [
    "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nhello",
    "HTTP/1.1 200 OK\r\n\r\nhello",
];

/// Asserts that the read times out in a body of which `hello` came, however it is framed.
fn assert_holds<T>(read: impl Fn(&Response) -> Result<T>) {
    for reply in CUT_BODIES {
        let (guest, peer, connection) = silent_after(reply);
        let response = connection.fetch("GET", "/").expect("a head");
        assert_times_out(Phase::Receive, || read(&response));
        assert_recovers(&guest, &connection, &peer);
    }
}

#[test]
fn holds_in_the_body() {
    assert_holds(|response| response.read(None));
}

#[test]
fn holds_in_the_body_for_an_amount() {
    assert_holds(|response| response.read(Some(6)));
}

#[test]
fn holds_in_the_body_for_a_line() {
    assert_holds(|response| response.readline(None));
}

#[test]
fn holds_in_the_body_after_what_is_there() {
    assert_holds(|response| {
        assert_eq!(response.read1(None)?, b"hello");
        response.read1(None)
    });
}

#[test]
fn holds_over_tls() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let silent = vec![Step::AwaitHead, Step::send(CUT_BODIES[0]), Step::Hold];
    let peer = Peer::script_tls(config, vec![silent, Step::answers(&[OK])]);
    let context = guest.context_trusting(&authority.pem())?;
    let options = ConnectionOptions {
        timeout: Some(nanoseconds(SHORT)),
        ..ConnectionOptions::default()
    };
    let connection = guest.https(
        "127.0.0.1",
        peer.port(),
        Some(&options),
        Some(TlsOptions::with(&context)),
    )?;
    let response = connection.fetch("GET", "/")?;
    assert_times_out(Phase::Receive, || response.read(None));
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn keeps_what_came_for_further_reads_which_say_the_same_again() -> Result<()> {
    for reply in CUT_BODIES {
        let (guest, peer, connection) = silent_after(reply);
        let response = connection.fetch("GET", "/")?;
        let timed_out = Error::TimedOut(Phase::Receive);
        assert_eq!(failure(response.read(None)), timed_out);
        assert_eq!(response.peek(1)?.first(), Some(&b'h'));
        assert_eq!(response.read(Some(2))?, b"he");
        assert_eq!(failure(response.readline(None)), timed_out);
        assert_eq!(response.read(Some(3))?, b"llo");
        assert_eq!(failure(response.read(Some(1))), timed_out);
        assert_eq!(failure(response.read(None)), timed_out);
        assert!(!response.is_closed());
        assert_recovers(&guest, &connection, &peer);
    }
    Ok(())
}

#[test]
fn begins_anew_with_every_byte_that_comes() -> Result<()> {
    let guest = Guest::new();
    let reply = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n";
    let bytes = [&reply[..15], &reply[15..], b"d", b"r", b"i", b"p"];
    let pieces = bytes.iter().map(|piece| piece.to_vec()).collect();
    let drip = Step::Send(pieces, Duration::from_millis(90));
    let peer = Peer::script(vec![vec![Step::AwaitHead, drip]]);
    let timeout = SHORT * 4;
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(timeout)))?;
    let begin = Instant::now();
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"drip");
    assert!(begin.elapsed() >= timeout);
    guest.assert_works();
    Ok(())
}

//! `Expect: 100-continue`: the body waits for the server's word.

use std::time::{Duration, Instant};

use harness::component::{Body, Connection, Error, Guest, Result, bytes, is_asynchronous};
use harness::peer::{Ending, Peer, Step};
use harness::server::Server;

use crate::support::{
    OK, again, assert_ok, connect, nanoseconds, nonblocking, patiently, received,
};

const EXPECT: (&str, &str) = ("Expect", "100-continue");
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

/// Longer than any test.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(100);

/// A connection that waits so long for 100, which never waits otherwise if it is not `blocking`.
fn patient(guest: &Guest, port: u16, wait: Duration, blocking: bool) -> Connection {
    let options = (!blocking).then(nonblocking);
    let connection = guest.http("127.0.0.1", port, options.as_ref());
    let connection = connection.expect("a valid address");
    connection.set_continue_timeout(nanoseconds(wait));
    connection
}

/// The status of a PUT with this body, sent with or without blocking.
fn put(connection: &Connection, body: &Body) -> Result<u16> {
    let request = || connection.request("PUT", "/", Some(again(body)), &[EXPECT]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    patiently(|| response.subscribe(), || response.read(None))?;
    Ok(response.status())
}

fn each(test: impl Fn(&Guest, bool, Body)) {
    for blocking in [true, false] {
        if !blocking && is_asynchronous() {
            continue;
        }
        let guest = Guest::new();
        test(&guest, blocking, bytes("abc").expect("a body"));
        test(&guest, blocking, guest.stream("abc"));
    }
}

#[test]
fn the_body_follows_100() {
    each(|guest, blocking, body| {
        let peer = Peer::script(vec![vec![
            Step::AwaitHead,
            Step::Pause(SHORT / 2),
            Step::send(CONTINUE),
            Step::await_marker("abc"),
            Step::send(OK),
        ]]);
        let connection = patient(guest, peer.port(), LONG, blocking);
        assert_eq!(put(&connection, &body).ok(), Some(200));
        // The head came alone.
        let head = received_head(&peer);
        assert_eq!(peer.pieces(0)[0], head);
        drop(connection);
        assert_eq!(peer.ending(0), Ending::Done);
    });
}

fn received_head(peer: &Peer) -> usize {
    let received = String::from_utf8(peer.received(0)).expect("ASCII");
    received.find("\r\n\r\n").expect("a head") + 4
}

#[test]
fn the_body_goes_all_the_same_after_a_while() {
    each(|guest, blocking, body| {
        let peer = Peer::script(vec![vec![
            Step::AwaitHead,
            Step::await_marker("abc"),
            Step::send(OK),
        ]]);
        let connection = patient(guest, peer.port(), SHORT, blocking);
        let begin = Instant::now();
        assert_eq!(put(&connection, &body).ok(), Some(200));
        assert!(begin.elapsed() >= SHORT);
        assert_eq!(peer.pieces(0)[0], received_head(&peer));
    });
}

#[test]
fn the_wait_is_a_second_where_none_is_set() -> Result<()> {
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::await_marker("abc"),
        Step::send(OK),
    ]]);
    let connection = connect(&Guest::new(), &peer);
    let begin = Instant::now();
    assert_eq!(put(&connection, &bytes("abc").expect("a body"))?, 200);
    assert!(begin.elapsed() >= Duration::from_secs(1));
    Ok(())
}

#[test]
fn each_exchange_waits_as_was_last_set_before_it() -> Result<()> {
    let steps = [Step::AwaitHead, Step::await_marker("abc"), Step::send(OK)];
    let peer = Peer::script(vec![[steps.clone(), steps].concat()]);
    let guest = Guest::new();
    let connection = patient(&guest, peer.port(), SHORT, false);
    let body = bytes("abc").expect("a body");
    let request = || connection.request("PUT", "/", Some(again(&body)), &[EXPECT]);
    assert_eq!(request(), Err(Error::WouldBlock));
    // Not this exchange, which has begun.
    connection.set_continue_timeout(nanoseconds(LONG));
    assert_eq!(put(&connection, &body)?, 200);
    connection.set_continue_timeout(0);
    assert_eq!(put(&connection, &body)?, 200);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn a_100_that_comes_late_is_skipped() -> Result<()> {
    let guest = Guest::new();
    let late = format!("{CONTINUE}{}", String::from_utf8_lossy(OK));
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::await_marker("abc"),
        Step::send(late),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    let connection = patient(&guest, peer.port(), SHORT, true);
    assert_eq!(put(&connection, &bytes("abc").expect("a body"))?, 200);
    assert_ok(&connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

/// Asserts that a refusal is the response, that the body stays here, and that the connection is over.
fn assert_refused(status: u16) {
    each(|guest, blocking, body| {
        let refusal = format!("HTTP/1.1 {status} No\r\nContent-Length: 3\r\n\r\nno!");
        let first = vec![Step::AwaitHead, Step::send(refusal), Step::AwaitEnd];
        let peer = Peer::script(vec![first, Step::answers(&[OK])]);
        let connection = patient(guest, peer.port(), LONG, blocking);
        let request = || connection.request("PUT", "/", Some(again(&body)), &[EXPECT]);
        patiently(|| connection.subscribe(), request).expect("a refusal is a response");
        let response = patiently(|| connection.subscribe(), || connection.get_response());
        let response = response.expect("the refusal");
        assert_eq!(response.status(), status);
        let text = patiently(|| response.subscribe(), || response.read(None));
        assert_eq!(text.expect("its body"), b"no!");
        let received = received(&peer, 0);
        assert!(received.ends_with("\r\n\r\n"), "{received}");
        assert_eq!(put_without(&connection).ok(), Some(200));
        assert_eq!(peer.connections(), 2);
    });
}

fn put_without(connection: &Connection) -> Result<u16> {
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    Ok(response.status())
}

#[test]
fn the_body_stays_here_after_417() {
    assert_refused(417);
}

#[test]
fn the_body_stays_here_after_401() {
    assert_refused(401);
}

#[test]
fn the_body_stays_here_after_a_redirection() {
    assert_refused(307);
}

#[test]
fn a_real_server_asks_for_the_body() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = patient(&guest, server.port(), LONG, true);
    let body = Some(guest.stream(harness::server::pattern(1 << 20)));
    connection.request("PUT", "/count", body, &[EXPECT])?;
    let response = connection.get_response()?;
    assert_eq!(response.read(None)?, b"1048576 bytes of the pattern");
    Ok(())
}

#[test]
fn send_waits_for_100_too() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(CONTINUE),
        Step::await_marker("abc"),
        Step::send(OK),
    ]]);
    let connection = patient(&guest, peer.port(), LONG, true);
    connection.put_request("PUT", "/")?;
    connection.put_header("Content-Length", &["3"])?;
    connection.put_header("Expect", &["100-continue"])?;
    connection.end_headers(None)?;
    connection.send(bytes("abc").expect("a body"))?;
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    Ok(())
}

#[test]
fn a_server_that_goes_instead_has_disconnected() -> Result<()> {
    let guest = Guest::new();
    let first = vec![Step::AwaitHead, Step::Close];
    let peer = Peer::script(vec![first, Step::answers(&[OK])]);
    let connection = patient(&guest, peer.port(), LONG, true);
    let body = bytes("abc").expect("a body");
    assert!(put(&connection, &body).is_err());
    assert_ok(&connection);
    Ok(())
}

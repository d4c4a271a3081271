//! Servers that answer before they have the whole request.

use std::time::{Duration, Instant};

use harness::component::{Body, Error, Guest, Result, TlsOptions, bytes};
use harness::peer::{Peer, Step};
use harness::server::pattern;
use harness::tls::{Authority, ServerTls};

use crate::support::{OK, again, assert_ok, connect, failure, nonblocking, patiently};

/// More than all buffers on the way hold.
const LARGE: usize = 32 << 20;

const TOO_LARGE: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 8\r\n\r\ntoo much";

fn bodies(guest: &Guest) -> [Body; 2] {
    [
        bytes(vec![7; LARGE]).expect("a body"),
        guest.stream(vec![7; LARGE]),
    ]
}

/// Asserts that the refusal is read while a large body is being sent, whatever the server does next.
fn assert_reads_refusal(then: Vec<Step>) -> Result<()> {
    let guest = Guest::new();
    for body in bodies(&guest) {
        let mut first = vec![Step::AwaitHead, Step::send(TOO_LARGE)];
        first.extend(then.clone());
        let peer = Peer::script(vec![first, Step::answers(&[OK])]);
        let connection = connect(&guest, &peer);
        connection.request("PUT", "/", Some(body), &[])?;
        let response = connection.get_response()?;
        assert_eq!(response.status(), 413);
        assert_eq!(response.read(None)?, b"too much");
        assert!(response.will_close());
        assert_ok(&connection);
        assert_eq!(peer.connections(), 2);
    }
    Ok(())
}

#[test]
fn a_refusal_by_a_server_that_stops_reading_is_read() -> Result<()> {
    assert_reads_refusal(vec![Step::Hold])
}

#[test]
fn a_refusal_by_a_server_that_ends_its_side_is_read() -> Result<()> {
    assert_reads_refusal(vec![Step::HalfClose, Step::Hold])
}

#[test]
fn a_refusal_by_a_server_that_closes_is_read() -> Result<()> {
    assert_reads_refusal(vec![Step::Pause(Duration::from_millis(50)), Step::Close])
}

#[test]
fn a_refusal_by_a_server_that_resets_is_read() -> Result<()> {
    assert_reads_refusal(vec![Step::Pause(Duration::from_millis(50)), Step::Reset])
}

#[test]
fn a_refusal_by_a_server_that_goes_on_reading_is_read() -> Result<()> {
    let guest = Guest::new();
    for body in bodies(&guest) {
        let steps = vec![Step::AwaitHead, Step::send(TOO_LARGE), Step::AwaitEnd];
        let peer = Peer::script(vec![steps]);
        let connection = connect(&guest, &peer);
        connection.request("PUT", "/", Some(body), &[])?;
        let response = connection.get_response()?;
        assert_eq!(response.status(), 413);
        assert_eq!(response.read(None)?, b"too much");
    }
    Ok(())
}

#[test]
fn a_stream_ends_early_where_a_server_has_refused_it_and_reads_on() -> Result<()> {
    let guest = Guest::new();
    let steps = vec![Step::AwaitHead, Step::send(TOO_LARGE), Step::AwaitEnd];
    let peer = Peer::script(vec![steps]);
    let connection = connect(&guest, &peer);
    let body = guest.stream(vec![7; 4 * LARGE]);
    connection.request("PUT", "/", Some(body), &[])?;
    let response = connection.get_response()?;
    assert_eq!(response.status(), 413);
    assert_eq!(response.read(None)?, b"too much");
    let received = peer.all_received(0).len();
    assert!(received < LARGE, "{received} bytes were sent");
    Ok(())
}

#[test]
fn a_refusal_that_comes_late_is_read_without_blocking() -> Result<()> {
    let guest = Guest::new();
    for body in bodies(&guest) {
        let refusal = Step::send(TOO_LARGE);
        let first = vec![Step::AwaitHead, Step::AwaitSignal, refusal, Step::Hold];
        let peer = Peer::script(vec![first]);
        let connection = guest.http("127.0.0.1", peer.port(), Some(&nonblocking()))?;
        let request = || connection.request("PUT", "/", Some(again(&body)), &[]);
        // Until nothing more fits.
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_millis(300) {
            assert_eq!(failure(request()), Error::WouldBlock);
            connection.subscribe().block();
        }
        peer.signal();
        patiently(|| connection.subscribe(), request)?;
        let response = patiently(|| connection.subscribe(), || connection.get_response())?;
        assert_eq!(response.status(), 413);
    }
    Ok(())
}

#[test]
fn a_refusal_is_read_without_blocking() -> Result<()> {
    let guest = Guest::new();
    for body in bodies(&guest) {
        let first = vec![Step::AwaitHead, Step::send(TOO_LARGE), Step::Hold];
        let peer = Peer::script(vec![first]);
        let connection = guest.http("127.0.0.1", peer.port(), Some(&nonblocking()))?;
        let request = || connection.request("PUT", "/", Some(again(&body)), &[]);
        patiently(|| connection.subscribe(), request)?;
        let response = patiently(|| connection.subscribe(), || connection.get_response())?;
        assert_eq!(response.status(), 413);
    }
    Ok(())
}

#[test]
fn a_refusal_over_tls_is_read() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    for body in bodies(&guest) {
        let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
        let first = vec![Step::AwaitHead, Step::send(TOO_LARGE), Step::Hold];
        let peer = Peer::script_tls(config, vec![first]);
        let tls = TlsOptions::with(&context);
        let connection = guest.https("127.0.0.1", peer.port(), None, Some(tls))?;
        connection.request("PUT", "/", Some(body), &[])?;
        let response = connection.get_response()?;
        assert_eq!(response.status(), 413);
        assert_eq!(response.read(None)?, b"too much");
    }
    Ok(())
}

#[test]
fn what_send_brings_after_a_refusal_is_not_sent() -> Result<()> {
    let guest = Guest::new();
    let first = vec![Step::AwaitHead, Step::send(TOO_LARGE), Step::Hold];
    let peer = Peer::script(vec![first]);
    let connection = connect(&guest, &peer);
    connection.set_encode_chunked(true);
    connection.put_request("PUT", "/")?;
    connection.put_header("Transfer-Encoding", &["chunked"])?;
    connection.end_headers(None)?;
    for _ in 0..64 {
        connection.send(bytes(vec![7; 1 << 20]).expect("a body"))?;
    }
    assert_eq!(connection.get_response()?.status(), 413);
    Ok(())
}

#[test]
fn a_server_that_answers_200_and_goes_on_reading_gets_the_whole_body() -> Result<()> {
    let guest = Guest::new();
    for body in [
        bytes(pattern(LARGE)).expect("a body"),
        guest.stream(pattern(LARGE)),
    ] {
        // Chunks have heads of their own.
        let peer = Peer::script(vec![vec![
            Step::AwaitHead,
            Step::send(OK),
            Step::Pause(Duration::from_millis(50)),
            Step::AwaitBytes(LARGE),
            Step::Pause(Duration::from_millis(50)),
            Step::await_marker("GET / HTTP/1.1\r\n"),
            Step::send(OK),
        ]]);
        let connection = connect(&guest, &peer);
        connection.request("PUT", "/", Some(body), &[])?;
        let response = connection.get_response()?;
        assert_eq!(
            (response.status(), response.read(None)?),
            (200, b"ok".to_vec())
        );
        assert_ok(&connection);
        assert_eq!(peer.connections(), 1);
    }
    Ok(())
}

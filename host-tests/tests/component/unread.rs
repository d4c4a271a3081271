//! A request that fails, or is repeated, while the response before it is unread.

use harness::component::{
    Connection, ConnectionOptions, Error, Guest, Phase, Response, Result, SocketError, bytes,
};
use harness::peer::{Ending, Peer, Step};

use super::exchange::{NO_CONTENT, PLAIN_GET, assert_matches, received};
use super::sequence::assert_idle;

/// A response of which `hello` has come, on a connection whose peer then does what `then` says.
/// Further sockets are answered.
fn half_read(guest: &Guest, then: Vec<Step>) -> Result<(Connection, Response, Peer)> {
    let reply = Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    let first = [vec![Step::AwaitHead, reply], then].concat();
    let peer = Peer::script(vec![first, Step::answers(&[NO_CONTENT])]);
    let options = ConnectionOptions {
        timeout: Some(2_000_000_000),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    let response = connection.fetch("GET", "/first")?;
    Ok((connection, response, peer))
}

/// More than any socket holds.
const LARGE: usize = 32 << 20;

#[test]
fn a_request_that_is_reset_takes_nothing_from_the_response_before_it() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::send("world"), Step::Reset];
    let (connection, first, peer) = half_read(&guest, then)?;
    assert_eq!(first.read(Some(5))?, b"hello");
    assert_eq!(peer.ending(0), Ending::Done);
    let failure = connection.request("POST", "/second", bytes(vec![0; LARGE]), &[]);
    assert_matches!(
        failure,
        Err(Error::Socket(SocketError {
            phase: Phase::Send,
            ..
        }))
    );
    assert_idle(&connection, &peer)?;
    assert_eq!(first.read(None)?, b"world");
    Ok(())
}

#[test]
fn a_request_that_times_out_takes_nothing_from_the_response_before_it() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::AwaitSignal, Step::send("world"), Step::Hold];
    let (connection, first, peer) = half_read(&guest, then)?;
    let failure = connection.request("POST", "/second", bytes(vec![0; LARGE]), &[]);
    assert_eq!(failure, Err(Error::TimedOut(Phase::Send)));
    peer.signal();
    assert_eq!(first.read(None)?, b"helloworld");
    assert_idle(&connection, &peer)
}

#[test]
fn a_body_that_is_too_short_takes_nothing_from_the_response_before_it() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::send("world"), Step::AwaitEnd];
    let (connection, first, peer) = half_read(&guest, then)?;
    let length = [("Content-Length", "9")];
    let failure = connection.request("PUT", "/second", Some(guest.stream("short")), &length);
    assert_matches!(failure, Err(Error::Value(_)));
    assert_eq!(first.read(None)?, b"helloworld");
    assert_idle(&connection, &peer)?;
    // The stream went with the response.
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn a_get_behind_an_unread_response_is_repeated_where_the_socket_is_closed() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::AwaitHead, Step::send("world"), Step::Reset];
    let (connection, first, peer) = half_read(&guest, then)?;
    connection.request("GET", "/", None, &[])?;
    assert_eq!(peer.ending(0), Ending::Done);
    assert_eq!(first.read(None)?, b"helloworld");
    assert_eq!(connection.get_response()?.status(), 204);
    connection.close();
    assert_eq!(received(&peer, 1), PLAIN_GET);
    Ok(())
}

#[test]
fn a_body_behind_an_unread_response_waits_for_no_word_of_the_server() -> Result<()> {
    let guest = Guest::new();
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    let rest = [b"world", &interim[..], NO_CONTENT].concat();
    let then = vec![Step::await_marker("contents"), Step::send(rest)];
    let (connection, first, _peer) = half_read(&guest, then)?;
    let expect = [("Expect", "100-continue")];
    connection.request("PUT", "/second", bytes("contents"), &expect)?;
    assert_eq!(first.read(None)?, b"helloworld");
    let second = connection.get_response()?;
    assert_eq!(second.status(), 204);
    assert_eq!(second.interim_responses().len(), 1);
    Ok(())
}

//! The states of a connection: in each, what every method answers, and that a refused call changes
//! nothing.
//!
//! | | idle | request-started | request-sent |
//! |---|---|---|---|
//! | `request`, `put-request` | sends, begins | cannot-send-request | cannot-send-request |
//! | `put-header`, `end-headers` | cannot-send-header | add, send | cannot-send-header |
//! | `send` | cannot-send-request | cannot-send-request | sends what is announced |
//! | `get-response` | response-not-ready | response-not-ready | waits |
//!
//! A response with unread body makes `get-response` response-not-ready, and changes nothing else.

use harness::component::{
    Connection, ConnectionState, Error, Guest, Result, bytes, is_asynchronous,
};
use harness::peer::{Peer, Step};

use super::exchange::{
    HELLO, NO_CONTENT, PLAIN_GET, assert_matches, cannot_send_header, cannot_send_request, connect,
    received, response_not_ready,
};

use ConnectionState::{Idle, RequestSent, RequestStarted};

/// Asserts that `call` is refused so by an idle connection, which then works.
fn refused_when_idle(call: impl FnOnce(&Connection) -> Error, expected: &Error) -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    assert_eq!(&call(&connection), expected);
    connection.fetch("GET", "/")?;
    connection.close();
    assert_eq!(received(&peer, 0), PLAIN_GET);
    Ok(())
}

/// A request of which only `end-headers` is missing.
fn start(connection: &Connection) -> Result<()> {
    connection.put_request("PUT", "/")?;
    connection.put_header("Content-Length", &["2"])
}

/// What a peer receives when the request of [`start`] is sent with the body `hi`.
const STARTED: &str = "PUT / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\n\
    Content-Length: 2\r\n\r\nhi";

/// Asserts that `call` is refused so once a request was started, and that this goes on unchanged.
fn refused_when_started(call: impl FnOnce(&Connection) -> Error, expected: &Error) -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    assert_eq!(&call(&connection), expected);
    connection.end_headers(bytes("hi"))?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

/// Asserts that `call` is refused so once a head was sent, and that the body goes on unchanged.
fn refused_when_sent(call: impl FnOnce(&Connection) -> Error, expected: &Error) -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.end_headers(None)?;
    assert_eq!(&call(&connection), expected);
    connection.send(bytes("hi").expect("a body"))?;
    assert_eq!(connection.get_response()?.status(), 204);
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

fn request(connection: &Connection) -> Error {
    let headers = [("X-Refused", "yes")];
    let refused = connection.request("GET", "/refused", bytes("refused"), &headers);
    refused.expect_err("it is out of order")
}

fn put_request(connection: &Connection) -> Error {
    let refused = connection.put_request("GET", "/refused");
    refused.expect_err("it is out of order")
}

fn put_header(connection: &Connection) -> Error {
    let refused = connection.put_header("X-Refused", &["yes"]);
    refused.expect_err("it is out of order")
}

fn end_headers(connection: &Connection) -> Error {
    let refused = connection.end_headers(bytes("refused"));
    refused.expect_err("it is out of order")
}

fn send(connection: &Connection) -> Error {
    let refused = connection.send(bytes("refused").expect("a body"));
    refused.expect_err("it is out of order")
}

fn get_response(connection: &Connection) -> Error {
    let refused = connection.get_response();
    refused.err().expect("it is out of order")
}

#[test]
fn idle_refuses_put_header() -> Result<()> {
    refused_when_idle(put_header, &cannot_send_header(Idle))
}

#[test]
fn idle_refuses_end_headers() -> Result<()> {
    refused_when_idle(end_headers, &cannot_send_header(Idle))
}

#[test]
fn idle_refuses_send() -> Result<()> {
    refused_when_idle(send, &cannot_send_request(Idle))
}

#[test]
fn idle_refuses_get_response() -> Result<()> {
    refused_when_idle(get_response, &response_not_ready(Idle))
}

#[test]
fn request_started_refuses_request() -> Result<()> {
    refused_when_started(request, &cannot_send_request(RequestStarted))
}

#[test]
fn request_started_refuses_put_request() -> Result<()> {
    refused_when_started(put_request, &cannot_send_request(RequestStarted))
}

#[test]
fn request_started_refuses_send() -> Result<()> {
    refused_when_started(send, &cannot_send_request(RequestStarted))
}

#[test]
fn request_started_refuses_get_response() -> Result<()> {
    refused_when_started(get_response, &response_not_ready(RequestStarted))
}

#[test]
fn request_sent_refuses_request() -> Result<()> {
    refused_when_sent(request, &cannot_send_request(RequestSent))
}

#[test]
fn request_sent_refuses_put_request() -> Result<()> {
    refused_when_sent(put_request, &cannot_send_request(RequestSent))
}

#[test]
fn request_sent_refuses_put_header() -> Result<()> {
    refused_when_sent(put_header, &cannot_send_header(RequestSent))
}

#[test]
fn request_sent_refuses_end_headers() -> Result<()> {
    refused_when_sent(end_headers, &cannot_send_header(RequestSent))
}

#[test]
fn request_sent_refuses_get_response_before_the_announced_length() -> Result<()> {
    refused_when_sent(get_response, &response_not_ready(RequestSent))
}

#[test]
fn request_sent_refuses_to_send_more_than_announced() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.end_headers(None)?;
    connection.send(bytes("h").expect("a body"))?;
    assert_matches!(send(&connection), Error::Value(_));
    connection.send(bytes("i").expect("a body"))?;
    assert_matches!(send(&connection), Error::Value(_));
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

#[test]
fn request_sent_refuses_a_body_that_was_not_announced() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.put_request("GET", "/")?;
    connection.end_headers(None)?;
    assert_matches!(send(&connection), Error::Value(_));
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), PLAIN_GET);
    Ok(())
}

#[test]
fn request_sent_refuses_a_file_that_is_longer_than_announced() -> Result<()> {
    let file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
    std::fs::write(file.path(), "hello").expect("it can be written");
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.end_headers(None)?;
    let sent = connection.send(guest.file(file.path()));
    assert_matches!(sent, Err(Error::Value(_)));
    connection.send(bytes("hi").expect("a body"))?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

#[test]
fn a_request_with_a_body_to_come_waits_for_it() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    connection.request("PUT", "/", None, &[("Content-Length", "2")])?;
    assert_eq!(get_response(&connection), response_not_ready(RequestSent));
    connection.send(bytes("hi").expect("a body"))?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

#[test]
fn send_brings_the_rest_of_what_end_headers_began() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.end_headers(bytes("h"))?;
    connection.send(guest.stream("i"))?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

/// Calls the methods that every state allows.
fn call_the_others(connection: &Connection) -> Result<()> {
    connection.set_debuglevel(0);
    connection.set_encode_chunked(false);
    assert!(connection.tls_session().is_none());
    assert!(connection.get_proxy_response_headers().is_none());
    if !is_asynchronous() {
        drop(connection.subscribe());
    }
    connection.connect()?;
    let tunnel = connection.set_tunnel("origin.example", 80, &[]);
    assert_matches!(tunnel, Err(Error::Value(_)));
    Ok(())
}

#[test]
fn idle_allows_the_other_methods() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    call_the_others(&connection)?;
    connection.fetch("GET", "/")?;
    connection.close();
    assert_eq!(received(&peer, 0), PLAIN_GET);
    Ok(())
}

#[test]
fn request_started_allows_the_other_methods() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    call_the_others(&connection)?;
    connection.end_headers(bytes("hi"))?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    Ok(())
}

#[test]
fn request_sent_allows_the_other_methods() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.end_headers(None)?;
    call_the_others(&connection)?;
    connection.send(bytes("hi").expect("a body"))?;
    connection.get_response()?;
    connection.close();
    assert_eq!(received(&peer, 0), STARTED);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn an_unread_response_allows_the_other_methods() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[HELLO, NO_CONTENT]));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    call_the_others(&connection)?;
    assert_eq!(response.read(None)?, b"hello");
    connection.fetch("GET", "/")?;
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn close_leads_from_request_started_to_idle() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.close();
    refused_after_close(&connection, &peer)
}

#[test]
fn close_leads_from_request_sent_to_idle() -> Result<()> {
    let script = vec![vec![Step::AwaitHead], Step::answers(&[NO_CONTENT])];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    start(&connection)?;
    connection.end_headers(None)?;
    connection.close();
    refused_after_close(&connection, &peer)
}

/// Asserts that the connection is idle.
fn refused_after_close(connection: &Connection, peer: &Peer) -> Result<()> {
    assert_eq!(put_header(connection), cannot_send_header(Idle));
    assert_eq!(get_response(connection), response_not_ready(Idle));
    connection.fetch("GET", "/")?;
    connection.close();
    assert_eq!(received(peer, peer.connections() - 1), PLAIN_GET);
    Ok(())
}

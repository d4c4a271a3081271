//! What becomes of the connection after a response: when it stays open, and what ends it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use harness::LIMIT;
use harness::component::{Guest, Result};
use harness::peer::{Ending, Peer, Step};

use super::exchange::{HELLO, answered, connect, scripted_answer};

/// Asserts that a whole response of this version with this header says so of the connection, and
/// that the next request goes accordingly.
fn assert_kept(kept: bool, version: &str, header: &str) -> Result<()> {
    let reply = format!("HTTP/{version} 200 OK\r\n{header}Content-Length: 5\r\n\r\nhello");
    let script = vec![
        Step::answers(&[reply.as_bytes(), HELLO]),
        Step::answers(&[HELLO]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.will_close(), !kept);
    assert_eq!(response.read(None)?, b"hello");
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.connections(), if kept { 1 } else { 2 });
    Ok(())
}

#[test]
fn http_1_1_stays_open() -> Result<()> {
    assert_kept(true, "1.1", "")
}

#[test]
fn http_1_1_with_close_closes() -> Result<()> {
    assert_kept(false, "1.1", "Connection: close\r\n")
}

#[test]
fn http_1_1_with_close_in_any_case_closes() -> Result<()> {
    assert_kept(false, "1.1", "cOnnection: CLOSE\r\n")
}

#[test]
fn http_1_1_with_close_in_a_list_closes() -> Result<()> {
    assert_kept(false, "1.1", "Connection: upgrade, close ,x\r\n")
}

#[test]
fn http_1_1_with_close_in_a_later_line_closes() -> Result<()> {
    assert_kept(
        false,
        "1.1",
        "Connection: keep-alive\r\nConnection: close\r\n",
    )
}

#[test]
fn http_1_1_with_a_token_like_close_stays_open() -> Result<()> {
    assert_kept(true, "1.1", "Connection: closed\r\n")
}

#[test]
fn http_1_0_closes() -> Result<()> {
    assert_kept(false, "1.0", "")
}

#[test]
fn http_1_0_with_keep_alive_stays_open() -> Result<()> {
    assert_kept(true, "1.0", "Connection: Keep-Alive\r\n")
}

#[test]
fn http_1_0_with_keep_alive_and_close_closes() -> Result<()> {
    assert_kept(false, "1.0", "Connection: keep-alive, close\r\n")
}

#[test]
fn http_1_0_with_the_keep_alive_header_alone_closes() -> Result<()> {
    assert_kept(false, "1.0", "Keep-Alive: timeout=5\r\n")
}

/// Asserts that a request with this header ends its connection, whatever the server says.
fn assert_request_closes(name: &str, value: &str) -> Result<()> {
    let (guest, peer) = (Guest::new(), then_hello(HELLO));
    let connection = connect(&guest, &peer);
    connection.request("GET", "/", None, &[(name, value)])?;
    let response = connection.get_response()?;
    assert!(response.will_close());
    response.read(None)?;
    assert_eq!(peer.ending(0), Ending::Done);
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    Ok(())
}

#[test]
fn a_request_with_close_closes() -> Result<()> {
    assert_request_closes("Connection", "close")
}

#[test]
fn a_request_with_close_in_a_list_closes() -> Result<()> {
    assert_request_closes("connection", "upgrade, Close")
}

/// A peer that answers one socket with `first` and keeps it open, and the next with [`HELLO`].
fn then_hello(first: impl AsRef<[u8]>) -> Peer {
    Peer::script(vec![
        vec![Step::AwaitHead, Step::send(first), Step::AwaitEnd],
        Step::answers(&[HELLO]),
    ])
}

/// Asserts that this first response ends its connection, and that the next is not taken from it.
fn assert_ends(method: &str, first: &str) -> Result<()> {
    let (guest, peer) = (Guest::new(), then_hello(first));
    let connection = connect(&guest, &peer);
    connection.fetch(method, "/")?.read(None)?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.ending(0), Ending::Done);
    assert_eq!(peer.connections(), 2);
    Ok(())
}

#[test]
fn chunks_keep_the_connection() -> Result<()> {
    let chunks =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: x\r\n\r\n";
    let (guest, peer) = (Guest::new(), Peer::replies(&[chunks, HELLO]));
    let connection = connect(&guest, &peer);
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"abc");
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn transfer_encoding_with_content_length_closes() -> Result<()> {
    let framing = "Transfer-Encoding: chunked\r\nContent-Length: 3";
    assert_ends(
        "GET",
        &format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
    )
}

#[test]
fn transfer_encoding_in_http_1_0_closes() -> Result<()> {
    let framing = "Transfer-Encoding: chunked\r\nConnection: keep-alive";
    assert_ends(
        "GET",
        &format!("HTTP/1.0 200 OK\r\n{framing}\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
    )
}

#[test]
fn surplus_behind_a_body_is_no_response() -> Result<()> {
    let surplus = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad";
    assert_ends(
        "GET",
        &format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok{surplus}"),
    )
}

#[test]
fn surplus_behind_chunks_is_no_response() -> Result<()> {
    let surplus = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad";
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    assert_ends("GET", &format!("{chunks}{surplus}"))
}

#[test]
fn surplus_behind_a_response_without_body_is_no_response() -> Result<()> {
    let surplus = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad";
    assert_ends("GET", &format!("HTTP/1.1 204 No Content\r\n\r\n{surplus}"))
}

#[test]
fn a_body_in_the_reply_to_head_is_no_response() -> Result<()> {
    assert_ends("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad")
}

/// A server that sends [`HELLO`] and, once it is told, `surplus` behind it; then [`HELLO`] on another
/// socket. It says when the surplus is on its way.
fn surplus_when_told(surplus: &'static [u8]) -> (u16, Sender<()>, Receiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let ((tell, told), (say, said)) = (channel(), channel());
    thread::spawn(move || -> std::io::Result<()> {
        let mut first = greet(&listener)?;
        let _told_or_over = told.recv();
        first.write_all(surplus)?;
        let _nobody_cares = say.send(());
        greet(&listener).map(drop)
    });
    (port, tell, said)
}

/// Answers one request on a fresh socket with [`HELLO`].
fn greet(listener: &TcpListener) -> std::io::Result<TcpStream> {
    let (mut socket, _) = listener.accept()?;
    let mut head = [0; 1024];
    let mut length = 0;
    while !head[..length].ends_with(b"\r\n\r\n") {
        length += socket.read(&mut head[length..])?;
    }
    socket.write_all(HELLO)?;
    Ok(socket)
}

#[test]
fn surplus_that_comes_later_is_no_response() -> Result<()> {
    let surplus = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad";
    let (port, tell, said) = surplus_when_told(surplus);
    let guest = Guest::new();
    let connection = guest.http("127.0.0.1", port, None)?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    tell.send(()).expect("the server waits");
    said.recv_timeout(LIMIT).expect("the server sends");
    connection.see();
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    Ok(())
}

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";

#[test]
fn closing_an_unread_response_closes_the_connection() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::send(HALF), Step::AwaitEnd];
    let it = scripted_answer("GET", steps)?;
    it.response.close();
    assert!(it.response.is_closed());
    assert_eq!(it.peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn a_closed_response_reads_as_an_empty_list() -> Result<()> {
    let it = answered(HELLO)?.response;
    assert_eq!(it.read(Some(1))?, b"h");
    it.close();
    assert_eq!(it.read(None)?, b"");
    assert_eq!(it.readline(None)?, b"");
    Ok(())
}

#[test]
fn dropping_an_unread_response_closes_the_connection() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::send(HALF), Step::AwaitEnd];
    let it = scripted_answer("GET", steps)?;
    drop(it.response);
    assert_eq!(it.peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn the_next_request_after_an_unread_response_has_a_socket_of_its_own() -> Result<()> {
    let (guest, peer) = (Guest::new(), then_hello(HALF));
    let connection = connect(&guest, &peer);
    drop(connection.fetch("GET", "/")?);
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.connections(), 2);
    Ok(())
}

/// Asserts that a response whose rest has already arrived keeps the connection when it is given up.
fn assert_kept_when_given_up(reply: &[u8]) -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[reply, HELLO]));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    // What has come in one piece is at hand with its first byte.
    assert!(!response.peek(1)?.is_empty());
    drop(response);
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn a_body_that_has_arrived_keeps_the_connection() -> Result<()> {
    assert_kept_when_given_up(HELLO)
}

#[test]
fn chunks_that_have_arrived_keep_the_connection() -> Result<()> {
    assert_kept_when_given_up(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
    )
}

#[test]
fn a_response_that_closes_leaves_the_socket_to_its_reader() -> Result<()> {
    let first = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nfirst";
    let script = vec![Step::answers(&[first]), Step::answers(&[HELLO])];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/")?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(first.read(None)?, b"first");
    Ok(())
}

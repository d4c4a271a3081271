//! The body of a request: its length, how it is framed, and how it leaves.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use harness::component::{Body, Connection, ConnectionOptions, Error, Guest, Result, bytes};
use harness::peer::{Peer, Step};
use harness::server::pattern;

use super::exchange::{NO_CONTENT, assert_matches, connect, received, sent};

/// What follows `Accept-Encoding` when this body is sent with these headers.
fn tail(
    method: &str,
    body: impl FnOnce(&Guest) -> Option<Body>,
    headers: &[(&str, &str)],
) -> Result<String> {
    let sent = sent(|guest, connection| connection.request(method, "/", body(guest), headers))?;
    let (_, tail) = sent
        .split_once("Accept-Encoding: identity\r\n")
        .expect("it is always sent here");
    Ok(tail.to_owned())
}

/// What a request without a body brings after its automatic headers.
fn bodiless(method: &str) -> Result<String> {
    tail(method, |_| None, &[])
}

/// A file with these contents.
fn file_of(contents: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::NamedTempFile::new().expect("a folder for temporary files");
    std::fs::write(file.path(), contents).expect("it can be written");
    file
}

#[test]
fn bytes_are_announced() -> Result<()> {
    let tail = tail("PUT", |_| bytes("hello"), &[])?;
    assert_eq!(tail, "Content-Length: 5\r\n\r\nhello");
    Ok(())
}

#[test]
fn no_bytes_are_announced_too() -> Result<()> {
    assert_eq!(
        tail("GET", |_| bytes(""), &[])?,
        "Content-Length: 0\r\n\r\n"
    );
    Ok(())
}

#[test]
fn a_get_may_have_a_body() -> Result<()> {
    let tail = tail("GET", |_| bytes("q"), &[])?;
    assert_eq!(tail, "Content-Length: 1\r\n\r\nq");
    Ok(())
}

#[test]
fn put_without_a_body_announces_0() -> Result<()> {
    assert_eq!(bodiless("PUT")?, "Content-Length: 0\r\n\r\n");
    Ok(())
}

#[test]
fn post_without_a_body_announces_0() -> Result<()> {
    assert_eq!(bodiless("POST")?, "Content-Length: 0\r\n\r\n");
    Ok(())
}

#[test]
fn patch_without_a_body_announces_0() -> Result<()> {
    assert_eq!(bodiless("PATCH")?, "Content-Length: 0\r\n\r\n");
    Ok(())
}

#[test]
fn get_without_a_body_announces_nothing() -> Result<()> {
    assert_eq!(bodiless("GET")?, "\r\n");
    Ok(())
}

#[test]
fn delete_without_a_body_announces_nothing() -> Result<()> {
    assert_eq!(bodiless("DELETE")?, "\r\n");
    Ok(())
}

#[test]
fn end_headers_announces_the_bytes_it_is_given() -> Result<()> {
    let sent = sent(|_, connection| {
        connection.put_request("POST", "/")?;
        connection.end_headers(bytes("hello"))
    })?;
    assert!(
        sent.ends_with("\r\nContent-Length: 5\r\n\r\nhello"),
        "{sent}"
    );
    Ok(())
}

#[test]
fn a_file_is_announced_by_its_size() -> Result<()> {
    let file = file_of(b"contents");
    let tail = tail("PUT", |guest| Some(guest.file(file.path())), &[])?;
    assert_eq!(tail, "Content-Length: 8\r\n\r\ncontents");
    Ok(())
}

#[test]
fn an_empty_file_is_announced() -> Result<()> {
    let file = file_of(b"");
    let tail = tail("PUT", |guest| Some(guest.file(file.path())), &[])?;
    assert_eq!(tail, "Content-Length: 0\r\n\r\n");
    Ok(())
}

/// What a peer receives as the body of a `PUT`, whose length is `length` in any framing.
fn uploaded(body: impl FnOnce(&Guest) -> Body, length: usize) -> Result<Vec<u8>> {
    let steps = vec![
        Step::AwaitHead,
        Step::AwaitBytes(length),
        Step::send(NO_CONTENT),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = connect(&guest, &peer);
    connection.request("PUT", "/", Some(body(&guest)), &[])?;
    assert_eq!(connection.get_response()?.status(), 204);
    connection.close();
    let received = peer.all_received(0);
    let head = received.windows(4).position(|window| window == b"\r\n\r\n");
    Ok(received[head.expect("a head") + 4..].to_vec())
}

#[test]
fn a_big_file_arrives_whole() -> Result<()> {
    let contents = pattern(300 * 1024 + 7);
    let file = file_of(&contents);
    let body = uploaded(|guest| guest.file(file.path()), contents.len())?;
    assert!(body == contents, "{} bytes of body", body.len());
    Ok(())
}

#[test]
fn big_bytes_arrive_whole() -> Result<()> {
    let contents = pattern(3 << 20);
    let body = uploaded(|_| Body::Bytes(contents.clone()), contents.len())?;
    assert!(body == contents, "{} bytes of body", body.len());
    Ok(())
}

/// The contents of chunks, and what follows the last one.
fn unchunked(mut chunks: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut contents = Vec::new();
    loop {
        let end = chunks.windows(2).position(|window| window == b"\r\n");
        let (line, rest) = chunks.split_at(end.expect("a chunk's size"));
        let digits = std::str::from_utf8(line).expect("ASCII");
        let size = usize::from_str_radix(digits, 16).expect("a chunk's size");
        if size == 0 {
            return (contents, rest.to_vec());
        }
        contents.extend_from_slice(&rest[2..2 + size]);
        assert_eq!(&rest[2 + size..4 + size], b"\r\n");
        chunks = &rest[4 + size..];
    }
}

#[test]
fn a_big_stream_arrives_whole_in_chunks() -> Result<()> {
    let contents = pattern(300 * 1024 + 7);
    let body = uploaded(|guest| guest.stream(&contents), contents.len())?;
    let (body, end) = unchunked(&body);
    assert!(body == contents, "{} bytes of body", body.len());
    assert_eq!(end, b"\r\n\r\n");
    Ok(())
}

#[test]
fn a_stream_is_sent_in_chunks() -> Result<()> {
    let tail = tail("PUT", |guest| Some(guest.stream("hello")), &[])?;
    let expected = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    assert_eq!(tail, expected);
    Ok(())
}

#[test]
fn an_empty_stream_is_the_last_chunk_alone() -> Result<()> {
    let tail = tail("PUT", |guest| Some(guest.stream("")), &[])?;
    assert_eq!(tail, "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    Ok(())
}

#[test]
fn a_stream_with_the_callers_content_length_is_sent_plain() -> Result<()> {
    let headers = [("Content-Length", "5")];
    let tail = tail("PUT", |guest| Some(guest.stream("hello")), &headers)?;
    assert_eq!(tail, "Content-Length: 5\r\n\r\nhello");
    Ok(())
}

/// The error of a stream of `hello` with this Content-Length.
fn stream_failure(content_length: &str) -> Error {
    let (guest, peer) = (Guest::new(), Peer::script(vec![vec![Step::AwaitEnd]]));
    let connection = connect(&guest, &peer);
    let headers = [("Content-Length", content_length)];
    let sent = connection.request("PUT", "/", Some(guest.stream("hello")), &headers);
    sent.expect_err("it has another length")
}

#[test]
fn a_stream_that_is_longer_than_announced_is_an_error() {
    assert_matches!(stream_failure("4"), Error::Value(_));
}

#[test]
fn a_stream_that_is_shorter_than_announced_is_an_error() {
    assert_matches!(stream_failure("6"), Error::Value(_));
}

#[test]
fn a_stream_that_breaks_its_announcement_leaves_the_connection_usable() -> Result<()> {
    let script = vec![vec![Step::AwaitEnd], Step::answers(&[NO_CONTENT])];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    connection.connect()?;
    let headers = [("Content-Length", "6")];
    let sent = connection.request("PUT", "/", Some(guest.stream("hello")), &headers);
    assert_matches!(sent, Err(Error::Value(_)));
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    Ok(())
}

const CHUNKED: (&str, &str) = ("Transfer-Encoding", "chunked");

#[test]
fn the_callers_own_chunks_are_sent_as_they_are() -> Result<()> {
    let sent = sent(|_, connection| {
        connection.put_request("PUT", "/")?;
        connection.put_header(CHUNKED.0, &[CHUNKED.1])?;
        connection.end_headers(None)?;
        connection.send(bytes("1\r\na\r\n").expect("a body"))?;
        connection.send(bytes("0\r\n\r\n").expect("a body"))
    })?;
    let expected = "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
    assert!(sent.ends_with(expected), "{sent}");
    Ok(())
}

#[test]
fn a_stream_of_the_callers_own_chunks_is_sent_as_it_is() -> Result<()> {
    let chunks = "1\r\na\r\n0\r\n\r\n";
    let tail = tail("PUT", |guest| Some(guest.stream(chunks)), &[CHUNKED])?;
    assert_eq!(tail, format!("Transfer-Encoding: chunked\r\n\r\n{chunks}"));
    Ok(())
}

/// What follows the head when `ask` sends a body under Transfer-Encoding and `encode-chunked`.
fn encoded(ask: impl FnOnce(&Guest, &Connection) -> Result<()>) -> Result<String> {
    let sent = sent(|guest, connection| {
        connection.set_encode_chunked(true);
        ask(guest, connection)
    })?;
    let (_, body) = sent.split_once("\r\n\r\n").expect("a head");
    Ok(body.to_owned())
}

#[test]
fn encode_chunked_puts_bytes_into_chunks() -> Result<()> {
    let body = encoded(|_, it| it.request("PUT", "/", bytes("hello"), &[CHUNKED]))?;
    assert_eq!(body, "5\r\nhello\r\n0\r\n\r\n");
    Ok(())
}

#[test]
fn encode_chunked_puts_files_into_chunks() -> Result<()> {
    let file = file_of(b"contents");
    let body =
        encoded(|guest, it| it.request("PUT", "/", Some(guest.file(file.path())), &[CHUNKED]))?;
    assert_eq!(body, "8\r\ncontents\r\n0\r\n\r\n");
    Ok(())
}

#[test]
fn encode_chunked_puts_each_send_into_a_chunk_and_ends_with_the_last_one() -> Result<()> {
    let body = encoded(|_, connection| {
        connection.put_request("PUT", "/")?;
        connection.put_header(CHUNKED.0, &[CHUNKED.1])?;
        connection.end_headers(None)?;
        connection.send(bytes("ab").expect("a body"))?;
        connection.send(bytes("").expect("a body"))?;
        connection.send(bytes("c").expect("a body"))
    })?;
    assert_eq!(body, "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n");
    Ok(())
}

#[test]
fn encode_chunked_ends_a_request_without_a_body_too() -> Result<()> {
    let body = encoded(|_, it| it.request("PUT", "/", None, &[CHUNKED]))?;
    assert_eq!(body, "0\r\n\r\n");
    Ok(())
}

#[test]
fn encode_chunked_leaves_other_requests_alone() -> Result<()> {
    let body = encoded(|_, it| it.request("PUT", "/", bytes("hello"), &[]))?;
    assert_eq!(body, "hello");
    Ok(())
}

#[test]
fn blocksize_is_the_size_of_a_chunk() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let options = ConnectionOptions {
        blocksize: Some(3),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    connection.request("PUT", "/", Some(guest.stream("abcdefgh")), &[])?;
    connection.get_response()?;
    connection.close();
    let sent = received(&peer, 0);
    let expected = "3\r\nabc\r\n3\r\ndef\r\n2\r\ngh\r\n0\r\n\r\n";
    assert!(sent.ends_with(expected), "{sent}");
    Ok(())
}

/// How much the first read of a server gets when `ask` sends a request, and the whole it waits for.
fn first_read(ask: impl FnOnce(&Connection) -> Result<()>, whole: usize) -> Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    let serving = thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("somebody is connecting");
        socket
            .set_read_timeout(Some(harness::LIMIT))
            .expect("a fresh socket takes options");
        let mut buffer = vec![0; 1 << 20];
        let first = socket.read(&mut buffer).expect("a request");
        let mut all = first;
        while all < whole {
            all += socket.read(&mut buffer).expect("the rest of the request");
        }
        socket.write_all(NO_CONTENT).expect("a client");
        first
    });
    let guest = Guest::new();
    let connection = guest.http("127.0.0.1", port, None)?;
    ask(&connection)?;
    connection.get_response()?;
    Ok(serving.join().expect("the server does not panic"))
}

#[test]
fn head_and_bytes_leave_in_one_write() -> Result<()> {
    let length = 16 * 1024;
    let first = first_read(
        |it| it.request("POST", "/", bytes(pattern(length)), &[]),
        length,
    )?;
    assert!(first > length, "{first} bytes came first");
    Ok(())
}

#[test]
fn end_headers_sends_its_bytes_with_the_head() -> Result<()> {
    let length = 16 * 1024;
    let first = first_read(
        |connection| {
            connection.put_request("POST", "/")?;
            connection.end_headers(bytes(pattern(length)))
        },
        length,
    )?;
    assert!(first > length, "{first} bytes came first");
    Ok(())
}

#[test]
fn the_head_does_not_leave_before_64_kib_of_bytes() -> Result<()> {
    let length = 64 * 1024;
    let first = first_read(
        |it| it.request("POST", "/", bytes(pattern(length)), &[]),
        length,
    )?;
    assert!(first > 1024, "{first} bytes came first");
    Ok(())
}

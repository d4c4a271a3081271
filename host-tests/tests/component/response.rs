//! The head of a response: status, reason, version, headers, and which replies have a body.

use harness::component::{ConnectionOptions, Error, Guest, HttpException, Result, TlsOptions};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, ServerTls};

use super::exchange::{
    HELLO, NO_CONTENT, answered, answered_to, assert_matches, connect, failed, scripted_answer,
};

/// Status, reason and version of a response that begins with this status line.
fn status_line(line: &str) -> Result<(u16, String, u16)> {
    let it = answered(format!("{line}\r\nContent-Length: 0\r\n\r\n"))?.response;
    Ok((it.status(), it.reason(), it.version()))
}

#[test]
fn http_1_1_is_version_11() -> Result<()> {
    assert_eq!(status_line("HTTP/1.1 200 OK")?, (200, "OK".into(), 11));
    Ok(())
}

#[test]
fn http_1_0_is_version_10() -> Result<()> {
    assert_eq!(status_line("HTTP/1.0 200 OK")?, (200, "OK".into(), 10));
    Ok(())
}

#[test]
fn a_later_http_1_is_version_11() -> Result<()> {
    assert_eq!(status_line("HTTP/1.5 200 OK")?, (200, "OK".into(), 11));
    Ok(())
}

#[test]
fn a_reason_may_have_several_words() -> Result<()> {
    let line = status_line("HTTP/1.1 404 Not  Found here")?;
    assert_eq!(line, (404, "Not  Found here".into(), 11));
    Ok(())
}

#[test]
fn a_reason_may_be_empty() -> Result<()> {
    assert_eq!(status_line("HTTP/1.1 200 ")?, (200, String::new(), 11));
    Ok(())
}

#[test]
fn a_reason_may_be_missing() -> Result<()> {
    assert_eq!(status_line("HTTP/1.1 200")?, (200, String::new(), 11));
    Ok(())
}

#[test]
fn a_reason_is_latin_1() -> Result<()> {
    let it = answered(b"HTTP/1.1 200 Tr\xe8s bien\r\nContent-Length: 0\r\n\r\n")?;
    assert_eq!(it.response.reason(), "Tr\u{e8}s bien");
    Ok(())
}

#[test]
fn an_unregistered_status_is_a_status() -> Result<()> {
    assert_eq!(status_line("HTTP/1.1 999 Odd")?, (999, "Odd".into(), 11));
    Ok(())
}

#[test]
fn a_status_line_may_end_with_a_bare_lf() -> Result<()> {
    let it = answered("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi")?.response;
    assert_eq!((it.reason(), it.read(None)?), ("OK".into(), b"hi".to_vec()));
    Ok(())
}

#[test]
fn another_protocol_version_is_unknown() {
    assert_matches!(
        failed("HTTP/2.0 200 OK\r\n\r\n"),
        Error::Http(HttpException::UnknownProtocol(_))
    );
}

#[test]
fn a_status_that_is_no_number_is_a_bad_status_line() {
    assert_matches!(
        failed("HTTP/1.1 two OK\r\n\r\n"),
        Error::Http(HttpException::BadStatusLine(_))
    );
}

#[test]
fn a_status_below_100_is_a_bad_status_line() {
    assert_matches!(
        failed("HTTP/1.1 099 Low\r\n\r\n"),
        Error::Http(HttpException::BadStatusLine(_))
    );
}

const ANCIENT: &str = "<p>Here is a page of 1991.\r\n</p>\n";

#[test]
fn a_reply_without_status_line_is_http_0_9() -> Result<()> {
    let it = answered(ANCIENT)?.response;
    let line = (it.status(), it.reason(), it.version());
    assert_eq!(line, (200, String::new(), 9));
    assert_eq!(it.get_headers(), []);
    assert_eq!(
        it.get_header("Content-Length", Some("none")),
        Some("none".into())
    );
    assert!(it.will_close());
    assert_eq!(it.length(), None);
    assert_eq!(it.read(None)?, ANCIENT.as_bytes());
    Ok(())
}

#[test]
fn http_0_9_may_begin_like_a_status_line() -> Result<()> {
    let it = answered("HTML it is\n")?.response;
    assert_eq!(
        (it.version(), it.read(None)?),
        (9, b"HTML it is\n".to_vec())
    );
    Ok(())
}

#[test]
fn http_0_9_may_be_shorter_than_a_status_line() -> Result<()> {
    let it = answered("HT")?.response;
    assert_eq!((it.version(), it.read(None)?), (9, b"HT".to_vec()));
    Ok(())
}

#[test]
fn strict_refuses_http_0_9() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(ANCIENT));
    let options = ConnectionOptions {
        strict: Some(true),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    assert_matches!(
        connection.fetch("GET", "/").err(),
        Some(Error::Http(HttpException::BadStatusLine(line))) if ANCIENT.starts_with(&line)
    );
    Ok(())
}

#[test]
fn strict_false_is_the_default() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(ANCIENT));
    let options = ConnectionOptions {
        strict: Some(false),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    assert_eq!(connection.fetch("GET", "/")?.version(), 9);
    Ok(())
}

/// The answer to a first request over TLS with [`ANCIENT`], or the error.
fn ancient_over_tls(strict: Option<bool>) -> Result<u16> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["localhost"])).build();
    let peer = Peer::reply_tls(config, ANCIENT);
    let context = guest.context_trusting(&authority.pem())?;
    let options = ConnectionOptions {
        strict,
        ..ConnectionOptions::default()
    };
    let connection = guest.https(
        "localhost",
        peer.port(),
        Some(&options),
        Some(TlsOptions::with(&context)),
    )?;
    Ok(connection.fetch("GET", "/")?.version())
}

#[test]
fn https_takes_http_0_9() -> Result<()> {
    assert_eq!(ancient_over_tls(None)?, 9);
    Ok(())
}

#[test]
fn strict_refuses_http_0_9_over_https() {
    assert_matches!(
        ancient_over_tls(Some(true)),
        Err(Error::Http(HttpException::BadStatusLine(_)))
    );
}

#[test]
fn a_reused_connection_refuses_http_0_9() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::replies(&[NO_CONTENT, ANCIENT.as_bytes()]),
    );
    let connection = connect(&guest, &peer);
    connection.fetch("GET", "/first")?;
    assert_matches!(
        connection.fetch("GET", "/second").err(),
        Some(Error::Http(HttpException::BadStatusLine(_)))
    );
    Ok(())
}

#[test]
fn a_tunnel_refuses_http_0_9() -> Result<()> {
    let opened = b"HTTP/1.1 200 OK\r\n\r\n";
    let (guest, peer) = (Guest::new(), Peer::replies(&[opened, ANCIENT.as_bytes()]));
    let connection = connect(&guest, &peer);
    connection.set_tunnel("origin.example", 80, &[])?;
    assert_matches!(
        connection.fetch("GET", "/").err(),
        Some(Error::Http(HttpException::BadStatusLine(_)))
    );
    Ok(())
}

#[test]
fn interim_responses_are_skipped() -> Result<()> {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n\
        HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 9\r\n\r\n";
    let it = answered([interim.as_bytes(), HELLO].concat())?.response;
    assert_eq!((it.status(), it.read(None)?), (200, b"hello".to_vec()));
    assert_eq!(it.get_header("Link", None), None);
    Ok(())
}

#[test]
fn status_101_is_final() -> Result<()> {
    let it = answered("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")?.response;
    assert_eq!(it.status(), 101);
    assert_eq!(it.get_header("upgrade", None).as_deref(), Some("x"));
    assert!(it.will_close());
    Ok(())
}

/// Asserts that a reply to this method with this status and header has no body, and that the
/// connection takes the next request.
fn assert_no_body(method: &str, status: u16, header: &str) -> Result<()> {
    let reply = format!("HTTP/1.1 {status} X\r\n{header}\r\n\r\n");
    let (guest, peer) = (Guest::new(), Peer::replies(&[reply.as_bytes(), HELLO]));
    let connection = connect(&guest, &peer);
    let response = connection.fetch(method, "/")?;
    assert!(response.is_closed());
    assert_eq!(response.read(None)?, b"");
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn a_reply_to_head_has_no_body() -> Result<()> {
    assert_no_body("HEAD", 200, "Content-Length: 5")
}

#[test]
fn a_chunked_reply_to_head_has_no_body() -> Result<()> {
    assert_no_body("HEAD", 200, "Transfer-Encoding: chunked")
}

#[test]
fn status_204_has_no_body() -> Result<()> {
    assert_no_body("GET", 204, "Content-Length: 5")
}

#[test]
fn status_304_has_no_body() -> Result<()> {
    assert_no_body("GET", 304, "Content-Length: 5")
}

#[test]
fn a_reply_to_head_keeps_its_headers() -> Result<()> {
    let it = answered_to("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")?.response;
    assert_eq!(it.get_header("content-length", None).as_deref(), Some("5"));
    Ok(())
}

const HEADERS: &str = "HTTP/1.1 200 OK\r\nX-One: 1\r\nset-cookie: a=1, b\r\nSet-Cookie:b=2 \r\n\
    X-Empty:\r\nContent-Length: 0\r\n\r\n";

#[test]
fn get_header_matches_names_in_any_case() -> Result<()> {
    let it = answered(HEADERS)?.response;
    assert_eq!(it.get_header("x-ONE", None).as_deref(), Some("1"));
    Ok(())
}

#[test]
fn get_header_joins_duplicates() -> Result<()> {
    let it = answered(HEADERS)?.response;
    let joined = it.get_header("Set-Cookie", None);
    assert_eq!(joined.as_deref(), Some("a=1, b, b=2"));
    Ok(())
}

#[test]
fn get_header_gives_the_default_for_a_missing_header() -> Result<()> {
    let it = answered(HEADERS)?.response;
    assert_eq!(it.get_header("X-Two", Some("2")).as_deref(), Some("2"));
    assert_eq!(it.get_header("X-Two", None), None);
    Ok(())
}

#[test]
fn get_header_gives_an_empty_value_and_no_default() -> Result<()> {
    let it = answered(HEADERS)?.response;
    assert_eq!(it.get_header("X-Empty", Some("2")).as_deref(), Some(""));
    Ok(())
}

#[test]
fn get_headers_gives_the_order_and_case_of_the_wire() -> Result<()> {
    let expected = [
        ("X-One", "1"),
        ("set-cookie", "a=1, b"),
        ("Set-Cookie", "b=2"),
        ("X-Empty", ""),
        ("Content-Length", "0"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(answered(HEADERS)?.response.get_headers(), expected);
    Ok(())
}

#[test]
fn header_values_are_latin_1() -> Result<()> {
    let it = answered(b"HTTP/1.1 204 X\r\nX-Name: Andr\xe9\r\n\r\n")?.response;
    assert_eq!(it.get_header("x-name", None).as_deref(), Some("Andr\u{e9}"));
    Ok(())
}

#[test]
fn a_folded_header_is_joined_with_one_space() -> Result<()> {
    let it = answered("HTTP/1.1 204 X\r\nX-Folded: one\r\n \t two\r\n\r\n")?.response;
    assert_eq!(it.get_header("x-folded", None).as_deref(), Some("one two"));
    Ok(())
}

#[test]
fn max_response_headers_is_a_limit() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::reply("HTTP/1.1 204 X\r\nA: 1\r\nB: 2\r\n\r\n"),
    );
    let options = ConnectionOptions {
        max_response_headers: Some(1),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    assert_matches!(
        connection.fetch("GET", "/").err(),
        Some(Error::Http(HttpException::TooMany(_)))
    );
    Ok(())
}

#[test]
fn a_head_may_come_byte_by_byte() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::bytewise(HELLO)];
    let it = scripted_answer("GET", steps)?.response;
    assert_eq!((it.status(), it.read(None)?), (200, b"hello".to_vec()));
    Ok(())
}

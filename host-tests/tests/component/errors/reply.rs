//! Replies whose head is none.

use harness::component::{ConnectionOptions, Error, Guest, HttpException, Result};
use harness::peer::Step;

use crate::support::{assert_recovers, failure, once};

/// What the reply makes of `get-response`. Life goes on.
fn refused(reply: impl AsRef<[u8]>) -> HttpException {
    refused_with(reply, &ConnectionOptions::default())
}

fn refused_with(reply: impl AsRef<[u8]>, options: &ConnectionOptions) -> HttpException {
    let guest = Guest::new();
    let peer = once(Step::answers(&[reply.as_ref()]));
    let connection = guest
        .http("127.0.0.1", peer.port(), Some(options))
        .expect("a valid address");
    let error = failure(connection.fetch("GET", "/"));
    assert_recovers(&guest, &connection, &peer);
    match error {
        Error::Http(exception) => exception,
        other => panic!("no HTTPException: {other:?}"),
    }
}

fn text(exception: HttpException) -> String {
    match exception {
        HttpException::UnknownProtocol(text)
        | HttpException::UnknownTransferEncoding(text)
        | HttpException::BadStatusLine(text)
        | HttpException::LineTooLong(text)
        | HttpException::TooMany(text)
        | HttpException::Malformed(text) => text,
        other => panic!("it has no text: {other:?}"),
    }
}

#[track_caller]
fn assert_malformed(reply: impl AsRef<[u8]>, reason: &str) {
    let exception = refused(reply);
    assert!(
        matches!(exception, HttpException::Malformed(_)),
        "{exception:?}"
    );
    let text = text(exception);
    assert!(text.contains(reason), "{text}");
}

#[test]
fn says_unknown_protocol_for_another_version_of_http() {
    let exception = refused("HTTP/2.0 200 OK\r\n\r\n");
    assert!(matches!(exception, HttpException::UnknownProtocol(_)));
    assert_eq!(text(exception), "HTTP/2.0");
}

#[test]
fn says_unknown_transfer_encoding_for_a_coding_outside_the_registry() {
    let exception = refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: br, chunked\r\n\r\n");
    assert!(matches!(
        exception,
        HttpException::UnknownTransferEncoding(_)
    ));
    assert_eq!(text(exception), "br");
}

#[test]
fn says_bad_status_line_for_a_wrong_code() {
    let exception = refused("HTTP/1.1 20 OK\r\n\r\n");
    assert!(matches!(exception, HttpException::BadStatusLine(_)));
    assert_eq!(text(exception), "HTTP/1.1 20 OK");
}

#[test]
fn says_bad_status_line_for_none_where_it_is_strict() {
    let strict = ConnectionOptions {
        strict: Some(true),
        ..ConnectionOptions::default()
    };
    let exception = refused_with("ICY 200 OK\r\n\r\n", &strict);
    assert!(matches!(exception, HttpException::BadStatusLine(_)));
    assert_eq!(text(exception), "ICY 200 OK");
}

#[test]
fn says_bad_status_line_for_none_on_a_connection_used_before() -> Result<()> {
    let guest = Guest::new();
    let first: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";
    let peer = once(Step::answers(&[first, b"ICY 200 OK\r\n\r\n"]));
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    let error = failure(connection.fetch("GET", "/"));
    let line = HttpException::BadStatusLine("ICY 200 OK".into());
    assert_eq!(error, Error::Http(line));
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn says_line_too_long_for_a_status_line() {
    let exception = refused(format!("HTTP/1.1 200 {}", "a".repeat(65_536)));
    assert!(matches!(exception, HttpException::LineTooLong(_)));
    assert_eq!(text(exception), "status line");
}

#[test]
fn says_line_too_long_for_a_header_line() {
    let exception = refused(format!("HTTP/1.1 200 OK\r\na: {}", "a".repeat(65_536)));
    assert!(matches!(exception, HttpException::LineTooLong(_)));
    assert_eq!(text(exception), "header line");
}

#[test]
fn says_too_many_for_header_lines() {
    let exception = refused(format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(101)));
    assert!(matches!(exception, HttpException::TooMany(_)));
    assert_eq!(text(exception), "got more than 100 headers");
}

#[test]
fn says_too_many_for_more_header_lines_than_the_option_allows() {
    let five = ConnectionOptions {
        max_response_headers: Some(5),
        ..ConnectionOptions::default()
    };
    let reply = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(6));
    let exception = refused_with(reply, &five);
    assert!(matches!(exception, HttpException::TooMany(_)));
    assert_eq!(text(exception), "got more than 5 headers");
}

#[test]
fn says_too_many_for_interim_responses() {
    let exception = refused("HTTP/1.1 102 Processing\r\n\r\n".repeat(101));
    assert!(matches!(exception, HttpException::TooMany(_)));
    assert_eq!(text(exception), "got more than 100 interim responses");
}

#[test]
fn says_too_many_for_the_bytes_of_a_head() {
    let line = format!("a: {}\r\n", "a".repeat(60_000));
    let exception = refused(format!("HTTP/1.1 200 OK\r\n{}", line.repeat(18)));
    assert!(matches!(exception, HttpException::TooMany(_)));
    assert!(text(exception).contains("1048576"));
}

#[test]
fn says_remote_disconnected_where_no_byte_of_a_reply_came() {
    let exception = refused("");
    assert!(matches!(exception, HttpException::RemoteDisconnected));
}

#[test]
fn says_malformed_for_a_head_that_is_cut_short() {
    assert_malformed("HTTP/1.1 200 OK\r\nContent-", "after 25 bytes");
}

#[test]
fn says_malformed_for_a_space_before_the_colon() {
    assert_malformed("HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok", "");
}

#[test]
fn says_malformed_for_a_line_without_a_colon() {
    assert_malformed("HTTP/1.1 200 OK\r\nnonsense\r\n\r\n", "");
}

#[test]
fn says_malformed_for_a_nul_in_a_header() {
    assert_malformed("HTTP/1.1 200 OK\r\na: b\0c\r\n\r\n", "");
}

#[test]
fn says_malformed_for_two_different_content_lengths() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok";
    assert_malformed(reply, "2 and 3");
}

#[test]
fn says_malformed_for_a_content_length_that_is_no_number() {
    let reply = "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok";
    assert_malformed(reply, "\"+2\"");
}

#[test]
fn says_malformed_where_chunked_is_not_the_last_coding() {
    let reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n";
    assert_malformed(reply, "chunked");
}

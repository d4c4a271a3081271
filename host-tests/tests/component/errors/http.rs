//! `HTTPException`s of arguments and of bodies.

use harness::component::{Error, Guest, HttpException, IncompleteRead, Response, Result};
use harness::peer::{Peer, Step};

use crate::support::{OK, assert_goes_on, assert_recovers, failure, once};

const TEN_BYTES: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What `read` says of a body. Life goes on.
fn broken<T>(reply: impl AsRef<[u8]>, read: impl Fn(&Response) -> Result<T>) -> Error {
    let guest = Guest::new();
    let peer = once(Step::answers(&[reply.as_ref()]));
    let connection = guest.http("127.0.0.1", peer.port(), None).expect("valid");
    let response = connection.fetch("GET", "/").expect("a head");
    let error = failure(read(&response));
    assert_recovers(&guest, &connection, &peer);
    error
}

fn incomplete(partial: &str, expected: Option<u64>) -> Error {
    Error::Http(HttpException::IncompleteRead(IncompleteRead {
        partial: partial.into(),
        expected,
    }))
}

#[test]
fn says_incomplete_read_with_what_came_and_what_was_announced() {
    let error = broken(format!("{TEN_BYTES}seven b"), |body| body.read(None));
    assert_eq!(error, incomplete("seven b", Some(3)));
}

#[test]
fn says_incomplete_read_for_an_amount_too() {
    let error = broken(format!("{TEN_BYTES}seven b"), |body| {
        assert_eq!(body.read(Some(4))?, b"seve");
        body.read(Some(6))
    });
    assert_eq!(error, incomplete("n b", Some(3)));
}

#[test]
fn says_incomplete_read_again_to_every_further_read() {
    let error = broken(format!("{TEN_BYTES}seven b"), |body| {
        failure(body.read(None));
        body.read(None)
    });
    assert_eq!(error, incomplete("", Some(3)));
}

#[test]
fn says_incomplete_read_for_a_line() {
    let error = broken(format!("{TEN_BYTES}a\nb"), |body| {
        assert_eq!(body.readline(None)?, b"a\n");
        body.readline(None)
    });
    assert_eq!(error, incomplete("b", Some(7)));
}

#[test]
fn says_incomplete_read_in_a_chunk_without_a_number() {
    let error = broken(format!("{CHUNKED}5\r\nhello\r\n5\r\nwo"), |body| {
        body.read(None)
    });
    assert_eq!(error, incomplete("hellowo", None));
}

#[test]
fn says_incomplete_read_between_chunks_for_an_amount() {
    let error = broken(format!("{CHUNKED}5\r\nhello\r\n"), |body| {
        body.read(Some(100))
    });
    assert_eq!(error, incomplete("hello", None));
}

#[test]
fn says_incomplete_read_before_the_last_line_end() {
    let error = broken(format!("{CHUNKED}5\r\nhello\r\n0\r\n"), |body| {
        body.read(None)
    });
    assert_eq!(error, incomplete("hello", None));
}

#[test]
fn says_line_too_long_for_a_chunk_size() {
    let padding = " ".repeat(65_536);
    let error = broken(format!("{CHUNKED}5{padding}"), |body| body.read(None));
    let line = HttpException::LineTooLong("chunk size line".into());
    assert_eq!(error, Error::Http(line));
}

#[test]
fn says_line_too_long_for_a_trailer() {
    let trailer = "a".repeat(65_536);
    let error = broken(format!("{CHUNKED}0\r\na: {trailer}"), |body| {
        body.read(None)
    });
    let line = HttpException::LineTooLong("trailer line".into());
    assert_eq!(error, Error::Http(line));
}

#[test]
fn says_too_many_for_trailer_lines() {
    let trailers = "a: b\r\n".repeat(101);
    let error = broken(format!("{CHUNKED}0\r\n{trailers}\r\n"), |body| {
        body.read(None)
    });
    let lines = HttpException::TooMany("got more than 100 trailers".into());
    assert_eq!(error, Error::Http(lines));
}

#[test]
fn says_malformed_for_a_chunk_size_that_is_no_number() {
    let error = broken(format!("{CHUNKED}x\r\n"), |body| body.read(None));
    assert!(
        matches!(error, Error::Http(HttpException::Malformed(_))),
        "{error:?}"
    );
}

#[test]
fn says_malformed_for_chunk_data_without_its_line_end() {
    let error = broken(format!("{CHUNKED}5\r\nhello0\r\n\r\n"), |body| {
        body.read(None)
    });
    assert!(
        matches!(error, Error::Http(HttpException::Malformed(_))),
        "{error:?}"
    );
}

#[test]
fn says_not_connected_where_the_connection_was_closed_before_its_body_was_read() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitHead, Step::send(TEN_BYTES), Step::AwaitEnd]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let response = connection.fetch("GET", "/")?;
    connection.close();
    let error = failure(response.read(None));
    assert_eq!(error, Error::Http(HttpException::NotConnected));
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn says_invalid_url_for_a_target_and_sends_nothing() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply(OK);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    for target in ["/a b", "/a\r\nX: y", "/ü", "/\u{7f}"] {
        let error = failure(connection.request("GET", target, None, &[]));
        assert!(
            matches!(error, Error::Http(HttpException::InvalidUrl(_))),
            "{error:?}"
        );
    }
    assert_eq!(peer.connections(), 0);
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_invalid_url_for_a_host() {
    let guest = Guest::new();
    for host in ["", "host:", "host:0", "host:65536", "host:x", "::1", "[::1"] {
        let error = failure(guest.http(host, None, None));
        assert!(
            matches!(error, Error::Http(HttpException::InvalidUrl(_))),
            "{host}: {error:?}"
        );
        assert_eq!(failure(guest.https(host, None, None, None)), error);
    }
    guest.assert_works();
}

#[test]
fn says_unimplemented_file_mode_for_a_directory_and_sends_nothing() -> Result<()> {
    let (guest, folder) = (Guest::new(), tempfile::tempdir().expect("a folder"));
    let peer = Peer::reply(OK);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let body = guest.file(folder.path());
    let error = failure(connection.request("PUT", "/", Some(body), &[]));
    let Error::Http(HttpException::UnimplementedFileMode(text)) = error else {
        panic!("{error:?}")
    };
    assert!(text.contains("directory"), "{text}");
    assert_eq!(peer.connections(), 0);
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_unimplemented_file_mode_for_a_file_that_is_not_open_for_reading() -> Result<()> {
    let (guest, file) = (
        Guest::new(),
        tempfile::NamedTempFile::new().expect("a file"),
    );
    let peer = Peer::reply(OK);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let body = guest.write_only_file(file.path());
    let error = failure(connection.request("PUT", "/", Some(body), &[]));
    let Error::Http(HttpException::UnimplementedFileMode(text)) = error else {
        panic!("{error:?}")
    };
    assert!(text.contains("reading"), "{text}");
    assert_eq!(peer.connections(), 0);
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_value_for_what_can_not_be_sent_and_sends_nothing() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply(OK);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let cases: [(&str, &[(&str, &str)]); 8] = [
        ("", &[]),
        ("GE T", &[]),
        ("GET\r\n", &[]),
        ("GET", &[("a b", "c")]),
        ("GET", &[("a", "b\r\nc: d")]),
        ("GET", &[("a", "\u{100}")]),
        ("GET", &[("Content-Length", "x")]),
        ("GET", &[("Content-Length", "1"), ("Content-Length", "2")]),
    ];
    for (method, headers) in cases {
        let error = failure(connection.request(method, "/", None, headers));
        assert!(
            matches!(error, Error::Value(_)),
            "{method} {headers:?}: {error:?}"
        );
    }
    assert_eq!(peer.connections(), 0);
    assert_goes_on(&guest, &connection);
    Ok(())
}

//! Chunked bodies that don't end, or not soon.

use harness::component::{Error, HttpException};
use harness::peer::{Flood, Step};
use harness::server::pattern;

use crate::support::{SHORT, Trial, VERSIONS, assert_says, endless, exception, failure, flooding};
use HttpException::{LineTooLong, Malformed, TooMany};

const HEAD: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// What the body is refused with that begins so and goes on like this.
#[track_caller]
fn refused(beginning: &str, more: &str) -> HttpException {
    let trial = Trial::http(endless(format!("{HEAD}{beginning}"), more));
    exception(failure(trial.body()))
}

#[test]
fn refuses_an_extension_without_end() {
    assert_says!(refused("1;", "x"), Malformed, "16384 bytes");
    assert_says!(refused("1;a=\"", "x"), Malformed, "16384 bytes");
}

#[test]
fn refuses_extensions_without_end() {
    assert_says!(refused("", "1;a=b\r\nx\r\n"), Malformed, "16384 bytes");
}

#[test]
fn refuses_a_size_without_end() {
    assert_says!(refused("", "0"), Malformed, "16");
    assert_says!(refused("1", " "), LineTooLong, "chunk size");
}

#[test]
fn refuses_a_trailer_line_without_end() {
    assert_says!(refused("0\r\n", "x"), LineTooLong, "trailer line");
}

#[test]
fn refuses_trailer_lines_without_end() {
    assert_says!(refused("0\r\n", "A: b\r\n"), TooMany, "100 trailers");
}

#[test]
fn refuses_long_trailer_lines_without_end() {
    let line = format!("A: {}\r\n", "b".repeat(60_000));
    assert_says!(refused("0\r\n", &line), TooMany, "1048576 bytes");
}

/// A body in chunks of one byte.
fn in_single_bytes(body: &[u8]) -> Vec<u8> {
    let chunk = |byte: &u8| [b"1\r\n", &[*byte][..], b"\r\n"].concat();
    let chunks: Vec<u8> = body.iter().flat_map(chunk).collect();
    [HEAD.as_bytes(), &chunks, b"0\r\n\r\n"].concat()
}

#[test]
fn reads_a_mebibyte_in_chunks_of_one_byte() {
    let body = pattern(1 << 20);
    let trial = Trial::http(Step::answers(&[&in_single_bytes(&body)]));
    assert!(trial.whole_body().expect("a whole body") == body);
}

#[test]
fn reads_chunks_of_one_byte_in_records_of_one_byte() {
    let body = pattern(20_000);
    for version in VERSIONS {
        let reply = Flood::bytewise(in_single_bytes(&body)).times(1);
        let trial = Trial::https(version, vec![Step::AwaitHead, Step::Flood(reply)]);
        assert!(trial.whole_body().expect("a whole body") == body);
    }
}

#[test]
fn ends_chunks_of_one_byte_without_end_with_the_deadline() {
    let trial = || Trial::http(flooding(HEAD, Flood::of("1\r\nx\r\n")));
    let discarded = trial().outcome(SHORT, |connection| {
        connection.fetch("GET", "/")?.discard(None)
    });
    assert!(matches!(failure(discarded), Error::TimedOut(_)));
    let line = trial().outcome(SHORT / 3, |connection| {
        connection.fetch("GET", "/")?.readline(None)
    });
    assert!(matches!(failure(line), Error::TimedOut(_)));
}

#[test]
fn reads_pieces_of_a_body_that_never_ends() {
    let trial = Trial::http(flooding(HEAD, Flood::of("1\r\nx\r\n")));
    let read = trial.outcome(None, |connection| {
        let response = connection.fetch("GET", "/")?;
        let pieces = [1, 1000, 10_000].map(|amount| response.read(Some(amount)));
        response.close();
        pieces.into_iter().collect::<Result<Vec<_>, _>>()
    });
    let lengths = read.expect("pieces").into_iter().map(|piece| piece.len());
    assert_eq!(lengths.collect::<Vec<_>>(), [1, 1000, 10_000]);
}

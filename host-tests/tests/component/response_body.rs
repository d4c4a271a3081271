//! The body of a response: the ways to read it, and the ways it is framed.

use harness::component::{Guest, Response, Result};
use harness::peer::Step;
use harness::server::{Server, pattern};

use super::exchange::{Answered, answered, scripted_answer};

const TEXT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\nfirst\nsecond\nlast";

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

#[test]
fn read_gives_the_whole_body() -> Result<()> {
    assert_eq!(answered(TEXT)?.response.read(None)?, b"first\nsecond\nlast");
    Ok(())
}

#[test]
fn read_gives_an_empty_list_at_the_end() -> Result<()> {
    let it = answered(TEXT)?.response;
    it.read(None)?;
    assert_eq!(it.read(None)?, b"");
    assert_eq!(it.read(Some(1))?, b"");
    Ok(())
}

#[test]
fn read_gives_the_next_bytes_and_fewer_at_the_end() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.read(Some(6))?, b"first\n");
    assert_eq!(it.read(Some(7))?, b"second\n");
    assert_eq!(it.read(Some(100))?, b"last");
    assert_eq!(it.read(Some(100))?, b"");
    Ok(())
}

#[test]
fn read_of_nothing_takes_nothing() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.read(Some(0))?, b"");
    assert_eq!(it.length(), Some(17));
    assert_eq!(it.read(None)?.len(), 17);
    Ok(())
}

#[test]
fn read_gives_the_rest_after_a_part() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.read(Some(13))?, b"first\nsecond\n");
    assert_eq!(it.read(None)?, b"last");
    Ok(())
}

#[test]
fn read_waits_for_all_it_was_asked_for() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::bytewise(TEXT)];
    let it = scripted_answer("GET", steps)?.response;
    assert_eq!(it.read(Some(13))?, b"first\nsecond\n");
    Ok(())
}

/// A response of which `first` has come, and nothing more comes.
fn halted(head: &str, first: &str) -> Result<Answered> {
    let steps = vec![
        Step::AwaitHead,
        Step::send(format!("{head}{first}")),
        Step::Hold,
    ];
    scripted_answer("GET", steps)
}

const LENGTH_9: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";

#[test]
fn read1_gives_what_has_come() -> Result<()> {
    let it = halted(LENGTH_9, "hello")?;
    assert_eq!(it.response.read1(None)?, b"hello");
    Ok(())
}

#[test]
fn read1_gives_no_more_than_asked_for() -> Result<()> {
    let it = halted(LENGTH_9, "hello")?;
    assert_eq!(it.response.read1(Some(2))?, b"he");
    assert_eq!(it.response.read1(Some(9))?, b"llo");
    Ok(())
}

#[test]
fn read1_of_nothing_does_not_wait() -> Result<()> {
    let it = halted(LENGTH_9, "")?;
    assert_eq!(it.response.read1(Some(0))?, b"");
    Ok(())
}

#[test]
fn read1_gives_an_empty_list_at_the_end() -> Result<()> {
    let it = answered(TEXT)?.response;
    it.read(None)?;
    assert_eq!(it.read1(None)?, b"");
    Ok(())
}

#[test]
fn read1_goes_through_chunks() -> Result<()> {
    let it = halted(CHUNKED, "3\r\nabc\r\n2\r\nde")?;
    let mut read = Vec::new();
    while read.len() < 5 {
        read.extend(it.response.read1(None)?);
    }
    assert_eq!(read, b"abcde");
    Ok(())
}

#[test]
fn peek_takes_nothing() -> Result<()> {
    let it = halted(LENGTH_9, "hello")?;
    assert_eq!(it.response.peek(5)?, b"hello");
    assert_eq!(it.response.length(), Some(9));
    assert_eq!(it.response.read(Some(5))?, b"hello");
    Ok(())
}

#[test]
fn peek_gives_at_least_a_byte() -> Result<()> {
    let it = halted(LENGTH_9, "hello")?;
    assert!(it.response.peek(0)?.starts_with(b"h"));
    Ok(())
}

#[test]
fn peek_gives_an_empty_list_at_the_end() -> Result<()> {
    let it = answered(TEXT)?.response;
    it.read(None)?;
    assert_eq!(it.peek(5)?, b"");
    Ok(())
}

#[test]
fn discard_takes_the_next_bytes_and_fewer_at_the_end() -> Result<()> {
    let it = answered(TEXT)?.response;
    for (amount, discarded) in [(Some(0), 0), (Some(6), 6), (None, 11), (Some(1), 0)] {
        assert_eq!(it.discard(amount)?, discarded);
    }
    assert!(it.is_closed());
    Ok(())
}

#[test]
fn discard_leaves_what_follows() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.discard(Some(13))?, 13);
    assert_eq!(it.read(None)?, b"last");
    Ok(())
}

#[test]
fn discard_waits_for_the_end_and_keeps_the_connection() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    for path in ["/bytes/10000000", "/chunked/10000000"] {
        assert_eq!(connection.fetch("GET", path)?.discard(None)?, 10_000_000);
    }
    assert_eq!(server.connections(), 1);
    Ok(())
}

#[test]
fn readline_gives_line_by_line() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.readline(None)?, b"first\n");
    assert_eq!(it.readline(None)?, b"second\n");
    assert_eq!(it.readline(None)?, b"last");
    assert_eq!(it.readline(None)?, b"");
    Ok(())
}

#[test]
fn readline_gives_at_most_its_limit() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.readline(Some(3))?, b"fir");
    assert_eq!(it.readline(Some(3))?, b"st\n");
    assert_eq!(it.readline(Some(7))?, b"second\n");
    Ok(())
}

#[test]
fn readline_goes_through_chunks() -> Result<()> {
    let it = answered(format!(
        "{CHUNKED}2\r\nfi\r\n4\r\nrst\n\r\n1\r\nx\r\n0\r\n\r\n"
    ))?
    .response;
    assert_eq!(it.readline(None)?, b"first\n");
    assert_eq!(it.readline(None)?, b"x");
    Ok(())
}

#[test]
fn length_is_what_is_left() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert_eq!(it.length(), Some(17));
    it.read(Some(10))?;
    assert_eq!(it.length(), Some(7));
    it.read(None)?;
    assert_eq!(it.length(), Some(0));
    Ok(())
}

#[test]
fn the_length_of_chunks_is_not_known() -> Result<()> {
    let it = halted(CHUNKED, "3\r\nabc\r\n")?;
    assert_eq!(it.response.length(), None);
    Ok(())
}

#[test]
fn the_length_up_to_the_end_of_the_connection_is_not_known() -> Result<()> {
    let it = halted("HTTP/1.1 200 OK\r\n\r\n", "abc")?;
    assert_eq!(it.response.length(), None);
    Ok(())
}

#[test]
fn a_response_is_closed_once_its_body_is_read() -> Result<()> {
    let it = answered(TEXT)?.response;
    it.read(Some(16))?;
    assert!(!it.is_closed());
    it.read(Some(1))?;
    assert!(it.is_closed());
    Ok(())
}

#[test]
fn a_chunked_response_is_closed_once_its_body_is_read() -> Result<()> {
    let it = answered(format!("{CHUNKED}3\r\nabc\r\n0\r\n\r\n"))?.response;
    assert!(!it.is_closed());
    assert_eq!(it.read(None)?, b"abc");
    assert!(it.is_closed());
    Ok(())
}

#[test]
fn an_empty_body_is_complete_at_once() -> Result<()> {
    let it = answered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?.response;
    assert!(it.is_closed());
    assert_eq!(it.read(None)?, b"");
    Ok(())
}

#[test]
fn fileno_is_there_while_the_body_is_unread() -> Result<()> {
    let it = answered(TEXT)?.response;
    assert!(it.fileno().is_some());
    Ok(())
}

#[test]
fn fileno_is_none_once_the_body_is_read() -> Result<()> {
    let it = answered(TEXT)?.response;
    it.read(None)?;
    assert_eq!(it.fileno(), None);
    Ok(())
}

#[test]
fn fileno_is_none_once_the_response_is_closed() -> Result<()> {
    let it = answered(TEXT)?.response;
    it.close();
    assert_eq!(it.fileno(), None);
    Ok(())
}

#[test]
fn fileno_is_none_once_the_connection_is_closed() -> Result<()> {
    let it = answered(TEXT)?;
    it.connection.close();
    assert_eq!(it.response.fileno(), None);
    Ok(())
}

/// The body behind [`CHUNKED`] that these chunks are.
fn unchunked(chunks: &str) -> Result<Vec<u8>> {
    answered(format!("{CHUNKED}{chunks}"))?.response.read(None)
}

#[test]
fn chunks_are_joined() -> Result<()> {
    assert_eq!(unchunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")?, b"abcde");
    Ok(())
}

#[test]
fn chunk_sizes_are_hexadecimal_in_any_case() -> Result<()> {
    let chunks = "a\r\n0123456789\r\nB\r\n0123456789a\r\n000\r\n\r\n";
    assert_eq!(unchunked(chunks)?, b"01234567890123456789a");
    Ok(())
}

#[test]
fn chunk_extensions_are_skipped() -> Result<()> {
    let chunks = "3;a=b;c=\"d;e\"\r\nabc\r\n2 ; x\r\nde\r\n0;last\r\n\r\n";
    assert_eq!(unchunked(chunks)?, b"abcde");
    Ok(())
}

#[test]
fn trailers_are_no_body_and_no_headers() -> Result<()> {
    let it = answered(format!("{CHUNKED}3\r\nabc\r\n0\r\nX-Trailer: y\r\n\r\n"))?.response;
    assert_eq!(it.read(None)?, b"abc");
    assert_eq!(it.get_header("X-Trailer", None), None);
    Ok(())
}

#[test]
fn chunks_may_come_byte_by_byte() -> Result<()> {
    let reply = format!("{CHUNKED}3;x\r\nabc\r\n2\r\nde\r\n0\r\nX: y\r\n\r\n");
    let steps = vec![Step::AwaitHead, Step::bytewise(reply)];
    let it = scripted_answer("GET", steps)?.response;
    assert_eq!(it.read(None)?, b"abcde");
    Ok(())
}

#[test]
fn a_body_may_run_to_the_end_of_the_connection() -> Result<()> {
    let it = answered("HTTP/1.1 200 OK\r\n\r\nto the end")?.response;
    assert_eq!(it.read(None)?, b"to the end");
    assert!(it.is_closed());
    Ok(())
}

/// The first `length` bytes of the pattern, from this route of the server.
fn assert_pattern(route: &str, length: usize) -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let response = connection.fetch("GET", &format!("/{route}/{length}"))?;
    assert_body(&response, length)
}

fn assert_body(response: &Response, length: usize) -> Result<()> {
    let body = response.read(None)?;
    assert!(body == pattern(length), "{} bytes of body", body.len());
    Ok(())
}

const BIG: usize = (20 << 20) + 13;

#[test]
fn a_big_body_of_known_length_arrives_whole() -> Result<()> {
    assert_pattern("bytes", BIG)
}

#[test]
fn a_big_body_in_chunks_arrives_whole() -> Result<()> {
    assert_pattern("chunked", BIG)
}

#[test]
fn a_big_body_up_to_the_end_of_the_connection_arrives_whole() -> Result<()> {
    let reply = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), pattern(BIG)].concat();
    assert_body(&answered(reply)?.response, BIG)
}

#[test]
fn a_big_body_arrives_whole_in_pieces() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let response = connection.fetch("GET", &format!("/chunked/{BIG}"))?;
    let mut body = Vec::new();
    loop {
        let piece = response.read(Some(100_003))?;
        if piece.is_empty() {
            break;
        }
        body.extend(piece);
    }
    assert!(body == pattern(BIG), "{} bytes of body", body.len());
    Ok(())
}

//! Bodies that are cut short or broken: what is said, and what can still be read.

use harness::component::{
    Error, HttpException, IncompleteRead, Phase, Result, SocketError, SocketErrorCode,
};
use harness::peer::Step;

use super::exchange::{Answered, answered, assert_matches, scripted_answer};

const LENGTH_9: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// `incomplete-read` with these fields.
fn incomplete(partial: &str, expected: Option<u64>) -> Error {
    let partial = partial.as_bytes().to_vec();
    Error::Http(HttpException::IncompleteRead(IncompleteRead {
        partial,
        expected,
    }))
}

#[test]
fn a_body_below_its_length_is_incomplete() -> Result<()> {
    let it = answered(format!("{LENGTH_9}hello"))?.response;
    assert_eq!(it.read(None), Err(incomplete("hello", Some(4))));
    Ok(())
}

#[test]
fn a_part_beyond_what_came_is_incomplete_too() -> Result<()> {
    let it = answered(format!("{LENGTH_9}hello"))?.response;
    assert_eq!(it.read(Some(3))?, b"hel");
    assert_eq!(it.read(Some(6)), Err(incomplete("lo", Some(4))));
    Ok(())
}

#[test]
fn chunks_without_the_last_one_are_incomplete() -> Result<()> {
    let it = answered(format!("{CHUNKED}3\r\nabc\r\n"))?.response;
    assert_eq!(it.read(None), Err(incomplete("abc", None)));
    Ok(())
}

/// A response of which `hello` has come, and whose server resets the connection when the next request
/// arrives.
fn resets_on_demand() -> Result<Answered> {
    let steps = vec![
        Step::AwaitHead,
        Step::send(format!("{LENGTH_9}hello")),
        Step::AwaitHead,
        Step::Reset,
    ];
    let it = scripted_answer("GET", steps)?;
    assert_eq!(it.response.peek(5)?, b"hello");
    it.connection.request("GET", "/next", None, &[])?;
    Ok(it)
}

/// A reset while a response is read.
fn reset() -> Error {
    Error::Socket(SocketError::new(
        Phase::Receive,
        SocketErrorCode::ConnectionReset,
    ))
}

#[test]
fn a_reset_in_the_body_is_a_socket_error() -> Result<()> {
    let it = resets_on_demand()?;
    assert_eq!(it.response.read(None), Err(reset()));
    Ok(())
}

#[test]
fn what_came_before_a_reset_can_still_be_read() -> Result<()> {
    let it = resets_on_demand()?;
    assert_eq!(it.response.read(None), Err(reset()));
    assert_eq!(it.response.read(Some(5))?, b"hello");
    assert_eq!(it.response.read(None), Err(reset()));
    Ok(())
}

#[test]
fn what_came_before_a_reset_can_still_be_read_as_a_line() -> Result<()> {
    let it = resets_on_demand()?;
    assert_eq!(it.response.readline(None), Err(reset()));
    assert_eq!(it.response.readline(Some(5))?, b"hello");
    assert_eq!(it.response.readline(None), Err(reset()));
    Ok(())
}

#[test]
fn an_incomplete_read_is_said_again_without_its_bytes() -> Result<()> {
    let it = answered(format!("{LENGTH_9}hello"))?.response;
    assert_eq!(it.read(None), Err(incomplete("hello", Some(4))));
    assert_eq!(it.read(None), Err(incomplete("", Some(4))));
    Ok(())
}

#[test]
fn a_line_that_is_cut_is_incomplete() -> Result<()> {
    let it = answered(format!("{LENGTH_9}hel\nlo"))?.response;
    assert_eq!(it.readline(None)?, b"hel\n");
    assert_eq!(it.readline(None), Err(incomplete("lo", Some(3))));
    Ok(())
}

#[test]
fn peek_read1_and_discard_of_a_cut_body_are_incomplete() -> Result<()> {
    let it = answered(format!("{LENGTH_9}hello"))?.response;
    assert_eq!(it.read(Some(5))?, b"hello");
    assert_eq!(it.discard(None), Err(incomplete("", Some(4))));
    assert_eq!(it.peek(1), Err(incomplete("", Some(4))));
    assert_eq!(it.read1(None), Err(incomplete("", Some(4))));
    Ok(())
}

#[test]
fn a_cut_inside_the_last_chunk_is_incomplete() -> Result<()> {
    let it = answered(format!("{CHUNKED}3\r\nabc\r\n0\r\n"))?.response;
    assert_eq!(it.read(None), Err(incomplete("abc", None)));
    Ok(())
}

#[test]
fn chunks_that_are_none_are_malformed() -> Result<()> {
    let it = answered(format!("{CHUNKED}3\r\nabcde\r\n0\r\n\r\n"))?.response;
    assert_matches!(it.read(None), Err(Error::Http(HttpException::Malformed(_))));
    Ok(())
}

#[test]
fn what_came_before_broken_framing_is_given_first() -> Result<()> {
    let it = answered(format!("{CHUNKED}5\r\nhelloX"))?.response;
    assert_eq!(it.read1(None)?, b"hello");
    assert_matches!(
        it.read1(None),
        Err(Error::Http(HttpException::Malformed(_)))
    );
    Ok(())
}

#[test]
fn a_reply_to_head_without_a_head_has_no_body() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::bytewise("HTML page")];
    let it = scripted_answer("HEAD", steps)?.response;
    assert_eq!((it.version(), it.length()), (9, Some(0)));
    assert_eq!(it.read(None)?, b"");
    Ok(())
}

//! What the tests of this floor share: drivers that play the caller, and input cut in every way.

use alloc::vec::Vec;
use std::fmt::Debug;

use super::{
    BodyReader, Error, Framing, Headers, Limits, Reply, ReplyReader, ResponseHead, StatusLine,
    Step, Version,
};

/// What follows a message on the same connection, and must stay there.
const LEFT_OVER: &[u8] = b"HTTP/1.1 200 next\r\n\r\n0\r\n\r\n";

/// Gives `run` the input whole, byte by byte, and cut in two at each point (at some of them, if it is
/// long), and asserts that it makes no difference.
pub fn every_way<T: Debug + PartialEq>(input: &[u8], run: impl Fn(&[&[u8]]) -> T) -> T {
    let whole = run(&[input]);
    let bytes: Vec<&[u8]> = input.chunks(1).collect();
    assert_eq!(run(&bytes), whole, "byte by byte");
    let cuts = (2_000_000 / input.len().max(1)).clamp(8, 500);
    for at in (0..=input.len()).step_by(1 + input.len() / cuts) {
        let (front, back) = input.split_at(at);
        assert_eq!(run(&[front, back]), whole, "cut at {at}");
    }
    whole
}

/// A reply, and how many bytes of the input were its head; or the error. A reply that needs no end of
/// the stream must be the same, and take as much, with bytes left over behind it.
pub fn read_reply(input: &[u8], status_line: StatusLine) -> Result<(Reply, usize), Error> {
    read_reply_with(input, status_line, Limits::default())
}

/// The same with limits of one's own.
pub fn read_reply_with(
    input: &[u8],
    status_line: StatusLine,
    limits: Limits,
) -> Result<(Reply, usize), Error> {
    let run = |pieces: &[&[u8]]| format!("{:?}", feed_reply(pieces, status_line, limits));
    let shown = every_way(input, run);
    let outcome = feed_reply(&[input], status_line, limits);
    if let Ok((_, taken)) = &outcome
        && *taken > 0
    {
        let more = every_way(&[input, LEFT_OVER].concat(), run);
        assert_eq!(more, shown, "with bytes left over");
    }
    outcome
}

/// A head on its own, from its lines without the empty one.
pub fn head(lines: &str) -> ResponseHead {
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Required);
    let input = format!("{lines}\r\n");
    let (_, reply) = reader.read(input.as_bytes()).expect("a head");
    match reply {
        Some(reply) => reply.head,
        // An interim head is at hand once a final one has come.
        None => {
            let (_, reply) = reader.read(b"HTTP/1.1 200\r\n\r\n").expect("a head");
            reply.expect("a reply").interim.remove(0)
        }
    }
}

/// What was read of a body.
#[derive(Debug, PartialEq)]
pub struct Body {
    pub data: Vec<u8>,
    pub trailers: Vec<(Vec<u8>, Vec<u8>)>,
    /// Bytes of the input that belong to the body, framing included.
    pub taken: usize,
}

/// The body at the front of `input`, however it is cut and whatever comes behind it.
pub fn read_body(framing: Framing, input: &[u8]) -> Result<Body, Error> {
    read_body_with(framing, input, Limits::default())
}

/// The same with limits of one's own.
pub fn read_body_with(framing: Framing, input: &[u8], limits: Limits) -> Result<Body, Error> {
    let outcome = every_way(input, |pieces| feed_body(framing, pieces, limits));
    if outcome.is_ok() && framing != Framing::UntilClose {
        let more = [input, LEFT_OVER].concat();
        let more = every_way(&more, |pieces| feed_body(framing, pieces, limits));
        assert_eq!(more, outcome, "with bytes left over");
    }
    outcome
}

fn feed_reply(
    pieces: &[&[u8]],
    status_line: StatusLine,
    limits: Limits,
) -> Result<(Reply, usize), Error> {
    let mut reader = ReplyReader::new(limits, status_line);
    let mut total = 0;
    let mut given = 0;
    for piece in pieces {
        let (taken, reply) = reader.read(piece)?;
        total += taken;
        given += piece.len();
        assert_eq!(reader.has_begun(), given > 0);
        if let Some(reply) = reply {
            assert!(matches!(reader.read(b"more"), Ok((0, None))));
            return Ok(with_whole_prefix(reply, total, pieces));
        }
        assert_eq!(taken, piece.len(), "without a reply all is taken");
    }
    let reply = reader.end()?;
    Ok(with_whole_prefix(reply, total, pieces))
}

/// How much of an HTTP/0.9 body is prefix depends on the cuts; prefix and rest together don't.
fn with_whole_prefix(mut reply: Reply, taken: usize, pieces: &[&[u8]]) -> (Reply, usize) {
    if reply.head.version != Version::Http09 {
        assert!(reply.prefix.is_empty());
        return (reply, taken);
    }
    let input = pieces.concat();
    assert_eq!(reply.prefix, input[..taken]);
    reply.prefix = input;
    (reply, 0)
}

fn feed_body(framing: Framing, pieces: &[&[u8]], limits: Limits) -> Result<Body, Error> {
    let mut reader = BodyReader::new(framing, limits);
    let mut buffer = Vec::new();
    let mut data = Vec::new();
    let mut taken = 0;
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            let amount = match reader.next(&buffer)? {
                Step::NeedMore | Step::Complete => break,
                Step::Framing(amount) => amount,
                Step::Data(amount) => {
                    data.extend_from_slice(&buffer[..amount]);
                    reader.took(amount);
                    amount
                }
            };
            assert_ne!(amount, 0, "a step goes on");
            taken += amount;
            buffer.drain(..amount);
        }
        assert!(buffer.is_empty() || reader.is_complete());
    }
    reader.end()?;
    assert!(reader.is_complete());
    Ok(Body {
        data,
        trailers: pairs(reader.trailers()),
        taken,
    })
}

fn pairs(headers: &Headers) -> Vec<(Vec<u8>, Vec<u8>)> {
    headers
        .iter()
        .map(|(name, value)| (name.to_vec(), value.to_vec()))
        .collect()
}

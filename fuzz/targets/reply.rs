//! A reply that we and hyper both accept says the same to both of us: version, status, headers, body and trailers. (What
//! only one of us accepts is told case by case in tests/wire.) However the reply is cut, it comes to the same.
#![no_main]

use arbitrary::Arbitrary;
use fuzzed::hyper_client::{self, Reply, by_name};
use fuzzed::pieces;
use httplib::http1::{BodyReader, Error, Limits, ReplyReader, StatusLine, Step, response_framing};
use hyper::Method;
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    method: Asked,
    cuts: [u8; 6],
    reply: &'a [u8],
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Asked {
    Get,
    Head,
}

fuzz_target!(|input: Input| {
    let method = match input.method {
        Asked::Get => Method::GET,
        Asked::Head => Method::HEAD,
    };
    let ours = read(method.as_str(), &[input.reply]);
    let cut = read(method.as_str(), &pieces(input.reply, &input.cuts));
    assert_eq!(cut, ours, "cut");
    let bytes: Vec<&[u8]> = input.reply.chunks(1).collect();
    assert_eq!(read(method.as_str(), &bytes), ours, "byte by byte");

    if let (Ok(ours), Some(theirs)) = (ours, hyper_client::reply(&method, input.reply)) {
        if has_odd_coding(&ours) {
            assert_eq!(ours.headers, theirs.headers);
        } else {
            assert_eq!(ours, theirs);
        }
    }
});

/// Empty members of a list are to be ignored (RFC 9110 §5.6.1): hyper takes one behind `chunked` for the last coding. And
/// of a value that is not all ASCII, it sees none.
fn has_odd_coding(reply: &Reply) -> bool {
    reply.headers.iter().any(|(name, value)| {
        let mut codings = value.split(|byte| *byte == b',');
        let is_odd = |coding: &[u8]| coding.trim_ascii().is_empty() || !coding.is_ascii();
        name == b"transfer-encoding" && codings.any(is_odd)
    })
}

/// The component's readers, in front of a server that closes.
fn read(method: &str, pieces: &[&[u8]]) -> Result<Reply, Error> {
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Required);
    let mut pieces = pieces.iter();
    let mut buffer = Vec::new();
    let reply = loop {
        let Some(piece) = pieces.next() else {
            return Err(reader.end().expect_err("a status line is required"));
        };
        let (taken, reply) = reader.read(piece)?;
        if let Some(reply) = reply {
            buffer.extend_from_slice(&piece[taken..]);
            break reply;
        }
    };
    let framing = response_framing(method, &reply.head)?;
    let mut body = BodyReader::new(framing, Limits::default());
    let mut data = Vec::new();
    loop {
        match body.next(&buffer)? {
            Step::Complete => break,
            Step::Framing(amount) => drop(buffer.drain(..amount)),
            Step::Data(amount) => {
                data.extend(buffer.drain(..amount));
                body.took(amount);
            }
            Step::NeedMore => match pieces.next() {
                Some(piece) => buffer.extend_from_slice(piece),
                None => break body.end()?,
            },
        }
    }
    Ok(Reply {
        version: reply.head.version.number(),
        status: reply.head.status,
        headers: by_name(reply.head.headers.iter()),
        body: data,
        trailers: by_name(body.trailers().iter()),
    })
}

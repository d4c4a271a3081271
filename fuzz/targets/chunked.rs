//! A chunked body is accepted exactly where the grammar of RFC 9112 §7.1 has it, and gives the same data, trailers and
//! end however it is cut.
//!
//! The grammar is read once more here, by a decoder that sees all of the input at once. What tests/wire says
//! beyond it: whitespace behind a size, bare LF in the trailer section, obs-fold in it, a size of 16 digits at most.
#![no_main]

use arbitrary::Arbitrary;
use fuzzed::pieces;
use httplib::http1::{BodyReader, Error, Framing, Limits, Step};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    cuts: [u8; 6],
    /// How much of the data that is offered is taken, at most.
    takes: u8,
    body: &'a [u8],
}

/// Data, trailers, and how many bytes both took.
type Body = (Vec<u8>, Vec<(Vec<u8>, Vec<u8>)>, usize);

/// What a reader may come to.
#[derive(Debug, PartialEq)]
enum Outcome {
    Complete(Body),
    /// As far as it goes it is right: so many bytes of data.
    CutShort(usize),
    Refused,
}

fuzz_target!(|input: Input| {
    let expected = decode(input.body);
    let whole = read(&[input.body], usize::MAX);
    assert_eq!(whole, expected, "whole");
    let takes = usize::from(input.takes).max(1);
    assert_eq!(
        read(&pieces(input.body, &input.cuts), takes),
        expected,
        "cut"
    );
    let bytes: Vec<&[u8]> = input.body.chunks(1).collect();
    assert_eq!(read(&bytes, 1), expected, "byte by byte");
});

/// The component's reader.
fn read(pieces: &[&[u8]], most: usize) -> Outcome {
    let mut reader = BodyReader::new(Framing::Chunked, Limits::default());
    let (mut buffer, mut data, mut taken) = (Vec::new(), Vec::new(), 0);
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            let amount = match reader.next(&buffer) {
                Err(_) => return Outcome::Refused,
                Ok(Step::NeedMore | Step::Complete) => break,
                Ok(Step::Framing(amount)) => amount,
                Ok(Step::Data(amount)) => {
                    let amount = amount.min(most);
                    data.extend_from_slice(&buffer[..amount]);
                    reader.took(amount);
                    amount
                }
            };
            assert_ne!(amount, 0, "a step goes on");
            taken += amount;
            buffer.drain(..amount);
        }
    }
    match reader.end() {
        Err(Error::Incomplete { .. }) => Outcome::CutShort(data.len()),
        Err(_) => Outcome::Refused,
        Ok(()) => {
            let trailers = reader.trailers().iter();
            let trailers = trailers.map(|(name, value)| (name.to_vec(), value.to_vec()));
            Outcome::Complete((data, trailers.collect(), taken))
        }
    }
}

/// The same from the grammar, all at once.
fn decode(body: &[u8]) -> Outcome {
    let mut data = Vec::new();
    let mut at = 0;
    let mut extensions = 0;
    loop {
        let size = match size_line(body, &mut at, &mut extensions) {
            Some(Some(size)) => size,
            Some(None) => return Outcome::CutShort(data.len()),
            None => return Outcome::Refused,
        };
        if size == 0 {
            break;
        }
        let rest = &body[at..];
        let length = usize::try_from(size).unwrap_or(usize::MAX).min(rest.len());
        data.extend_from_slice(&rest[..length]);
        at += length;
        match &body[at..] {
            [] => return Outcome::CutShort(data.len()),
            _ if (length as u64) < size => return Outcome::CutShort(data.len()),
            [b'\r'] => return Outcome::CutShort(data.len()),
            [b'\r', b'\n', ..] => at += 2,
            _ => return Outcome::Refused,
        }
    }
    trailer_section(&body[at..], data, at)
}

/// `1*HEXDIG *(SP / HTAB) [";" …] CRLF`: the size; inside, none where the input ends first.
fn size_line(body: &[u8], at: &mut usize, extensions: &mut usize) -> Option<Option<u64>> {
    let (mut size, mut digits) = (0u64, 0);
    while let Some(digit) = body
        .get(*at)
        .and_then(|byte| char::from(*byte).to_digit(16))
    {
        digits += 1;
        if digits > 16 {
            return None;
        }
        size = size << 4 | u64::from(digit);
        *at += 1;
    }
    if digits == 0 {
        return if *at == body.len() { Some(None) } else { None };
    }
    while matches!(body.get(*at), Some(b' ' | b'\t')) {
        *at += 1;
    }
    let (mut quoted, mut escaped, mut extended) = (false, false, false);
    loop {
        let Some(byte) = body.get(*at) else {
            return Some(None);
        };
        *at += 1;
        match byte {
            b'\r' if !quoted => break,
            b';' if !extended => extended = true,
            _ if !extended => return None,
            b'\t' | b' '..=b'~' | 0x80.. => {
                (quoted, escaped) = match (quoted, escaped, byte) {
                    (true, true, _) => (true, false),
                    (true, false, b'\\') => (true, true),
                    (_, _, b'"') => (!quoted, false),
                    _ => (quoted, false),
                };
            }
            _ => return None,
        }
        *extensions += 1;
        if *extensions > Limits::default().chunk_extensions {
            return None;
        }
    }
    match body.get(*at) {
        None => Some(None),
        Some(b'\n') => {
            *at += 1;
            Some(Some(size))
        }
        Some(_) => None,
    }
}

/// Field lines up to an empty one.
fn trailer_section(section: &[u8], data: Vec<u8>, before: usize) -> Outcome {
    let mut fields: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let (mut taken, mut lines, mut refused) = (0, 0, false);
    for line in section.split_inclusive(|byte| *byte == b'\n') {
        let Some(text) = line.strip_suffix(b"\n") else {
            break;
        };
        taken += line.len();
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            return match refused {
                true => Outcome::Refused,
                false => Outcome::Complete((data, fields, before + taken)),
            };
        }
        lines += 1;
        if lines > Limits::default().header_lines {
            return Outcome::Refused;
        }
        refused |= field(text, &mut fields).is_none();
    }
    Outcome::CutShort(data.len())
}

/// `field-name ":" OWS field-value OWS`, or what continues the field before.
fn field(line: &[u8], fields: &mut Vec<(Vec<u8>, Vec<u8>)>) -> Option<()> {
    let is_text = |byte: &u8| matches!(byte, b'\t' | b' '..=b'~' | 0x80..);
    if !line.iter().all(is_text) {
        return None;
    }
    if matches!(line[0], b' ' | b'\t') {
        let (_, value) = fields.last_mut()?;
        let more = trim(line);
        if !value.is_empty() && !more.is_empty() {
            value.push(b' ');
        }
        value.extend_from_slice(more);
        return Some(());
    }
    let colon = line.iter().position(|byte| *byte == b':')?;
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    (!name.is_empty() && name.iter().all(is_token)).then(|| {
        fields.push((name.to_vec(), trim(value).to_vec()));
    })
}

fn trim(text: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(start) = text.iter().position(|byte| !is_space(byte)) else {
        return &[];
    };
    let end = text
        .iter()
        .rposition(|byte| !is_space(byte))
        .unwrap_or(start);
    &text[start..=end]
}

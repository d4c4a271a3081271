//! The chunked transfer coding, both ways: RFC 9112 §7.1.
//!
//! ```text
//!         +--------------------- CRLF --------------------+
//!         v                                               |
//!  -> size line --- size > 0 ---> data ---> all taken ----+
//!         |
//!         +-------- size = 0 ---> trailers ---> end
//! ```
//!
//! Reading goes byte by byte and holds nothing but trailer lines. Framing is where a response could
//! be smuggled into another, so nothing is tolerated in it but whitespace behind a size, which old
//! servers write: every CRLF is a CRLF, a size has 1 to 16 digits, and extensions are followed
//! through their quoted strings.

use alloc::vec::Vec;

use super::grammar::{is_field_byte, is_ows};
use super::line::{Section, check_line};
use super::step::{Step, at_most, less};
use super::{Error, Headers, Limits, Line, Malformed};

/// What follows the data of each chunk.
pub const CHUNK_END: &[u8] = b"\r\n";

/// The last chunk, with the trailer section behind it.
pub fn last_chunk(trailer_section: &[u8]) -> Vec<u8> {
    [b"0\r\n", trailer_section, b"\r\n"].concat()
}

/// The size line of a chunk.
#[derive(Clone, Copy, Debug)]
pub struct ChunkHead {
    bytes: [u8; Self::SIZE],
    start: usize,
}

/// The size line of a chunk of `len` bytes, such as `1f\r\n`. A chunk of no bytes would be the last.
pub fn chunk_head(len: usize) -> ChunkHead {
    debug_assert_ne!(len, 0, "an empty chunk ends the body");
    let mut bytes = [0; ChunkHead::SIZE];
    let mut start = ChunkHead::SIZE - CHUNK_END.len();
    bytes[start..].copy_from_slice(CHUNK_END);
    let mut rest = len;
    loop {
        start -= 1;
        bytes[start] = b"0123456789abcdef"[rest % 16];
        rest /= 16;
        if rest == 0 {
            return ChunkHead { bytes, start };
        }
    }
}

impl ChunkHead {
    /// Sixteen digits and a CRLF.
    const SIZE: usize = 18;
}

impl AsRef<[u8]> for ChunkHead {
    fn as_ref(&self) -> &[u8] {
        &self.bytes[self.start..]
    }
}

/// Tells the data of a chunked body from its framing.
#[derive(Debug)]
pub(super) struct ChunkedReader {
    limits: Limits,
    /// Bytes of chunk extensions so far.
    extensions: usize,
    state: State,
}

#[derive(Debug)]
enum State {
    /// In a size line. Goes to `Data`, or after the last chunk to `Trailers`.
    Size(SizeLine),
    /// Before so many bytes of data. Goes to `DataEnd`.
    Data(u64),
    /// Behind the data of a chunk, with so much of [`CHUNK_END`] read. Goes to `Size`.
    DataEnd(usize),
    /// Behind the last chunk's size line, until an empty line.
    Trailers(Section),
}

/// A size line, of which `length` bytes have come.
#[derive(Clone, Copy, Debug, Default)]
struct SizeLine {
    size: u64,
    digits: u32,
    length: usize,
    part: Part,
}

/// Which part of a size line comes next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Part {
    /// Digits of the size. Goes to any but the quoted parts.
    #[default]
    Digits,
    /// Whitespace behind the size. Goes to `Extension` or `LineFeed`.
    Padding,
    /// An extension outside quotes. Goes to `Quoted` or `LineFeed`.
    Extension,
    /// Inside a quoted string. Goes to `Escaped`, or back to `Extension`.
    Quoted,
    /// Behind a backslash. Goes back to `Quoted`.
    Escaped,
    /// Behind the CR.
    LineFeed,
    /// Behind the line.
    End,
}

impl ChunkedReader {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            extensions: 0,
            state: State::Size(SizeLine::default()),
        }
    }

    /// What stands at the front of `input`, which isn't empty; and the trailers once that is the end
    /// of the body.
    pub(super) fn next(&mut self, input: &[u8]) -> Result<(Step, Option<Headers>), Error> {
        let mut taken = 0;
        while taken < input.len() {
            let rest = &input[taken..];
            let (took, next) = match &mut self.state {
                State::Data(left) if taken == 0 => {
                    return Ok((Step::Data(at_most(rest.len(), *left)), None));
                }
                State::Data(_) => break,
                State::Size(line) => line.read(rest, &self.limits, &mut self.extensions)?,
                State::DataEnd(seen) => (1, read_data_end(*seen, rest[0])?),
                State::Trailers(section) => {
                    let (took, trailers) = section.read(rest)?;
                    if trailers.is_some() {
                        return Ok((Step::Framing(taken + took), trailers));
                    }
                    (took, None)
                }
            };
            taken += took;
            if let Some(next) = next {
                self.state = next;
            }
        }
        Ok((Step::Framing(taken), None))
    }

    /// Notes that `amount` bytes of the chunk were taken.
    pub(super) fn took(&mut self, amount: usize) {
        if let State::Data(left) = &mut self.state {
            *left = less(*left, amount);
            if *left == 0 {
                self.state = State::DataEnd(0);
            }
        }
    }
}

impl SizeLine {
    /// A size that fills a `u64`.
    const MAX_DIGITS: u32 = 16;

    /// Takes bytes up to the end of the line: how many, and what comes behind it.
    fn read(
        &mut self,
        input: &[u8],
        limits: &Limits,
        extensions: &mut usize,
    ) -> Result<(usize, Option<State>), Error> {
        for (index, byte) in input.iter().enumerate() {
            self.take(*byte)?;
            check_line(Line::ChunkSize, 0, self.length, limits)?;
            if matches!(self.part, Part::Extension | Part::Quoted | Part::Escaped) {
                *extensions += 1;
            }
            if *extensions > limits.chunk_extensions {
                return Err(Malformed::ChunkExtensions(limits.chunk_extensions).into());
            }
            if self.part == Part::End {
                let next = match self.size {
                    0 => State::Trailers(Section::trailers(*limits)),
                    size => State::Data(size),
                };
                return Ok((index + 1, Some(next)));
            }
        }
        Ok((input.len(), None))
    }

    fn take(&mut self, byte: u8) -> Result<(), Error> {
        self.length += 1;
        self.part = match (self.part, byte) {
            (Part::Digits, _) if byte.is_ascii_hexdigit() => return self.take_digit(byte),
            (Part::Digits, _) if self.digits == 0 => return Err(Malformed::ChunkSize(byte).into()),
            (Part::Digits | Part::Padding | Part::Extension, b'\r') => Part::LineFeed,
            (Part::Digits | Part::Padding, b';') => Part::Extension,
            (Part::Digits | Part::Padding, _) if is_ows(byte) => Part::Padding,
            (Part::Digits | Part::Padding, _) => return Err(Malformed::ChunkSize(byte).into()),
            (Part::Extension, b'"') => Part::Quoted,
            (Part::Quoted, b'"') => Part::Extension,
            (Part::Quoted, b'\\') => Part::Escaped,
            (Part::Escaped, _) if is_field_byte(byte) => Part::Quoted,
            (Part::Extension | Part::Quoted, _) if is_field_byte(byte) => self.part,
            (Part::LineFeed, b'\n') => Part::End,
            (Part::LineFeed, _) => return Err(Malformed::ChunkSizeEnd.into()),
            _ => return Err(Malformed::ChunkExtension(byte).into()),
        };
        Ok(())
    }

    fn take_digit(&mut self, byte: u8) -> Result<(), Error> {
        if self.digits == Self::MAX_DIGITS {
            return Err(Malformed::ChunkSizeDigits(Self::MAX_DIGITS).into());
        }
        let digit = char::from(byte)
            .to_digit(16)
            .expect("invariant: the byte is a hexadecimal digit");
        self.digits += 1;
        self.size = self.size << 4 | u64::from(digit);
        Ok(())
    }
}

/// Takes a byte of the line end behind the data of a chunk, of which `seen` have come.
fn read_data_end(seen: usize, byte: u8) -> Result<Option<State>, Error> {
    if byte != CHUNK_END[seen] {
        return Err(Malformed::ChunkDataEnd.into());
    }
    let next = match seen + 1 {
        seen if seen < CHUNK_END.len() => State::DataEnd(seen),
        _ => State::Size(SizeLine::default()),
    };
    Ok(Some(next))
}

#[cfg(test)]
mod tests;

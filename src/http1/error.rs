//! What can be wrong with a message. Whose fault it is, is in the type: [`Error`] is the peer's,
//! [`InvalidRequest`] the caller's.
//!
//! Programs match the variants and what they hold. Texts are for people: lower-case facts, in CPython's
//! words where it has some, and nowhere else than here.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::latin1;

/// The peer sent what can't be a response, or stopped before the end of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The first line, given without its end, is no status line (RFC 9112 §4).
    BadStatusLine(Vec<u8>),
    /// The first line names this protocol version, which is not HTTP/1 (RFC 9112 §2.3).
    UnknownProtocol(Vec<u8>),
    /// This transfer coding is not in IANA's registry (RFC 9112 §7).
    UnknownTransferEncoding(Vec<u8>),
    /// A line is longer than [`Limits::line`](super::Limits::line).
    LineTooLong {
        /// Which one.
        line: Line,
        /// In bytes.
        limit: usize,
    },
    /// More of something than a [limit](super::Limits) allows.
    TooMany {
        /// Of what.
        what: Counted,
        /// How many there may be.
        limit: usize,
    },
    /// Something else that the grammar doesn't allow; nothing after it is trusted.
    Malformed(Malformed),
    /// The stream ended before the first byte of a response.
    RemoteDisconnected,
    /// The stream ended inside a body (RFC 9112 §8).
    Incomplete {
        /// The bytes still missing, where a Content-Length tells.
        expected: Option<u64>,
    },
}

/// The lines of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// RFC 9112 §4.
    Status,
    /// RFC 9112 §5.
    Header,
    /// RFC 9112 §7.1.
    ChunkSize,
    /// RFC 9112 §7.1.2.
    Trailer,
}

/// What a peer may send only so much of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Header lines of one head.
    Headers,
    /// Trailer lines.
    Trailers,
    /// Bytes of one head or trailer section.
    HeadBytes,
    /// Empty lines before one status line.
    EmptyLines,
    /// Interim responses before one final response.
    InterimResponses,
    /// Bytes of all their heads.
    InterimBytes,
}

/// What the grammar doesn't allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// A line that is no header; its beginning.
    HeaderLine(Vec<u8>),
    /// The same, as a folded line has none before it.
    FoldBeforeHeaders(Vec<u8>),
    /// The stream ended after so many bytes of a head.
    HeadCutShort(usize),
    /// What stands where a length should; its beginning.
    ContentLength(Vec<u8>),
    /// Two lengths that differ.
    ContentLengths(u64, u64),
    /// `chunked`, and another coding after it.
    ChunkedNotLast,
    /// `chunked` with a parameter.
    ChunkedWithParameter,
    /// A byte that can't be in a chunk size.
    ChunkSize(u8),
    /// A chunk size of more than so many digits.
    ChunkSizeDigits(u32),
    /// No CRLF behind a chunk size.
    ChunkSizeEnd,
    /// A byte that can't be in a chunk extension.
    ChunkExtension(u8),
    /// Chunk extensions of more than so many bytes.
    ChunkExtensions(usize),
    /// No CRLF behind the data of a chunk.
    ChunkDataEnd,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadStatusLine(line) => write!(f, "bad status line {:?}", latin1(line)),
            Self::UnknownProtocol(version) => write!(f, "unknown protocol {:?}", latin1(version)),
            Self::UnknownTransferEncoding(coding) => {
                write!(f, "unknown transfer encoding {:?}", latin1(coding))
            }
            Self::LineTooLong { line, limit } => {
                write!(f, "got more than {limit} bytes when reading {line}")
            }
            Self::TooMany { what, limit } => match what {
                Counted::Headers => write!(f, "got more than {limit} headers"),
                Counted::Trailers => write!(f, "got more than {limit} trailers"),
                Counted::HeadBytes => {
                    write!(
                        f,
                        "got a head or trailer section of more than {limit} bytes"
                    )
                }
                Counted::EmptyLines => {
                    write!(f, "got more than {limit} empty lines before a status line")
                }
                Counted::InterimResponses => write!(f, "got more than {limit} interim responses"),
                Counted::InterimBytes => {
                    write!(f, "got interim responses of more than {limit} bytes")
                }
            },
            Self::Malformed(malformed) => malformed.fmt(f),
            Self::RemoteDisconnected => {
                f.write_str("remote end closed connection without response")
            }
            Self::Incomplete {
                expected: Some(expected),
            } => write!(f, "incomplete read, {expected} more bytes expected"),
            Self::Incomplete { expected: None } => f.write_str("incomplete read"),
        }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Status => "status line",
            Self::Header => "header line",
            Self::ChunkSize => "chunk size line",
            Self::Trailer => "trailer line",
        })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderLine(line) => write!(f, "invalid header line: {:?}", latin1(line)),
            Self::FoldBeforeHeaders(line) => {
                write!(f, "whitespace before the first header: {:?}", latin1(line))
            }
            Self::HeadCutShort(received) => write!(
                f,
                "remote end closed connection after {received} bytes of a response head"
            ),
            Self::ContentLength(value) => {
                write!(f, "invalid content length: {:?}", latin1(value))
            }
            Self::ContentLengths(before, after) => {
                write!(f, "two content lengths: {before} and {after}")
            }
            Self::ChunkedNotLast => f.write_str("chunked is not the last transfer encoding"),
            Self::ChunkedWithParameter => f.write_str("chunked transfer encoding with a parameter"),
            Self::ChunkSize(byte) => write!(f, "invalid byte in a chunk size: {byte:#04x}"),
            Self::ChunkSizeDigits(limit) => {
                write!(f, "chunk size of more than {limit} digits")
            }
            Self::ChunkSizeEnd => f.write_str("chunk size line does not end with CRLF"),
            Self::ChunkExtension(byte) => {
                write!(f, "invalid byte in a chunk extension: {byte:#04x}")
            }
            Self::ChunkExtensions(limit) => {
                write!(f, "got more than {limit} bytes of chunk extensions")
            }
            Self::ChunkDataEnd => f.write_str("chunk data is not followed by CRLF"),
        }
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl core::error::Error for Error {}

/// The caller asked for a request that must not be sent. Nothing was changed and nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvalidRequest {
    /// The request target: `httplib`'s `InvalidURL`.
    Target(String),
    /// The method, or a header's name or value: Python's `ValueError`.
    Value(String),
}

impl fmt::Display for InvalidRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(what) | Self::Value(what) => f.write_str(what),
        }
    }
}

impl core::error::Error for InvalidRequest {}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::super::testing::{head, read_body, read_reply};
    use super::super::{Framing, StatusLine, response_framing};
    use super::*;

    fn refused(input: &[u8]) -> Error {
        read_reply(input, StatusLine::Required).expect_err("refused")
    }

    fn cut_short(framing: Framing, input: &[u8]) -> Error {
        read_body(framing, input).expect_err("cut short")
    }

    /// An error of the same variant, provoked by an input. A variant without one doesn't compile.
    fn provoke(variant: &Error) -> Error {
        match variant {
            Error::BadStatusLine(_) => refused(b"ICY 200\r\n"),
            Error::UnknownProtocol(_) => refused(b"HTTP/2.0 200 OK\r\n"),
            Error::UnknownTransferEncoding(_) => {
                let head = head("HTTP/1.1 200 OK\r\nTransfer-Encoding: br\r\n");
                response_framing("GET", &head).expect_err("refused")
            }
            Error::LineTooLong { .. } => refused(&[b'H'; 65_537]),
            Error::TooMany { .. } => {
                refused(&[b"HTTP/1.1 200\r\n".as_slice(), &b"a:b\n".repeat(101)].concat())
            }
            Error::Malformed(_) => refused(b"HTTP/1.1 200\r\n"),
            Error::RemoteDisconnected => refused(b""),
            Error::Incomplete { expected: Some(_) } => cut_short(Framing::Length(5), b"ab"),
            Error::Incomplete { expected: None } => cut_short(Framing::Chunked, b"5\r\nab"),
        }
    }

    #[test]
    fn each_error_has_an_input_that_causes_it_and_a_text() {
        let text = Vec::new;
        let (line, limit) = (Line::Status, 0);
        let what = Counted::Headers;
        let incomplete = |expected| Error::Incomplete { expected };
        let malformed = "remote end closed connection after 14 bytes of a response head";
        let too_long = "got more than 65536 bytes when reading status line";
        let disconnected = "remote end closed connection without response";
        for (variant, text) in [
            (Error::BadStatusLine(text()), "bad status line \"ICY 200\""),
            (
                Error::UnknownProtocol(text()),
                "unknown protocol \"HTTP/2.0\"",
            ),
            (
                Error::UnknownTransferEncoding(text()),
                "unknown transfer encoding \"br\"",
            ),
            (Error::LineTooLong { line, limit }, too_long),
            (Error::TooMany { what, limit }, "got more than 100 headers"),
            (Malformed::ChunkDataEnd.into(), malformed),
            (Error::RemoteDisconnected, disconnected),
            (
                incomplete(Some(0)),
                "incomplete read, 3 more bytes expected",
            ),
            (incomplete(None), "incomplete read"),
        ] {
            let error = provoke(&variant);
            let kind = std::mem::discriminant(&variant);
            assert_eq!(std::mem::discriminant(&error), kind);
            assert_eq!(error.to_string(), text);
        }
    }

    #[test]
    fn an_invalid_request_says_what_is_wrong() {
        let what = "invalid method \"\"".to_string();
        assert_eq!(InvalidRequest::Value(what.clone()).to_string(), what);
        assert_eq!(InvalidRequest::Target(what.clone()).to_string(), what);
    }
}

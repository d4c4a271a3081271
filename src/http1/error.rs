//! What can be wrong with a message. Whose fault it is, is in the type: [`Error`] is the peer's,
//! [`InvalidRequest`] the caller's.
//!
//! Texts are lower-case facts, in CPython's words where it has some. They are for people; programs
//! match the variants.

use alloc::string::String;
use core::fmt;

use super::limits;

/// The peer sent what can't be a response, or stopped before the end of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The first line, given without its end, is no status line (RFC 9112 §4).
    BadStatusLine(String),
    /// The first line names this protocol version, which is none of HTTP/1 (RFC 9112 §2.3).
    UnknownProtocol(String),
    /// This transfer coding is not in IANA's registry (RFC 9112 §7).
    UnknownTransferEncoding(String),
    /// A line of this kind is longer than [`Limits::line`](super::Limits::line): `status line`,
    /// `header line`, `chunk size line` or `trailer line`.
    LineTooLong(&'static str),
    /// More lines, interim responses or bytes than a [limit](super::Limits) allows; which and how
    /// many.
    TooMany(String),
    /// Something else that the grammar doesn't allow; nothing after it is trusted.
    Malformed(String),
    /// The stream ended before the first byte of a response.
    RemoteDisconnected,
    /// The stream ended inside a body (RFC 9112 §8).
    Incomplete {
        /// The bytes still missing, where a Content-Length tells.
        expected: Option<u64>,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadStatusLine(line) => write!(f, "bad status line {line:?}"),
            Self::UnknownProtocol(version) => write!(f, "unknown protocol {version:?}"),
            Self::UnknownTransferEncoding(coding) => {
                write!(f, "unknown transfer encoding {coding:?}")
            }
            Self::LineTooLong(line) => {
                let limit = limits::LINE;
                write!(f, "got more than {limit} bytes when reading {line}")
            }
            Self::TooMany(what) | Self::Malformed(what) => f.write_str(what),
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
            Error::LineTooLong(_) => refused(&[b'H'; 65_537]),
            Error::TooMany(_) => {
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
        let text = String::new;
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
            (Error::LineTooLong(""), too_long),
            (Error::TooMany(text()), "got more than 100 headers"),
            (Error::Malformed(text()), malformed),
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

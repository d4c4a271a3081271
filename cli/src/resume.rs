//! `--continue-at`: whether the response goes on where the file ends.

use crate::bindings::client::HttpResponse;
use crate::exit::Exit;
use crate::failure::Failure;

/// What to do with a response to a request for the bytes from an offset on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resumed {
    /// Its body follows what is there.
    Continues,
    /// What is there is all there is.
    IsComplete,
}

/// Compares the response with what was asked for: the bytes from `offset`, above 0, on.
///
/// # Errors
/// It has other bytes. Nothing may be written.
pub fn check(response: &HttpResponse, offset: u64) -> Result<Resumed, Failure> {
    let range = response.get_header("Content-Range", None);
    let range = range.as_deref().and_then(ContentRange::parse);
    let complete = match (response.status(), &range) {
        (206, Some(ContentRange::From(start))) if *start == offset => {
            return Ok(Resumed::Continues);
        }
        (416, Some(ContentRange::Unsatisfied(length))) => *length == offset,
        // A server without ranges sends everything: no need to where that is here already.
        (200, _) => response.length() == Some(offset),
        _ => false,
    };
    if complete {
        return Ok(Resumed::IsComplete);
    }
    let text = match (response.status(), range) {
        (206, _) => format!("asked for the bytes from {offset} on, got others"),
        (416, Some(ContentRange::Unsatisfied(length))) => {
            format!("{offset} bytes are here, but the server has only {length}")
        }
        (416, _) => format!("the server has no bytes from {offset} on"),
        (status, _) => {
            format!("the server does not support byte ranges (status {status}): can't resume")
        }
    };
    Err(Failure::new(Exit::Range, text))
}

/// RFC 9110 §14.4, as far as it matters here.
enum ContentRange {
    /// `bytes START-END/LENGTH`.
    From(u64),
    /// `bytes */LENGTH`.
    Unsatisfied(u64),
}

impl ContentRange {
    fn parse(value: &str) -> Option<Self> {
        let (unit, range) = value.trim().split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        match range.strip_prefix("*/") {
            Some(length) => length.parse().ok().map(Self::Unsatisfied),
            None => range.split('-').next()?.parse().ok().map(Self::From),
        }
    }
}

//! Where records begin and end: their headers, and how a whole one comes out of a stream.
//!
//! The same before and after the handshake. Nothing here knows keys.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use rustls::AlertDescription;

use super::alert::Fault;
use crate::transport::{Error, Stream, TlsError};

/// Content type, version, length.
pub(super) const HEADER_LEN: usize = 5;
/// The most plaintext in one record.
pub(super) const MAX_PLAINTEXT: usize = 1 << 14;
/// The most that any record may be longer than its plaintext: TLS 1.2's bound, the laxer one.
pub(super) const MAX_EXPANSION: usize = 2048;
/// The version in every record's header, TLS 1.2's.
pub(super) const VERSION: [u8; 2] = [3, 3];

/// What a record carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    ChangeCipherSpec = 20,
    Alert = 21,
    Handshake = 22,
    ApplicationData = 23,
}

impl Content {
    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            20 => Some(Self::ChangeCipherSpec),
            21 => Some(Self::Alert),
            22 => Some(Self::Handshake),
            23 => Some(Self::ApplicationData),
            _ => None,
        }
    }
}

/// The length of the record that `bytes` begin with, its header included; none while the header is
/// incomplete. Bytes that can't begin a record are a fault as soon as they are seen.
pub(super) fn length(bytes: &[u8]) -> Result<Option<usize>, Fault> {
    let begins = match bytes {
        [] => true,
        [content] => Content::from_byte(*content).is_some(),
        [content, major, ..] => Content::from_byte(*content).is_some() && *major == VERSION[0],
    };
    if !begins {
        return Err(not_tls(bytes));
    }
    let Some(header) = bytes.first_chunk::<HEADER_LEN>() else {
        return Ok(None);
    };
    let payload = usize::from(u16::from_be_bytes([header[3], header[4]]));
    if payload > MAX_PLAINTEXT + MAX_EXPANSION {
        return Err(overlong(payload));
    }
    Ok(Some(HEADER_LEN + payload))
}

pub(super) fn overlong(payload: usize) -> Fault {
    Fault::protocol(
        AlertDescription::RecordOverflow,
        format!("the peer sent an over-long tls record of {payload} bytes"),
    )
}

/// Says what came: the first line if it is text.
pub(super) fn not_tls(bytes: &[u8]) -> Fault {
    const SHOWN: usize = 80;
    let end = bytes.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
    let line = &bytes[..end.unwrap_or(bytes.len()).min(SHOWN)];
    let text = format!(
        "the peer does not speak tls, it sent \"{}\"",
        line.escape_ascii()
    );
    // There is nobody on the other side who would understand an alert.
    Fault::silent(TlsError::Protocol(text))
}

/// Why no whole record came.
pub(super) enum Cut {
    /// The peer sent something else.
    Fault(Fault),
    /// The stream failed.
    Stream(Error),
    /// The stream ended.
    Ended,
}

/// Moves bytes from `stream` until `side[start..]` is a whole record.
pub(super) fn assemble<S: Stream>(
    stream: &mut S,
    side: &mut Vec<u8>,
    start: usize,
) -> Poll<Result<(), Cut>> {
    loop {
        let have = side.len() - start;
        let missing = match length(&side[start..]).map_err(Cut::Fault)? {
            Some(total) if total == have => return Poll::Ready(Ok(())),
            Some(total) => total - have,
            None => HEADER_LEN - have,
        };
        if stream.buffer().is_empty() && ready!(stream.poll_fill()).map_err(Cut::Stream)? == 0 {
            return Poll::Ready(Err(Cut::Ended));
        }
        let buffer = stream.buffer();
        if have == 0 {
            // What is no record is looked at in full, so that the message can quote it.
            length(buffer).map_err(Cut::Fault)?;
        }
        let amount = missing.min(buffer.len());
        side.extend_from_slice(&buffer[..amount]);
        stream.consume(amount);
    }
}

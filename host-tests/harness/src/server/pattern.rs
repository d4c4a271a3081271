//! Bodies of any length whose every byte is known, made while they are sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};

/// How much goes into one frame, and so into one chunk.
const FRAME: u64 = 64 * 1024;

/// The first `length` bytes of the pattern. Its period of 251 is prime, so that a block which is lost
/// or moved shows.
#[must_use]
pub fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..=250).collect();
    let mut pattern = period.repeat(length.div_ceil(period.len()));
    pattern.truncate(length);
    pattern
}

/// The pattern as a body.
pub(super) struct Pattern {
    sent: u64,
    length: u64,
    announced: bool,
}

impl Pattern {
    /// With a Content-Length.
    pub(super) fn announced(length: u64) -> Self {
        Self {
            sent: 0,
            length,
            announced: true,
        }
    }

    /// In chunks.
    pub(super) fn chunked(length: u64) -> Self {
        Self {
            sent: 0,
            length,
            announced: false,
        }
    }
}

impl Body for Pattern {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let size = FRAME.min(self.length - self.sent);
        if size == 0 {
            return Poll::Ready(None);
        }
        let (offset, end) = ((self.sent % 251) as usize, size as usize);
        self.sent += size;
        let frame = Bytes::from(pattern(offset + end)).slice(offset..);
        Poll::Ready(Some(Ok(Frame::data(frame))))
    }

    fn size_hint(&self) -> SizeHint {
        match self.announced {
            true => SizeHint::with_exact(self.length - self.sent),
            false => SizeHint::default(),
        }
    }
}

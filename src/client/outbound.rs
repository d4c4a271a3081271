//! The bytes of a request on their way out.
//!
//! They are kept until the response begins where the request may have to be sent again, and thrown
//! away once sent where not.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use crate::transport::{self, BLOCK, GATHERED, Stream};

/// Segments waiting to be sent, and how far they are.
#[derive(Debug, Default)]
pub struct Outbound {
    segments: Vec<Vec<u8>>,
    /// Index of the first segment that is not wholly sent.
    current: usize,
    /// How much of that segment is sent.
    offset: usize,
    keep: Keep,
    /// Whether something was pushed that the stream has not been told to push on.
    is_held: bool,
}

/// What becomes of segments that are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// They are dropped.
    #[default]
    Nothing,
    /// They stay for [`Outbound::rewind`].
    Everything,
}

impl Outbound {
    /// A queue that treats what it sent as `keep` says.
    pub fn new(keep: Keep) -> Self {
        Self {
            keep,
            ..Self::default()
        }
    }

    /// Queues `segment` behind the others.
    pub fn push(&mut self, segment: Vec<u8>) {
        if !segment.is_empty() {
            self.segments.push(segment);
            self.is_held = true;
        }
    }

    /// How many bytes are still to be sent.
    pub fn len(&self) -> usize {
        let waiting = self.segments[self.current..]
            .iter()
            .map(Vec::len)
            .sum::<usize>();
        waiting - self.offset
    }

    /// No longer keeps what is sent.
    pub fn let_go(&mut self) {
        self.keep = Keep::Nothing;
    }

    /// Whether everything that was pushed can be sent again.
    pub fn is_whole(&self) -> bool {
        self.keep == Keep::Everything
    }

    /// Makes everything kept unsent again.
    pub fn rewind(&mut self) {
        self.current = 0;
        self.offset = 0;
        self.is_held = true;
    }

    /// Sends all of it, out of the stream's buffers, too. Asks the stream for nothing where that is done
    /// already.
    pub fn poll_flush<S: Stream>(&mut self, stream: &mut S) -> Poll<Result<(), transport::Error>> {
        if self.is_held {
            ready!(self.poll_send(stream))?;
            ready!(stream.poll_flush())?;
            self.is_held = false;
        }
        Poll::Ready(Ok(()))
    }

    /// Sends all of it, in writes of [`BLOCK`] bytes; a rest that is not much longer leaves whole, so
    /// that a head and a block of body are one write.
    fn poll_send<S: Stream>(&mut self, stream: &mut S) -> Poll<Result<(), transport::Error>> {
        while self.current < self.segments.len() {
            let sent = ready!(stream.poll_write(&self.parts()))?;
            self.advance(sent);
        }
        if self.keep == Keep::Nothing {
            self.segments.clear();
            self.current = 0;
        }
        Poll::Ready(Ok(()))
    }

    /// Slices of the next [`BLOCK`] bytes.
    fn parts(&self) -> Vec<&[u8]> {
        let mut parts = Vec::with_capacity(self.segments.len() - self.current);
        let mut room = match self.len() {
            rest if rest <= GATHERED => rest,
            _ => BLOCK,
        };
        let mut offset = self.offset;
        for segment in &self.segments[self.current..] {
            let length = room.min(segment.len() - offset);
            parts.push(&segment[offset..offset + length]);
            room -= length;
            offset = 0;
            if room == 0 {
                break;
            }
        }
        parts
    }

    fn advance(&mut self, mut sent: usize) {
        while sent > 0 {
            let left = self.segments[self.current].len() - self.offset;
            if sent < left {
                self.offset += sent;
                return;
            }
            sent -= left;
            self.current += 1;
            self.offset = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathers_segments_into_one_block() {
        let mut outbound = Outbound::default();
        outbound.push(b"head".to_vec());
        outbound.push(vec![7; 3 * BLOCK]);
        let lengths = |outbound: &Outbound| -> Vec<_> {
            outbound.parts().iter().map(|part| part.len()).collect()
        };
        assert_eq!(lengths(&outbound), [4, BLOCK - 4]);
        outbound.advance(BLOCK);
        assert_eq!(lengths(&outbound), [BLOCK]);
        outbound.advance(BLOCK + 4);
        assert_eq!(lengths(&outbound), [BLOCK]);
        outbound.advance(BLOCK);
        assert_eq!(outbound.len(), 0);
    }

    #[test]
    fn sends_everything_again_after_a_rewind() {
        let mut outbound = Outbound::new(Keep::Everything);
        outbound.push(b"ab".to_vec());
        outbound.push(b"cd".to_vec());
        outbound.advance(3);
        assert_eq!(outbound.len(), 1);
        outbound.rewind();
        assert_eq!(outbound.parts(), [b"ab", b"cd"]);
    }
}

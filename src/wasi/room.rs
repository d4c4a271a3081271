//! How much one read asks for.

use core::ops::RangeInclusive;

/// Grows while reads fill it: a peer that has more is asked for more, since each read costs about the same. Shrinks
/// again where little comes.
#[derive(Debug)]
pub struct Room {
    bytes: usize,
    range: RangeInclusive<usize>,
}

impl Room {
    /// From the least on.
    pub const fn new(range: RangeInclusive<usize>) -> Self {
        Self {
            bytes: *range.start(),
            range,
        }
    }

    /// For the next read.
    pub const fn bytes(&self) -> usize {
        self.bytes
    }

    /// After a read that brought so much.
    pub fn adapt(&mut self, filled: usize) {
        if filled >= self.bytes {
            self.bytes = (2 * self.bytes).min(*self.range.end());
        } else if filled < self.bytes / 4 {
            self.bytes = (self.bytes / 2).max(*self.range.start());
        }
    }
}

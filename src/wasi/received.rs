//! What a socket gave last, as far as it is not consumed.

use alloc::vec::Vec;

/// A block.
#[derive(Debug, Default)]
pub struct Received {
    block: Vec<u8>,
    /// How much of it is consumed.
    consumed: usize,
}

impl Received {
    /// All of this.
    pub const fn new(block: Vec<u8>) -> Self {
        Self { block, consumed: 0 }
    }

    /// What is left.
    pub fn left(&self) -> &[u8] {
        &self.block[self.consumed..]
    }

    /// The same, to be changed in place.
    pub fn left_mut(&mut self) -> &mut [u8] {
        &mut self.block[self.consumed..]
    }

    /// Passes over the first `amount` bytes.
    pub fn consume(&mut self, amount: usize) {
        self.consumed += amount;
    }

    /// The first `amount` bytes: without a copy where those are the block.
    pub fn take(&mut self, amount: usize) -> Vec<u8> {
        if amount == self.block.len() && self.consumed == 0 {
            return core::mem::take(&mut self.block);
        }
        let taken = self.left()[..amount].to_vec();
        self.consume(amount);
        taken
    }

    /// Its memory, emptied, for the next block.
    #[cfg(feature = "p3")]
    pub fn into_room(mut self) -> Vec<u8> {
        self.block.clear();
        self.block
    }
}

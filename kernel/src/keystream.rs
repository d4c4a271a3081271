//! What a stream cipher does to data, whichever it is.

use core::arch::wasm32::{u32x4, v128};

use zeroize::{Zeroize, optimization_barrier};

use super::lanes::{LANES, xor};

const ZERO: v128 = u32x4(0, 0, 0, 0);

/// Keystream that is kept, and wiped.
pub(super) struct Keystream<const VECTORS: usize>(pub(super) [v128; VECTORS]);

impl<const VECTORS: usize> Drop for Keystream<VECTORS> {
    fn drop(&mut self) {
        self.0 = [ZERO; VECTORS];
        optimization_barrier(self);
    }
}

/// A cipher that makes its keystream by stripes of `VECTORS` vectors, which are as many blocks as `BLOCKS`.
pub(super) trait Cipher<const VECTORS: usize> {
    /// What a stripe adds to the counter.
    const BLOCKS: u32;

    /// The keystream of the blocks from `counter` on.
    fn stripe(&self, counter: u32) -> [v128; VECTORS];
}

/// Encrypts or decrypts `data`: by `first`, and then by the stripes from `counter` on.
#[inline(always)]
pub(super) fn apply<const VECTORS: usize, C: Cipher<VECTORS>>(
    cipher: &C,
    first: &[v128],
    mut counter: u32,
    data: &mut [u8],
) {
    let head = data.len().min(first.len() * LANES);
    let (head, data) = data.split_at_mut(head);
    xor_part(head, first);
    let mut stripes = data.chunks_exact_mut(VECTORS * LANES);
    for stripe in &mut stripes {
        let key = cipher.stripe(counter);
        for (bytes, key) in stripe.as_chunks_mut().0.iter_mut().zip(key) {
            xor(bytes, key);
        }
        counter = counter.wrapping_add(C::BLOCKS);
    }
    let tail = stripes.into_remainder();
    if !tail.is_empty() {
        xor_part(tail, &Keystream(cipher.stripe(counter)).0);
    }
}

/// The same for `data` of any length up to that of `key`.
#[target_feature(enable = "simd128")]
fn xor_part(data: &mut [u8], key: &[v128]) {
    let (pieces, rest) = data.as_chunks_mut();
    for (bytes, key) in pieces.iter_mut().zip(key) {
        xor(bytes, *key);
    }
    if !rest.is_empty() {
        let mut padded = [0; LANES];
        padded[..rest.len()].copy_from_slice(rest);
        xor(&mut padded, key[pieces.len()]);
        rest.copy_from_slice(&padded[..rest.len()]);
        padded.zeroize();
    }
}

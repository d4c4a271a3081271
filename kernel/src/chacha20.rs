//! ChaCha20 (RFC 8439, section 2.4), four blocks at a time.
//!
//! Each of the state's sixteen words is a vector whose lanes are the four blocks: no round moves
//! anything between lanes, and only the end transposes them.

use core::arch::wasm32::{
    u8x16, u8x16_swizzle, u32x4, u32x4_add, u32x4_shl, u32x4_shr, u32x4_splat, v128, v128_or,
    v128_xor,
};
use core::hint::black_box;

use zeroize::Zeroizing;

use super::keystream::{Cipher, Keystream, apply};
use super::lanes::transpose;

/// "expand 32-byte k".
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];
/// Which of the state's words counts blocks.
const COUNTER: usize = 12;
/// How many vectors of keystream come at once.
const VECTORS: usize = 16;
const ZERO: v128 = u32x4(0, 0, 0, 0);
/// How much of the first stripe is the MAC's key or goes unused: one block.
const RESERVED: usize = 4;

/// A key with a nonce.
pub(super) struct ChaCha20 {
    state: Zeroizing<[u32; 16]>,
    rotations: Rotations,
    /// The keystream of the blocks 0 to 3.
    first: Keystream<VECTORS>,
}

impl ChaCha20 {
    #[target_feature(enable = "simd128")]
    pub(super) fn new(key: &[u32; 8], nonce: &[u8; 12]) -> Self {
        let mut state = Zeroizing::new([0; 16]);
        state[..4].copy_from_slice(&CONSTANTS);
        state[4..COUNTER].copy_from_slice(key);
        for (word, bytes) in state[COUNTER + 1..].iter_mut().zip(nonce.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        let rotations = Rotations::new();
        let first = Keystream(keystream(&state, 0, rotations));
        Self {
            state,
            rotations,
            first,
        }
    }

    /// The key for the MAC: the first half of block 0 (section 2.6).
    #[target_feature(enable = "simd128")]
    pub(super) fn mac_key(&self) -> [v128; 2] {
        [self.first.0[0], self.first.0[1]]
    }

    /// Encrypts or decrypts `data`, from block 1 on.
    #[target_feature(enable = "simd128")]
    pub(super) fn apply(&self, data: &mut [u8]) {
        apply(self, &self.first.0[RESERVED..], Self::BLOCKS, data);
    }
}

impl Cipher<VECTORS> for ChaCha20 {
    const BLOCKS: u32 = 4;

    #[inline(always)]
    fn stripe(&self, counter: u32) -> [v128; VECTORS] {
        keystream(&self.state, counter, self.rotations)
    }
}

/// Four blocks of keystream, one after another.
#[inline(always)]
fn keystream(state: &[u32; 16], counter: u32, rotations: Rotations) -> [v128; VECTORS] {
    let mut start = [ZERO; VECTORS];
    for (vector, word) in start.iter_mut().zip(state) {
        *vector = u32x4_splat(*word);
    }
    start[COUNTER] = u32x4_add(u32x4_splat(counter), u32x4(0, 1, 2, 3));
    let mut words = start;
    for _ in 0..10 {
        for column in 0..4 {
            rotations.quarter_round(&mut words, column, 0);
        }
        for column in 0..4 {
            rotations.quarter_round(&mut words, column, 1);
        }
    }
    let mut stream = start;
    for row in 0..4 {
        let word = |index| u32x4_add(words[4 * row + index], start[4 * row + index]);
        let blocks = transpose([word(0), word(1), word(2), word(3)]);
        for (block, piece) in blocks.into_iter().enumerate() {
            stream[4 * block + row] = piece;
        }
    }
    stream
}

/// The rotations by whole bytes, as permutations of each vector's bytes.
///
/// The compiler would make a shuffle of two vectors of a permutation that it knows, and engines then
/// read both: in wasmtime that takes twice as long as two shifts. A permutation that it does not know
/// stays one instruction.
#[derive(Clone, Copy)]
struct Rotations {
    by_16: v128,
    by_8: v128,
}

impl Rotations {
    #[target_feature(enable = "simd128")]
    fn new() -> Self {
        Self {
            by_16: black_box(u8x16(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)),
            by_8: black_box(u8x16(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14)),
        }
    }

    /// On the words of a column, or of a diagonal, whose rows are `skew` further right each.
    #[inline(always)]
    fn quarter_round(self, words: &mut [v128; 16], column: usize, skew: usize) {
        let index = |row| 4 * row + (column + row * skew) % 4;
        let [a, b, c, d] = [index(0), index(1), index(2), index(3)];
        words[a] = u32x4_add(words[a], words[b]);
        words[d] = u8x16_swizzle(v128_xor(words[d], words[a]), self.by_16);
        words[c] = u32x4_add(words[c], words[d]);
        words[b] = rotate::<12, 20>(v128_xor(words[b], words[c]));
        words[a] = u32x4_add(words[a], words[b]);
        words[d] = u8x16_swizzle(v128_xor(words[d], words[a]), self.by_8);
        words[c] = u32x4_add(words[c], words[d]);
        words[b] = rotate::<7, 25>(v128_xor(words[b], words[c]));
    }
}

/// To the left by `LEFT`; `RIGHT` is what it lacks of 32.
#[inline(always)]
fn rotate<const LEFT: u32, const RIGHT: u32>(words: v128) -> v128 {
    v128_or(u32x4_shl(words, LEFT), u32x4_shr(words, RIGHT))
}

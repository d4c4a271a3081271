//! AES (FIPS 197) in counter mode, eight blocks at a time, without tables.
//!
//! The state is cut by bits: a vector has one bit of all bytes of eight blocks, and SubBytes is a circuit of
//! gates between such vectors. A byte of a vector is a byte's place in the block, and its bits are the blocks.
//!
//! ShiftRows is never done. The state after round n is the one of the standard with its rows shifted back by n
//! steps; the permutations of MixColumns, and the keys, are shifted alike ("Fixslicing AES-like ciphers",
//! Adomnicai and Peyrin, 2021). Four steps are a full turn. What SubBytes adds to each byte is part of the keys.

mod planes;
mod sub_bytes;

use core::arch::wasm32::{
    i32x4_add, i32x4_extract_lane, i32x4_replace_lane, u8x16_swizzle, u32x4, v128, v128_xor,
};
use core::hint::black_box;

use zeroize::{Zeroizing, optimization_barrier};

use super::keystream::{Cipher, Keystream, apply};
use super::lanes::load;
use planes::{BLOCKS, Planes, join, slice, slice_one};
use sub_bytes::{CONSTANT, sub_bytes};

const ZERO: v128 = u32x4(0, 0, 0, 0);
/// The rounds of the longest key, and of the shortest.
const ROUNDS_256: usize = 14;
const ROUNDS_128: usize = 10;
/// The words of a block.
const WORDS: usize = 4;
/// The first block of data: that of counter 1 is for the tag (SP 800-38D, section 7.1).
const FIRST: u32 = 1;

/// A key, wiped when it is dropped.
pub(super) struct Aes {
    /// What is added before the first round, as it is.
    whitening: v128,
    /// What each round adds.
    keys: [Planes; ROUNDS_256],
    rounds: usize,
}

impl Drop for Aes {
    fn drop(&mut self) {
        self.whitening = ZERO;
        self.keys = [[ZERO; BLOCKS]; ROUNDS_256];
        optimization_barrier(self);
    }
}

impl Aes {
    /// AES-128.
    #[target_feature(enable = "simd128")]
    pub(super) fn new_128(key: &[u8; 16]) -> Self {
        Self::expand(key.as_chunks().0, ROUNDS_128)
    }

    /// AES-256.
    #[target_feature(enable = "simd128")]
    pub(super) fn new_256(key: &[u8; 32]) -> Self {
        Self::expand(key.as_chunks().0, ROUNDS_256)
    }

    /// The key schedule (section 5.2).
    #[target_feature(enable = "simd128")]
    fn expand(key: &[[u8; 4]], rounds: usize) -> Self {
        let mut words = Zeroizing::new([0; WORDS * (ROUNDS_256 + 1)]);
        for (word, bytes) in words.iter_mut().zip(key) {
            *word = u32::from_le_bytes(*bytes);
        }
        let mut constant = 1;
        for index in key.len()..WORDS * (rounds + 1) {
            let mut word = words[index - 1];
            if index % key.len() == 0 {
                word = sub_word(word.rotate_right(8)) ^ constant;
                constant = (constant << 1) ^ ((constant >> 7) * 0x11b);
            } else if index % key.len() == 4 {
                word = sub_word(word);
            }
            words[index] = words[index - key.len()] ^ word;
        }
        Self::scheduled(&words.as_chunks().0[..=rounds])
    }

    /// The block of zeros, encrypted: the key of GHASH.
    #[target_feature(enable = "simd128")]
    pub(super) fn zeros(&self) -> v128 {
        self.encrypt([self.whitening; BLOCKS])[0]
    }

    #[target_feature(enable = "simd128")]
    fn scheduled(words: &[[u32; WORDS]]) -> Self {
        let block = |words: &[u32; WORDS]| u32x4(words[0], words[1], words[2], words[3]);
        let mut keys = [[ZERO; BLOCKS]; ROUNDS_256];
        for (index, key) in keys.iter_mut().zip(&words[1..]).enumerate() {
            let (planes, words) = key;
            let back = load(&PERMUTATIONS.rows[(4 - (index + 1) % 4) % 4]);
            *planes = slice_one(v128_xor(u8x16_swizzle(block(words), back), CONSTANT));
        }
        Self {
            whitening: block(&words[0]),
            keys,
            rounds: words.len() - 1,
        }
    }

    /// Eight blocks, to which the first key was added. It is large, and is to be there once.
    #[inline(never)]
    #[target_feature(enable = "simd128")]
    fn encrypt(&self, blocks: [v128; BLOCKS]) -> [v128; BLOCKS] {
        let permutations = black_box(&PERMUTATIONS);
        let mut planes = slice(blocks);
        let (last, keys) = self.keys[..self.rounds]
            .split_last()
            .expect("invariant: there are ten rounds or more");
        for (round, key) in (1..).zip(keys) {
            planes = mix_columns(sub_bytes(planes), permutations, round % 4);
            add(&mut planes, key);
        }
        planes = sub_bytes(planes);
        add(&mut planes, last);
        let rows = load(&permutations.rows[self.rounds % 4]);
        let mut blocks = join(planes);
        for block in &mut blocks {
            *block = u8x16_swizzle(*block, rows);
        }
        blocks
    }
}

/// A key with a nonce.
pub(super) struct CounterMode<'a> {
    key: &'a Aes,
    /// The nonce, in a block whose last word is for the counter.
    nonce: v128,
    /// The keystream from the block that is for the tag.
    first: Keystream<BLOCKS>,
}

impl<'a> CounterMode<'a> {
    #[target_feature(enable = "simd128")]
    pub(super) fn new(key: &'a Aes, nonce: &[u8; 12]) -> Self {
        let mut words = [0; 3];
        for (word, bytes) in words.iter_mut().zip(nonce.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        let nonce = u32x4(words[0], words[1], words[2], 0);
        let mut this = Self {
            key,
            nonce,
            first: Keystream([ZERO; BLOCKS]),
        };
        this.first.0 = this.stripe(FIRST);
        this
    }

    /// What hides the tag.
    #[target_feature(enable = "simd128")]
    pub(super) fn mask(&self) -> v128 {
        self.first.0[0]
    }

    /// Encrypts or decrypts `data`.
    #[target_feature(enable = "simd128")]
    pub(super) fn apply(&self, data: &mut [u8]) {
        apply(self, &self.first.0[1..], FIRST + Self::BLOCKS, data);
    }
}

impl Cipher<BLOCKS> for CounterMode<'_> {
    const BLOCKS: u32 = BLOCKS as u32;

    #[inline(always)]
    fn stripe(&self, counter: u32) -> [v128; BLOCKS] {
        let big_endian = load(black_box(&COUNTER_LAST));
        let mut counted = i32x4_replace_lane::<3>(self.nonce, counter as i32);
        let mut blocks = [ZERO; BLOCKS];
        for block in &mut blocks {
            *block = v128_xor(u8x16_swizzle(counted, big_endian), self.key.whitening);
            counted = i32x4_add(counted, u32x4(0, 0, 0, 1));
        }
        self.key.encrypt(blocks)
    }
}

/// A block's bytes, with those of the last word turned around.
const COUNTER_LAST: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 15, 14, 13, 12];

/// For each number of steps that rows are shifted by, modulo 4. The compiler is not to see them: of a known
/// permutation it makes a shuffle of two vectors.
struct Permutations {
    /// ShiftRows, so many times.
    rows: [[u8; 16]; 4],
    /// Each column turned by one byte and by two, of rows that are shifted back so far.
    columns: [[[u8; 16]; 2]; 4],
}

static PERMUTATIONS: Permutations = Permutations::new();

impl Permutations {
    const fn new() -> Self {
        let mut rows = [[0; 16]; 4];
        let mut columns = [[[0; 16]; 2]; 4];
        let mut steps = 0;
        while steps < 4 {
            let mut place = 0;
            while place < 16 {
                let (row, column) = (place % 4, place / 4);
                rows[steps][place] = (row + 4 * ((column + steps * row) % 4)) as u8;
                let mut turn = 1;
                while turn <= 2 {
                    let from = (row + turn) % 4;
                    let column = (column + steps * (from + 4 - row)) % 4;
                    columns[steps][turn - 1][place] = (from + 4 * column) as u8;
                    turn += 1;
                }
                place += 1;
            }
            steps += 1;
        }
        Self { rows, columns }
    }
}

/// Twice a byte, three times the one below, and the two below that, for each byte of a column (section 5.1.3).
#[inline(always)]
fn mix_columns(planes: Planes, permutations: &Permutations, steps: usize) -> Planes {
    let [one, two] = &permutations.columns[steps];
    let (one, two) = (load(one), load(two));
    let mut below = planes;
    let mut sums = planes;
    for ((below, sum), plane) in below.iter_mut().zip(&mut sums).zip(planes) {
        *below = u8x16_swizzle(plane, one);
        *sum = v128_xor(plane, *below);
    }
    let high = sums[BLOCKS - 1];
    let mut mixed = planes;
    for (bit, plane) in mixed.iter_mut().enumerate() {
        // Twice a byte: its bits move up, and the highest comes back as 0x1b.
        let mut double = if bit == 0 { high } else { sums[bit - 1] };
        if matches!(bit, 1 | 3 | 4) {
            double = v128_xor(double, high);
        }
        let rest = v128_xor(below[bit], u8x16_swizzle(sums[bit], two));
        *plane = v128_xor(double, rest);
    }
    mixed
}

#[inline(always)]
fn add(planes: &mut Planes, key: &Planes) {
    for (plane, key) in planes.iter_mut().zip(key) {
        *plane = v128_xor(*plane, *key);
    }
}

/// SubBytes of a word.
#[target_feature(enable = "simd128")]
fn sub_word(word: u32) -> u32 {
    let planes = sub_bytes(slice_one(u32x4(word, 0, 0, 0)));
    let [block, ..] = join(planes);
    i32x4_extract_lane::<0>(v128_xor(block, CONSTANT)) as u32
}

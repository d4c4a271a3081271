//! GHASH (NIST SP 800-38D, section 6.4) over whole blocks, sixteen at a time where there are many.
//!
//! A block is a polynomial over the field of two elements: the highest bit of its first byte is the coefficient
//! of x^0. The sum over the blocks is kept in sixteen lanes, each of which takes every sixteenth block: a step
//! multiplies all lanes by H^16, and the end by what each has too little of H.

mod element;
mod lookup;

use core::arch::wasm32::{i8x16_shuffle, u32x4, v128, v128_xor};

use zeroize::Zeroize;

use super::lanes::{LANES, load, store};
use element::Element;
use lookup::Lookup;

/// As many blocks go at a time.
const BLOCKS: usize = 16;
const GROUP: usize = BLOCKS * LANES;
const ZERO: v128 = u32x4(0, 0, 0, 0);

/// Sixteen elements: each vector has a byte of each.
type Lanes = [v128; LANES];

/// The key H, and its powers. It is wiped when it is dropped.
pub(super) struct HashKey {
    h: Element,
    /// By H^16.
    lookup: Lookup,
}

impl Drop for HashKey {
    fn drop(&mut self) {
        self.h.zeroize();
    }
}

impl HashKey {
    /// Of AES's block of zeros.
    #[target_feature(enable = "simd128")]
    pub(super) fn new(block: v128) -> Self {
        let mut bytes = [0; LANES];
        store(&mut bytes, block);
        let h = Element::new(&bytes);
        bytes.zeroize();
        let mut power = h;
        for _ in 0..BLOCKS.ilog2() {
            power = power.times(power);
        }
        Self {
            h,
            lookup: Lookup::new(power),
        }
    }
}

/// A hash under way.
pub(super) struct Ghash<'a> {
    key: &'a HashKey,
    sum: Element,
}

impl<'a> Ghash<'a> {
    #[target_feature(enable = "simd128")]
    pub(super) fn new(key: &'a HashKey) -> Self {
        Self {
            key,
            sum: Element::ZERO,
        }
    }

    /// Takes `data` in, filled up with zeros to whole blocks.
    #[target_feature(enable = "simd128")]
    pub(super) fn absorb(&mut self, data: &[u8]) {
        let (groups, rest) = data.as_chunks::<GROUP>();
        if let Some((first, groups)) = groups.split_first() {
            self.absorb_groups(first, groups);
        }
        let (blocks, rest) = rest.as_chunks();
        for block in blocks {
            self.absorb_block(block);
        }
        if !rest.is_empty() {
            let mut block = [0; LANES];
            block[..rest.len()].copy_from_slice(rest);
            self.absorb_block(&block);
        }
    }

    #[target_feature(enable = "simd128")]
    pub(super) fn absorb_block(&mut self, block: &[u8; LANES]) {
        self.sum = self.sum.plus(Element::new(block)).times(self.key.h);
    }

    #[target_feature(enable = "simd128")]
    fn absorb_groups(&mut self, first: &[u8; GROUP], rest: &[[u8; GROUP]]) {
        let mut lanes = lanes(first, load(&self.sum.bytes()));
        self.sum = Element::ZERO;
        for group in rest {
            let product = self.key.lookup.times(&lanes);
            lanes = self::lanes(group, ZERO);
            for (lane, product) in lanes.iter_mut().zip(product) {
                *lane = v128_xor(*lane, product);
            }
        }
        let mut blocks = [[0; LANES]; BLOCKS];
        for (block, vector) in blocks.iter_mut().zip(transpose(lanes)) {
            store(block, vector);
        }
        for block in &blocks {
            self.absorb_block(block);
        }
        blocks.zeroize();
    }

    /// The sum.
    #[target_feature(enable = "simd128")]
    pub(super) fn finish(self) -> v128 {
        load(&self.sum.bytes())
    }
}

impl Drop for Ghash<'_> {
    fn drop(&mut self) {
        self.sum.zeroize();
    }
}

/// The bytes of sixteen blocks, sorted by their place. `sum` is added to the first block.
#[target_feature(enable = "simd128")]
fn lanes(group: &[u8; GROUP], sum: v128) -> Lanes {
    let mut blocks = [ZERO; BLOCKS];
    for (vector, block) in blocks.iter_mut().zip(group.as_chunks().0) {
        *vector = load(block);
    }
    blocks[0] = v128_xor(blocks[0], sum);
    transpose(blocks)
}

/// The rows of a matrix of bytes become its columns. It is large, and is to be there once.
#[inline(never)]
#[target_feature(enable = "simd128")]
fn transpose(rows: [v128; LANES]) -> [v128; LANES] {
    interleave(interleave(interleave(interleave(rows))))
}

/// The bytes of the first half of the rows and of the second, by turns.
#[inline(always)]
fn interleave(rows: [v128; LANES]) -> [v128; LANES] {
    let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = rows;
    let ([a0, a1], [b0, b1], [c0, c1], [d0, d1]) = (pair(a, i), pair(b, j), pair(c, k), pair(d, l));
    let ([e0, e1], [f0, f1], [g0, g1], [h0, h1]) = (pair(e, m), pair(f, n), pair(g, o), pair(h, p));
    [
        a0, a1, b0, b1, c0, c1, d0, d1, e0, e1, f0, f1, g0, g1, h0, h1,
    ]
}

#[inline(always)]
fn pair(a: v128, b: v128) -> [v128; 2] {
    [
        i8x16_shuffle::<0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23>(a, b),
        i8x16_shuffle::<8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31>(a, b),
    ]
}

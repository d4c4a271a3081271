//! WebAssembly's vectors of 128 bits, as far as the kernel uses them, in plain arithmetic: the first lane is the lowest.

#![allow(non_camel_case_types, reason = "the names of core::arch::wasm32")]
#![allow(missing_docs, reason = "the instructions are WebAssembly's")]

/// A vector.
#[derive(Clone, Copy, Debug)]
pub struct v128(u128);

fn bytes(vector: v128) -> [u8; 16] {
    vector.0.to_le_bytes()
}

fn words(vector: v128) -> [u32; 4] {
    std::array::from_fn(|lane| (vector.0 >> (32 * lane)) as u32)
}

fn halves(vector: v128) -> [u64; 2] {
    [vector.0 as u64, (vector.0 >> 64) as u64]
}

fn of_bytes(lanes: [u8; 16]) -> v128 {
    v128(u128::from_le_bytes(lanes))
}

fn of_words([a, b, c, d]: [u32; 4]) -> v128 {
    u32x4(a, b, c, d)
}

fn of_halves([a, b]: [u64; 2]) -> v128 {
    u64x2(a, b)
}

pub const fn u32x4(a: u32, b: u32, c: u32, d: u32) -> v128 {
    v128(a as u128 | (b as u128) << 32 | (c as u128) << 64 | (d as u128) << 96)
}

pub const fn u64x2(a: u64, b: u64) -> v128 {
    v128(a as u128 | (b as u128) << 64)
}

#[allow(clippy::too_many_arguments, reason = "as many as there are lanes")]
pub const fn u8x16(
    a: u8,
    b: u8,
    c: u8,
    d: u8,
    e: u8,
    f: u8,
    g: u8,
    h: u8,
    i: u8,
    j: u8,
    k: u8,
    l: u8,
    m: u8,
    n: u8,
    o: u8,
    p: u8,
) -> v128 {
    v128(u128::from_le_bytes([
        a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p,
    ]))
}

pub fn u8x16_splat(byte: u8) -> v128 {
    of_bytes([byte; 16])
}

pub fn u32x4_splat(word: u32) -> v128 {
    of_words([word; 4])
}

pub fn u64x2_splat(half: u64) -> v128 {
    of_halves([half; 2])
}

pub fn u32x4_extract_lane<const LANE: usize>(vector: v128) -> u32 {
    words(vector)[LANE]
}

pub fn i32x4_extract_lane<const LANE: usize>(vector: v128) -> i32 {
    words(vector)[LANE] as i32
}

pub fn u64x2_extract_lane<const LANE: usize>(vector: v128) -> u64 {
    halves(vector)[LANE]
}

pub fn i32x4_replace_lane<const LANE: usize>(vector: v128, word: i32) -> v128 {
    let mut lanes = words(vector);
    lanes[LANE] = word as u32;
    of_words(lanes)
}

pub fn v128_and(one: v128, other: v128) -> v128 {
    v128(one.0 & other.0)
}

pub fn v128_or(one: v128, other: v128) -> v128 {
    v128(one.0 | other.0)
}

pub fn v128_xor(one: v128, other: v128) -> v128 {
    v128(one.0 ^ other.0)
}

pub fn v128_any_true(vector: v128) -> bool {
    vector.0 != 0
}

pub fn u32x4_add(one: v128, other: v128) -> v128 {
    let (one, other) = (words(one), words(other));
    of_words(std::array::from_fn(|lane| {
        one[lane].wrapping_add(other[lane])
    }))
}

pub fn i32x4_add(one: v128, other: v128) -> v128 {
    u32x4_add(one, other)
}

pub fn u64x2_add(one: v128, other: v128) -> v128 {
    let (one, other) = (halves(one), halves(other));
    of_halves(std::array::from_fn(|lane| {
        one[lane].wrapping_add(other[lane])
    }))
}

pub fn u64x2_extmul_low_u32x4(one: v128, other: v128) -> v128 {
    let (one, other) = (words(one), words(other));
    of_halves(std::array::from_fn(|lane| {
        u64::from(one[lane]) * u64::from(other[lane])
    }))
}

pub fn u64x2_extmul_high_u32x4(one: v128, other: v128) -> v128 {
    let (one, other) = (words(one), words(other));
    of_halves(std::array::from_fn(|lane| {
        u64::from(one[lane + 2]) * u64::from(other[lane + 2])
    }))
}

pub fn u8x16_shl(vector: v128, bits: u32) -> v128 {
    of_bytes(bytes(vector).map(|lane| lane << (bits % 8)))
}

pub fn u8x16_shr(vector: v128, bits: u32) -> v128 {
    of_bytes(bytes(vector).map(|lane| lane >> (bits % 8)))
}

pub fn u32x4_shl(vector: v128, bits: u32) -> v128 {
    of_words(words(vector).map(|lane| lane << (bits % 32)))
}

pub fn u32x4_shr(vector: v128, bits: u32) -> v128 {
    of_words(words(vector).map(|lane| lane >> (bits % 32)))
}

pub fn u64x2_shl(vector: v128, bits: u32) -> v128 {
    of_halves(halves(vector).map(|lane| lane << (bits % 64)))
}

pub fn u64x2_shr(vector: v128, bits: u32) -> v128 {
    of_halves(halves(vector).map(|lane| lane >> (bits % 64)))
}

pub fn u8x16_eq(one: v128, other: v128) -> v128 {
    let (one, other) = (bytes(one), bytes(other));
    of_bytes(std::array::from_fn(|lane| {
        if one[lane] == other[lane] { 0xff } else { 0 }
    }))
}

pub fn u8x16_swizzle(vector: v128, places: v128) -> v128 {
    let lanes = bytes(vector);
    of_bytes(bytes(places).map(|place| lanes.get(usize::from(place)).copied().unwrap_or(0)))
}

pub fn i64x2_shuffle<const A: usize, const B: usize>(one: v128, other: v128) -> v128 {
    let ([a, b], [c, d]) = (halves(one), halves(other));
    let lanes = [a, b, c, d];
    of_halves([lanes[A], lanes[B]])
}

pub fn i32x4_shuffle<const A: usize, const B: usize, const C: usize, const D: usize>(
    one: v128,
    other: v128,
) -> v128 {
    let lanes = [words(one), words(other)].concat();
    of_words([lanes[A], lanes[B], lanes[C], lanes[D]])
}

pub fn i8x16_shuffle<
    const A: usize,
    const B: usize,
    const C: usize,
    const D: usize,
    const E: usize,
    const F: usize,
    const G: usize,
    const H: usize,
    const I: usize,
    const J: usize,
    const K: usize,
    const L: usize,
    const M: usize,
    const N: usize,
    const O: usize,
    const P: usize,
>(
    one: v128,
    other: v128,
) -> v128 {
    let mut lanes = [0; 32];
    lanes[..16].copy_from_slice(&bytes(one));
    lanes[16..].copy_from_slice(&bytes(other));
    of_bytes([A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P].map(|place| lanes[place]))
}

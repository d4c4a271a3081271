//! Bytes to vectors and back. The compiler makes one load or store of each.

use core::arch::wasm32::{i32x4_shuffle, i64x2_shuffle, u64x2, u64x2_extract_lane, v128, v128_xor};

/// The unit of everything here, in bytes.
pub(super) const LANES: usize = 16;

#[inline(always)]
pub(super) fn load(bytes: &[u8; LANES]) -> v128 {
    let word = u128::from_le_bytes(*bytes);
    u64x2(word as u64, (word >> 64) as u64)
}

#[inline(always)]
pub(super) fn store(bytes: &mut [u8; LANES], vector: v128) {
    let low = u128::from(u64x2_extract_lane::<0>(vector));
    let high = u128::from(u64x2_extract_lane::<1>(vector));
    *bytes = (high << 64 | low).to_le_bytes();
}

/// Changes `bytes` by a piece of a keystream.
#[inline(always)]
pub(super) fn xor(bytes: &mut [u8; LANES], key: v128) {
    store(bytes, v128_xor(load(bytes), key));
}

/// The rows of a matrix of 32-bit words become its columns.
#[inline(always)]
pub(super) fn transpose([a, b, c, d]: [v128; 4]) -> [v128; 4] {
    let ab_low = i32x4_shuffle::<0, 4, 1, 5>(a, b);
    let ab_high = i32x4_shuffle::<2, 6, 3, 7>(a, b);
    let cd_low = i32x4_shuffle::<0, 4, 1, 5>(c, d);
    let cd_high = i32x4_shuffle::<2, 6, 3, 7>(c, d);
    [
        i64x2_shuffle::<0, 2>(ab_low, cd_low),
        i64x2_shuffle::<1, 3>(ab_low, cd_low),
        i64x2_shuffle::<0, 2>(ab_high, cd_high),
        i64x2_shuffle::<1, 3>(ab_high, cd_high),
    ]
}

//! Blocks cut by bits, and put together again.

use core::arch::wasm32::{u8x16_eq, u8x16_splat, u64x2_shl, u64x2_shr, v128, v128_and, v128_xor};

/// How many blocks there are at a time, and how many bits in a byte.
pub(super) const BLOCKS: usize = 8;

/// The lowest bit of all bytes comes first. In each byte, the lowest bit is the first block's.
pub(super) type Planes = [v128; BLOCKS];

/// Of eight blocks.
#[inline(always)]
pub(super) fn slice(blocks: [v128; BLOCKS]) -> Planes {
    transpose(blocks)
}

/// Of a block that there is eight times: each bit of a byte is the same.
#[inline(always)]
pub(super) fn slice_one(block: v128) -> Planes {
    let mut planes = [block; BLOCKS];
    for (bit, plane) in planes.iter_mut().enumerate() {
        let bit = u8x16_splat(1 << bit);
        *plane = u8x16_eq(v128_and(*plane, bit), bit);
    }
    planes
}

/// The blocks of planes.
#[inline(always)]
pub(super) fn join(planes: Planes) -> [v128; BLOCKS] {
    transpose(planes)
}

/// For each place, the bits of its eight bytes are a matrix whose rows become its columns.
#[inline(always)]
fn transpose(mut rows: [v128; BLOCKS]) -> [v128; BLOCKS] {
    for (first, second) in [(0, 1), (2, 3), (4, 5), (6, 7)] {
        exchange::<1>(&mut rows, first, second, 0x55);
    }
    for (first, second) in [(0, 2), (1, 3), (4, 6), (5, 7)] {
        exchange::<2>(&mut rows, first, second, 0x33);
    }
    for (first, second) in [(0, 4), (1, 5), (2, 6), (3, 7)] {
        exchange::<4>(&mut rows, first, second, 0x0f);
    }
    rows
}

/// The upper bits of one row for the lower ones of another, `SHIFT` below; `lower` are those.
#[inline(always)]
fn exchange<const SHIFT: u32>(rows: &mut [v128; BLOCKS], first: usize, second: usize, lower: u8) {
    let upper = u64x2_shr(rows[first], SHIFT);
    let differing = v128_and(v128_xor(upper, rows[second]), u8x16_splat(lower));
    rows[second] = v128_xor(rows[second], differing);
    rows[first] = v128_xor(rows[first], u64x2_shl(differing, SHIFT));
}

//! Sixteen elements multiplied by one, half a byte at a time.
//!
//! What half a byte times the factor is stands in tables of sixteen bytes, one for each byte of that product. A
//! table is a vector, and sixteen lanes look into it at once by a permutation: the processor reads the same memory
//! whatever they look for.

use core::arch::wasm32::{
    u8x16_shl, u8x16_shr, u8x16_splat, u8x16_swizzle, u32x4, v128, v128_and, v128_xor,
};

use zeroize::optimization_barrier;

use super::Lanes;
use super::element::Element;
use crate::lanes::{LANES, load};

const ZERO: v128 = u32x4(0, 0, 0, 0);
/// The bytes of half an element, and of its product with one byte.
const HALF: usize = LANES / 2;
const PRODUCT: usize = HALF + 1;

/// A factor. By Karatsuba's way: its halves, and their sum.
pub(super) struct Lookup {
    first: Tables,
    second: Tables,
    sum: Tables,
}

impl Lookup {
    pub(super) fn new(factor: Element) -> Self {
        let [first, second] = factor.halves();
        Self {
            first: Tables::new(first),
            second: Tables::new(second),
            sum: Tables::new(first ^ second),
        }
    }

    /// The factor times each element.
    #[target_feature(enable = "simd128")]
    pub(super) fn times(&self, lanes: &Lanes) -> Lanes {
        let (halves, _) = lanes.as_chunks::<HALF>();
        let mut sums = halves[0];
        for (sum, second) in sums.iter_mut().zip(&halves[1]) {
            *sum = v128_xor(*sum, *second);
        }
        let first = self.first.times(&halves[0]);
        let second = self.second.times(&halves[1]);
        let sum = self.sum.times(&sums);
        let mut product = [ZERO; 2 * LANES];
        for byte in 0..HALF {
            // The middle overlaps the end of the first product and the beginning of the second.
            let shared = v128_xor(first[HALF + byte], second[byte]);
            let lower = v128_xor(sum[byte], first[byte]);
            let upper = v128_xor(sum[HALF + byte], second[HALF + byte]);
            product[byte] = first[byte];
            product[HALF + byte] = v128_xor(shared, lower);
            product[2 * HALF + byte] = v128_xor(shared, upper);
            product[3 * HALF + byte] = second[HALF + byte];
        }
        reduced(product)
    }
}

/// Modulo x^128 + x^7 + x^2 + x + 1, from the last byte on.
#[inline(always)]
fn reduced(mut product: [v128; 2 * LANES]) -> Lanes {
    for byte in (0..LANES).rev() {
        let over = product[LANES + byte];
        let here = v128_xor(u8x16_shr(over, 1), u8x16_shr(over, 2));
        let here = v128_xor(here, v128_xor(u8x16_shr(over, 7), over));
        let next = v128_xor(u8x16_shl(over, 6), u8x16_shl(over, 1));
        let next = v128_xor(next, u8x16_shl(over, 7));
        product[byte] = v128_xor(product[byte], here);
        product[byte + 1] = v128_xor(product[byte + 1], next);
    }
    let (lanes, _) = product.as_chunks();
    lanes[0]
}

/// What each half of a byte, upper and lower, is worth when it is multiplied by half a factor.
struct Tables {
    upper: Half,
    lower: Half,
}

/// A table for each byte of the product.
type Half = [[u8; LANES]; PRODUCT];

const EMPTY: Half = [[0; LANES]; PRODUCT];

impl Drop for Tables {
    fn drop(&mut self) {
        self.upper = EMPTY;
        self.lower = EMPTY;
        optimization_barrier(self);
    }
}

impl Tables {
    fn new(half: u64) -> Self {
        let mut this = Self {
            upper: EMPTY,
            lower: EMPTY,
        };
        let half = u128::from(half) << 64;
        for value in 0..LANES {
            // The upper bit is the coefficient of x^0 in the upper half of a byte, and of x^4 in the lower.
            let product = (0..4).fold(0, |product, power| {
                let bit = value >> (3 - power) & 1;
                product ^ ((half >> power) * bit as u128)
            });
            fill(&mut this.upper, value, product);
            fill(&mut this.lower, value, product >> 4);
        }
        this
    }

    /// It is large, and is to be there once.
    #[inline(never)]
    #[target_feature(enable = "simd128")]
    fn times(&self, half: &[v128; HALF]) -> [v128; LANES] {
        let mut product = [ZERO; LANES];
        // What the places after this one add to: it stays in registers.
        let mut window = [ZERO; HALF];
        for (product, bytes) in product.iter_mut().zip(half) {
            let upper = u8x16_shr(*bytes, 4);
            let lower = v128_and(*bytes, u8x16_splat(0x0f));
            let mut terms = [ZERO; PRODUCT];
            for (byte, term) in terms.iter_mut().enumerate() {
                let upper = u8x16_swizzle(load(&self.upper[byte]), upper);
                let lower = u8x16_swizzle(load(&self.lower[byte]), lower);
                *term = v128_xor(upper, lower);
            }
            *product = v128_xor(window[0], terms[0]);
            for byte in 1..HALF {
                window[byte - 1] = v128_xor(window[byte], terms[byte]);
            }
            window[HALF - 1] = terms[HALF];
        }
        product[HALF..].copy_from_slice(&window);
        product
    }
}

fn fill(tables: &mut Half, value: usize, product: u128) {
    for (table, byte) in tables.iter_mut().zip(product.to_be_bytes()) {
        table[value] = byte;
    }
}

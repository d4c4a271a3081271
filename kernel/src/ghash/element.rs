//! One element of the field, multiplied by numbers with holes.
//!
//! The processor's product of two numbers carries; where only every fourth bit is set, carries end in the holes,
//! and are masked away ("Constant-time mul", BearSSL). The upper half of a product is the lower half of that of
//! the reversed numbers.

use zeroize::Zeroize;

/// A polynomial; the highest bit is the coefficient of x^0.
#[derive(Clone, Copy)]
pub(super) struct Element {
    /// The coefficients from x^0 on.
    first: u64,
    /// Those from x^64 on.
    second: u64,
}

impl Zeroize for Element {
    fn zeroize(&mut self) {
        self.first.zeroize();
        self.second.zeroize();
    }
}

impl Element {
    pub(super) const ZERO: Self = Self {
        first: 0,
        second: 0,
    };

    pub(super) fn new(block: &[u8; 16]) -> Self {
        let number = u128::from_be_bytes(*block);
        Self {
            first: (number >> 64) as u64,
            second: number as u64,
        }
    }

    pub(super) fn bytes(self) -> [u8; 16] {
        (u128::from(self.first) << 64 | u128::from(self.second)).to_be_bytes()
    }

    /// The coefficients from x^0 on, and those from x^64 on.
    pub(super) fn halves(self) -> [u64; 2] {
        [self.first, self.second]
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            first: self.first ^ other.first,
            second: self.second ^ other.second,
        }
    }

    /// By Karatsuba's way.
    pub(super) fn times(self, other: Self) -> Self {
        let (a, b) = (self.first, self.second);
        let (c, d) = (other.first, other.second);
        let first = product(a, c);
        let last = product(b, d);
        let middle = product(a ^ b, c ^ d);
        let middle = [0, 1].map(|half| middle[half] ^ first[half] ^ last[half]);
        Self::reduced([first[0], first[1] ^ middle[0], last[0] ^ middle[1], last[1]])
    }

    /// Modulo x^128 + x^7 + x^2 + x + 1, of coefficients from x^0, x^64, x^128 and x^192 on.
    fn reduced([mut a, mut b, mut c, d]: [u64; 4]) -> Self {
        b ^= d ^ d >> 1 ^ d >> 2 ^ d >> 7;
        c ^= d << 63 ^ d << 62 ^ d << 57;
        a ^= c ^ c >> 1 ^ c >> 2 ^ c >> 7;
        b ^= c << 63 ^ c << 62 ^ c << 57;
        Self {
            first: a,
            second: b,
        }
    }
}

/// The product of two polynomials whose highest bit is the coefficient of x^0: those from x^0 and from x^64 on.
fn product(a: u64, b: u64) -> [u64; 2] {
    // It has 127 coefficients: x^63 stands in both halves, and the second begins one below it.
    let first = lower_half(a.reverse_bits(), b.reverse_bits()).reverse_bits();
    let second = lower_half(a, b) << 1;
    [first, second]
}

/// The lower 64 bits of the product without carries.
fn lower_half(a: u64, b: u64) -> u64 {
    const EVERY_FOURTH: u64 = 0x1111_1111_1111_1111;
    let parts = |number: u64| [0, 1, 2, 3].map(|shift| number & EVERY_FOURTH << shift);
    let (a, b) = (parts(a), parts(b));
    let mut product = 0;
    for shift in 0..4 {
        let sum = (0..4).fold(0, |sum, part| {
            sum ^ a[part].wrapping_mul(b[(shift + 4 - part) % 4])
        });
        product |= sum & EVERY_FOURTH << shift;
    }
    product
}

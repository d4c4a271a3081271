//! Poly1305 (RFC 8439, section 2.5) over whole blocks, which is all that the AEAD feeds it.
//!
//! Numbers modulo 2^130 - 5 are five limbs of 26 bits. A limb may run over by a little: at most 2^27
//! goes into a multiplication, so a sum of five products stays below 2^58. Long data goes four
//! blocks at a time, each in a lane of its own: every step multiplies all lanes by r^4, and the last
//! by r^4, r^3, r^2 and r, after which they are added up.

use core::arch::wasm32::{
    i32x4_shuffle, u32x4, u32x4_add, u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_splat,
    u64x2_add, u64x2_extmul_high_u32x4, u64x2_extmul_low_u32x4, u64x2_shl, u64x2_shr, u64x2_splat,
    v128, v128_and, v128_or, v128_xor,
};
use core::array::from_fn;
use core::hint::black_box;

use zeroize::Zeroize;

use super::lanes::{LANES, load, transpose};

/// A limb's bits, and how many.
const MASK: u32 = (1 << BITS) - 1;
const BITS: u32 = 26;
/// The bit above a block's sixteen bytes, in the last limb.
const TOP: u32 = 1 << 24;
/// What r may have of its first, second, third and fourth word.
const CLAMP: [u32; 4] = [0x0fff_ffff, 0x0fff_fffc, 0x0fff_fffc, 0x0fff_fffc];
/// As many bytes go at a time.
const GROUP: usize = 4 * LANES;
/// From here on the powers of r are worth their cost.
const LONG: usize = 4 * GROUP;

/// A number.
#[derive(Clone, Copy)]
pub(super) struct Limbs([u32; 5]);

/// Four numbers: each vector has a limb of each.
type Vectors = [v128; 5];

/// A MAC under way.
pub(super) struct Poly1305 {
    r: Limbs,
    sum: Limbs,
    pad: [u32; 4],
}

impl Drop for Poly1305 {
    fn drop(&mut self) {
        self.r.0.zeroize();
        self.sum.0.zeroize();
        self.pad.zeroize();
    }
}

impl Poly1305 {
    /// The halves of a key that is used once.
    #[target_feature(enable = "simd128")]
    pub(super) fn new([r, pad]: [v128; 2]) -> Self {
        let r = words(r);
        Self {
            r: Limbs::new(from_fn(|index| r[index] & CLAMP[index])),
            sum: Limbs([0; 5]),
            pad: words(pad),
        }
    }

    /// Takes `data` in, filled up with zeros to whole blocks.
    #[target_feature(enable = "simd128")]
    pub(super) fn absorb(&mut self, data: &[u8]) {
        let (groups, _) = data.as_chunks::<GROUP>();
        let whole = if data.len() < LONG { 0 } else { groups.len() };
        if let Some((first, rest)) = groups[..whole].split_first() {
            self.absorb_groups(first, rest);
        }
        let (blocks, rest) = data[whole * GROUP..].as_chunks();
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
        let mut limbs = Limbs::new(words(load(block)));
        limbs.0[4] |= TOP;
        self.absorb_number(limbs);
    }

    #[target_feature(enable = "simd128")]
    pub(super) fn absorb_number(&mut self, limbs: Limbs) {
        self.sum = self.sum.plus(limbs).times(self.r);
    }

    #[target_feature(enable = "simd128")]
    fn absorb_groups(&mut self, first: &[u8; GROUP], rest: &[[u8; GROUP]]) {
        let square = self.r.times(self.r);
        let powers = [square.times(square), square.times(self.r), square, self.r];
        let fourth = Factor::new([powers[0]; 4]);
        let mut lanes = split(first);
        for (lane, limb) in lanes.iter_mut().zip(self.sum.0) {
            *lane = u32x4_add(*lane, u32x4(limb, 0, 0, 0));
        }
        for group in rest {
            let product = fourth.times(&lanes);
            let group = split(group);
            lanes = from_fn(|limb| u32x4_add(product[limb], group[limb]));
        }
        let lanes = Factor::new(powers).times(&lanes);
        self.sum = Limbs::carried(lanes.map(|lane| words(lane).map(u64::from).iter().sum()));
    }

    /// The tag.
    #[target_feature(enable = "simd128")]
    pub(super) fn finish(self) -> v128 {
        let [a, b, c, d, e] = self.sum.reduced().0;
        let number = [
            a | b << 26,
            b >> 6 | c << 20,
            c >> 12 | d << 14,
            d >> 18 | e << 8,
        ];
        let mut carry = 0;
        let [a, b, c, d] = from_fn(|index| {
            carry += u64::from(number[index]) + u64::from(self.pad[index]);
            let word = carry as u32;
            carry >>= 32;
            word
        });
        u32x4(a, b, c, d)
    }
}

impl Limbs {
    #[target_feature(enable = "simd128")]
    pub(super) fn new([a, b, c, d]: [u32; 4]) -> Self {
        Self([
            a & MASK,
            (a >> 26 | b << 6) & MASK,
            (b >> 20 | c << 12) & MASK,
            (c >> 14 | d << 18) & MASK,
            d >> 8,
        ])
    }

    #[target_feature(enable = "simd128")]
    fn plus(self, other: Self) -> Self {
        Self(from_fn(|limb| self.0[limb] + other.0[limb]))
    }

    #[target_feature(enable = "simd128")]
    fn times(self, other: Self) -> Self {
        let product = |left: usize, right: usize| {
            let factor = if left + right < 5 { 1 } else { 5 };
            u64::from(self.0[left]) * u64::from(other.0[right] * factor)
        };
        Self::carried(from_fn(|limb| {
            (0..5)
                .map(|left| product(left, (limb + 5 - left) % 5))
                .sum()
        }))
    }

    /// Brings limbs back to their size, but for a little in the second.
    #[target_feature(enable = "simd128")]
    fn carried(wide: [u64; 5]) -> Self {
        let mut carry = 0;
        let mut limbs = wide.map(|limb| {
            let limb = limb + carry;
            carry = limb >> BITS;
            limb as u32 & MASK
        });
        // 2^130 is 5.
        let low = u64::from(limbs[0]) + carry * 5;
        limbs[0] = low as u32 & MASK;
        limbs[1] += (low >> BITS) as u32;
        Self(limbs)
    }

    /// The same number below 2^130 - 5.
    #[target_feature(enable = "simd128")]
    fn reduced(self) -> Self {
        let Self(limbs) = Self::carried(Self::carried(self.0.map(u64::from)).0.map(u64::from));
        let mut carry = 5;
        let less = limbs.map(|limb| {
            let limb = limb + carry;
            carry = limb >> BITS;
            limb & MASK
        });
        // All ones if adding 5 carried out of the top: then what is left is the number.
        let over = 0_u32.wrapping_sub(carry);
        Self(from_fn(|limb| (less[limb] & over) | (limbs[limb] & !over)))
    }
}

/// What four numbers are multiplied by.
struct Factor {
    limbs: Vectors,
    /// Five times as much, for products that went round.
    fives: Vectors,
}

impl Factor {
    #[target_feature(enable = "simd128")]
    fn new(numbers: [Limbs; 4]) -> Self {
        let vector = |limb: usize, times: u32| {
            let [a, b, c, d] = numbers.map(|number| number.0[limb] * times);
            u32x4(a, b, c, d)
        };
        Self {
            limbs: from_fn(|limb| vector(limb, 1)),
            fives: from_fn(|limb| vector(limb, 5)),
        }
    }

    #[inline(always)]
    fn times(&self, numbers: &Vectors) -> Vectors {
        // A factor that the compiler sees to be the same each time is widened to 64 bits ahead of
        // the loop; the products are then of 64 by 64 bits, for which engines need much longer.
        let changed = u64x2_splat(black_box(0));
        let factor = Self {
            limbs: self.limbs.map(|limb| v128_xor(limb, changed)),
            fives: self.fives.map(|limb| v128_xor(limb, changed)),
        };
        let low = carry(factor.sums(numbers, |a, b| u64x2_extmul_low_u32x4(a, b)));
        let high = carry(factor.sums(numbers, |a, b| u64x2_extmul_high_u32x4(a, b)));
        from_fn(|limb| i32x4_shuffle::<0, 2, 4, 6>(low[limb], high[limb]))
    }

    /// Two lanes' products, before any carry.
    #[inline(always)]
    fn sums(&self, numbers: &Vectors, product: impl Fn(v128, v128) -> v128) -> Vectors {
        from_fn(|limb| {
            let factor = |left| match limb.checked_sub(left) {
                Some(right) => self.limbs[right],
                None => self.fives[limb + 5 - left],
            };
            let products: Vectors = from_fn(|left| product(numbers[left], factor(left)));
            products
                .into_iter()
                .reduce(|a, b| u64x2_add(a, b))
                .expect("invariant: five limbs")
        })
    }
}

/// Brings two lanes' limbs back to their size, but for a little in the second and the last.
#[inline(always)]
fn carry(mut wide: Vectors) -> Vectors {
    let mask = u64x2_splat(u64::from(MASK));
    let mut step = |from: usize, to: usize| {
        let over = u64x2_shr(wide[from], BITS);
        wide[from] = v128_and(wide[from], mask);
        let over = if to == 0 {
            u64x2_add(over, u64x2_shl(over, 2))
        } else {
            over
        };
        wide[to] = u64x2_add(wide[to], over);
    };
    // Two chains, so that neither waits for itself.
    for (from, to) in [(0, 1), (3, 4), (1, 2), (4, 0), (2, 3), (0, 1), (3, 4)] {
        step(from, to);
    }
    wide
}

/// Four blocks as numbers.
#[inline(always)]
fn split(group: &[u8; GROUP]) -> Vectors {
    let (blocks, _) = group.as_chunks();
    let [a, b, c, d] = transpose(from_fn(|block| load(&blocks[block])));
    let mask = u32x4_splat(MASK);
    let limb = |low, high| v128_and(v128_or(low, high), mask);
    [
        v128_and(a, mask),
        limb(u32x4_shr(a, 26), u32x4_shl(b, 6)),
        limb(u32x4_shr(b, 20), u32x4_shl(c, 12)),
        limb(u32x4_shr(c, 14), u32x4_shl(d, 18)),
        v128_or(u32x4_shr(d, 8), u32x4_splat(TOP)),
    ]
}

#[target_feature(enable = "simd128")]
fn words(vector: v128) -> [u32; 4] {
    [
        u32x4_extract_lane::<0>(vector),
        u32x4_extract_lane::<1>(vector),
        u32x4_extract_lane::<2>(vector),
        u32x4_extract_lane::<3>(vector),
    ]
}

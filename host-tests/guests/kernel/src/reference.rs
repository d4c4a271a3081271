//! The kernel against the crates, on data that nobody chose.

use crate::provider::aead::Algorithm;
use crate::provider::{ALGORITHMS, Cipher};
use crate::random::Random;

/// The most data, which is more than four records.
const LONGEST: usize = 70_000;
/// Up to here every length meets every alignment: all ways through the code, several times over.
const SHORT: usize = 1_100;
/// Where data may begin, from a multiple of as much.
const ALIGNMENTS: usize = 64;
/// Longer data goes in steps, of a prime so that they meet every remainder.
const STEP: usize = 37;

/// Short data of every length at every alignment, and long data in steps; returns how many pieces.
pub fn sampled() -> usize {
    let mut check = Check::new();
    for algorithm in ALGORITHMS {
        for length in 0..SHORT {
            for alignment in 0..ALIGNMENTS {
                check.one(algorithm, length, alignment);
            }
        }
        for length in (SHORT..=LONGEST).step_by(STEP) {
            check.one(algorithm, length, length / STEP % ALIGNMENTS);
        }
    }
    check.count
}

/// Every length up to the longest, at alignments in turn; returns how many pieces.
pub fn exhaustive() -> usize {
    let mut check = Check::new();
    for algorithm in ALGORITHMS {
        for length in 0..=LONGEST {
            check.one(algorithm, length, length % ALIGNMENTS);
            check.one(algorithm, length, length / ALIGNMENTS % ALIGNMENTS);
        }
    }
    check.count
}

/// As much as lies at any address.
#[repr(align(64))]
struct Aligned([u8; LONGEST + ALIGNMENTS]);

struct Check {
    random: Random,
    original: Box<Aligned>,
    ours: Box<Aligned>,
    theirs: Vec<u8>,
    count: usize,
}

impl Check {
    fn new() -> Self {
        let mut random = Random::new();
        let mut original = Box::new(Aligned([0; LONGEST + ALIGNMENTS]));
        random.fill(&mut original.0);
        Self {
            random,
            original,
            ours: Box::new(Aligned([0; LONGEST + ALIGNMENTS])),
            theirs: Vec::with_capacity(LONGEST),
            count: 0,
        }
    }

    /// With a key, a nonce and associated data of its own.
    fn one(&mut self, algorithm: Algorithm, length: usize, alignment: usize) {
        let mut key = vec![0; algorithm.key_len()];
        let mut nonce = [0; 12];
        let mut associated = [0; 40];
        self.random.fill(&mut key);
        self.random.fill(&mut nonce);
        self.random.fill(&mut associated);
        let associated = &associated[..self.random.below(41)];
        let kernel = Cipher::kernel(algorithm, &key);
        let reference = Cipher::of_the_crate(algorithm, &key);

        let plain = &self.original.0[alignment..alignment + length];
        let ours = &mut self.ours.0[alignment..alignment + length];
        ours.copy_from_slice(plain);
        self.theirs.clear();
        self.theirs.extend_from_slice(plain);
        let tag = kernel.seal(&nonce, associated, ours);
        let expected = reference.seal(&nonce, associated, &mut self.theirs);
        let name = format!("{algorithm:?}, {length} bytes at {alignment}");
        assert!(tag == expected && *ours == self.theirs, "sealing {name}");
        let opened = kernel.open(&nonce, associated, ours, &tag);
        assert!(opened.is_ok() && *ours == *plain, "opening {name}");
        self.count += 1;
    }
}

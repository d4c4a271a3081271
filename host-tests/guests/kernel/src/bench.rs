//! How fast the implementations are here, on full records of TLS 1.3.

use std::time::{Duration, Instant};

use crate::provider::aead::TAG_LEN;
use crate::provider::{ALGORITHMS, Cipher};

/// A record's plaintext; the last byte of what is sealed is its type.
const RECORD: usize = 16 * 1024;
const HEADER: [u8; 5] = [23, 3, 3, 64, 17];
/// So many records are sealed, then opened, between two looks at the clock.
const BATCH: usize = 8;
/// How long each implementation is measured.
const ROUND: Duration = Duration::from_millis(100);

/// Prints a line for each: the algorithm, the implementation, and the MB/s of sealing and of opening.
pub fn run() {
    for algorithm in ALGORITHMS {
        let key = vec![7; algorithm.key_len()];
        for (name, cipher) in [
            ("kernel", Cipher::kernel(algorithm, &key)),
            ("crate", Cipher::of_the_crate(algorithm, &key)),
        ] {
            let (seal, open) = measure(&cipher);
            println!("{algorithm:?} {name} {seal:.1} {open:.1}");
        }
    }
}

fn measure(cipher: &Cipher) -> (f64, f64) {
    let mut records = vec![([0; RECORD + 1], [0; TAG_LEN]); BATCH];
    let (mut sealing, mut opening) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while begin.elapsed() < ROUND {
        let start = Instant::now();
        for (number, (data, tag)) in (0..).zip(&mut records) {
            *tag = cipher.seal(&[number; 12], &HEADER, data);
        }
        sealing.push(start.elapsed());
        let start = Instant::now();
        for (number, (data, tag)) in (0..).zip(&mut records) {
            let opened = cipher.open(&[number; 12], &HEADER, data, tag);
            opened.expect("what was sealed opens");
        }
        opening.push(start.elapsed());
    }
    (rate(sealing), rate(opening))
}

/// Of the median batch, which no other program held up.
fn rate(mut times: Vec<Duration>) -> f64 {
    times.sort();
    (BATCH * RECORD) as f64 / 1e6 / times[times.len() / 2].as_secs_f64()
}

//! Sealing and opening alone: our kernel and the crates in wasmtime, ring outside.

use std::time::{Duration, Instant};

use harness::command::Command;
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};

use crate::{ROUNDS, median};

/// A full record of TLS 1.3, as the guest has it.
const RECORD: usize = 16 * 1024;
const HEADER: [u8; 5] = [23, 3, 3, 64, 17];
const BATCH: u8 = 8;
const ROUND: Duration = Duration::from_millis(100);
/// As the guest names them, and as ring does.
const ALGORITHMS: [(&str, &Algorithm); 3] = [
    ("ChaCha20Poly1305", &CHACHA20_POLY1305),
    ("Aes128Gcm", &AES_128_GCM),
    ("Aes256Gcm", &AES_256_GCM),
];

/// MB/s of sealing and of opening, round by round.
#[derive(Default)]
struct Rates([Vec<f64>; 2]);

impl Rates {
    fn push(&mut self, rates: [f64; 2]) {
        for (all, rate) in self.0.iter_mut().zip(rates) {
            all.push(rate);
        }
    }

    fn medians(&self) -> [f64; 2] {
        self.0.each_ref().map(|all| median(&mut all.clone()))
    }

    /// The median of what the rounds' ratios were.
    fn ratio(&self, other: &Self) -> [f64; 2] {
        let ratio = |direction: usize| {
            let pairs = self.0[direction].iter().zip(&other.0[direction]);
            median(
                &mut pairs
                    .map(|(ours, theirs)| ours / theirs)
                    .collect::<Vec<_>>(),
            )
        };
        [ratio(0), ratio(1)]
    }
}

/// Of the kernel, of the crate and of ring.
#[derive(Default)]
struct Figures {
    kernel: Rates,
    portable: Rates,
    native: Rates,
}

pub fn run() {
    let guest = Command::load(env!("KERNEL_COMMAND"));
    let mut figures: [Figures; 3] = Default::default();
    for _ in 0..ROUNDS {
        let report = guest.run(&["bench"]).expect("the guest measures");
        for line in report.lines() {
            let [algorithm, implementation, seal, open] = line.split(' ').collect::<Vec<_>>()[..]
            else {
                panic!("the guest said {line}");
            };
            let known = ALGORITHMS.iter().position(|(name, _)| *name == algorithm);
            let figures = &mut figures[known.expect("an algorithm that ring has")];
            let rates = match implementation {
                "kernel" => &mut figures.kernel,
                "crate" => &mut figures.portable,
                _ => panic!("the guest said {line}"),
            };
            rates.push([number(seal), number(open)]);
        }
        for ((_, algorithm), figures) in ALGORITHMS.iter().zip(&mut figures) {
            figures.native.push(ring(algorithm));
        }
    }
    for ((name, _), figures) in ALGORITHMS.iter().zip(&figures) {
        figures.print(name);
    }
}

impl Figures {
    fn print(&self, algorithm: &str) {
        println!("{algorithm} on records of 16 KiB, MB/s\n");
        println!("{:32}{:>8}{:>8}", "", "seal", "open");
        for (name, rates) in [
            ("our kernel, in wasmtime", &self.kernel),
            ("RustCrypto's crate, in wasmtime", &self.portable),
            ("ring, native", &self.native),
        ] {
            let [seal, open] = rates.medians();
            println!("{name:32}{seal:>8.0}{open:>8.0}");
        }
        let [seal, open] = self.kernel.ratio(&self.portable);
        println!("{:32}{seal:>8.2}{open:>8.2}\n", "kernel : crate");
    }
}

fn number(text: &str) -> f64 {
    text.parse().expect("the guest prints numbers")
}

/// What the guest does, with ring.
fn ring(algorithm: &'static Algorithm) -> [f64; 2] {
    let key = vec![7; algorithm.key_len()];
    let key = UnboundKey::new(algorithm, &key).expect("a key's length");
    let key = LessSafeKey::new(key);
    let nonce = |number| Nonce::assume_unique_for_key([number; 12]);
    let mut records = vec![vec![0; RECORD + 1]; BATCH.into()];
    let (mut sealing, mut opening) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while begin.elapsed() < ROUND {
        let start = Instant::now();
        for (number, record) in (0..).zip(&mut records) {
            key.seal_in_place_append_tag(nonce(number), Aad::from(HEADER), record)
                .expect("a record's length");
        }
        sealing.push(start.elapsed());
        let start = Instant::now();
        for (number, record) in (0..).zip(&mut records) {
            key.open_in_place(nonce(number), Aad::from(HEADER), record)
                .expect("what was sealed opens");
            record.truncate(RECORD + 1);
        }
        opening.push(start.elapsed());
    }
    [sealing, opening].map(|times| {
        let mut seconds: Vec<f64> = times.iter().map(Duration::as_secs_f64).collect();
        f64::from(BATCH) * RECORD as f64 / 1e6 / median(&mut seconds)
    })
}

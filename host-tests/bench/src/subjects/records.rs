//! Sealing and opening alone: what the component has and the crates in WebAssembly, ring outside.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};

use crate::World;
use crate::guests::Run;
use crate::rounds::{Figures, Row, median};
use crate::subjects::files;
use crate::table::{Bound, Table};

/// A full record of TLS 1.3, as the guest has it.
const RECORD: usize = 16 * 1024;
const HEADER: [u8; 5] = [23, 3, 3, 64, 17];
const BATCH: u8 = 8;
const ROUND: Duration = Duration::from_millis(100);

/// A cipher, the guest's name of it, how many times as fast as the crate the component should open, and ring's name.
type Cipher = (&'static str, &'static str, f64, &'static Algorithm);

const CIPHERS: &[Cipher] = &[
    (
        "ChaCha20-Poly1305",
        "ChaCha20Poly1305",
        3.0,
        &CHACHA20_POLY1305,
    ),
    ("AES-128-GCM", "Aes128Gcm", 2.4, &AES_128_GCM),
    ("AES-256-GCM", "Aes256Gcm", 2.4, &AES_256_GCM),
];

/// Sealing and opening of the component's, the crate's and ring's.
const ROWS: [[&str; 2]; 3] = [
    ["httplib, seal", "httplib, open"],
    ["RustCrypto, wasm, seal", "RustCrypto, wasm, open"],
    ["ring, native, seal", "ring, native, open"],
];

pub fn run(world: &World) -> Result<Vec<Table>> {
    let guest = world.guests.alone(files::RECORDS)?;
    let mut figures = vec![[const { [Vec::new(), Vec::new()] }; 3]; CIPHERS.len()];
    for _ in 0..world.scale.rounds {
        let said = guest.run(Run::new(&["bench"]))?;
        for ((_, name, _, algorithm), figures) in CIPHERS.iter().zip(&mut figures) {
            let [ours, theirs] = ["kernel", "crate"].map(|which| format!("{name} {which}"));
            let rates = [
                rates(&said, &ours)?,
                rates(&said, &theirs)?,
                ring(algorithm),
            ];
            for (figures, rates) in figures.iter_mut().zip(rates) {
                for (figures, rate) in figures.iter_mut().zip(rates) {
                    figures.push(rate);
                }
            }
        }
    }
    Ok(CIPHERS.iter().zip(figures).map(table).collect())
}

fn table(((name, _, times, _), figures): (&Cipher, [[Vec<f64>; 2]; 3])) -> Table {
    let names = ROWS.into_iter().flatten();
    let rows = names.zip(figures.into_iter().flatten());
    let rows = rows.map(|(name, figures)| Row {
        name,
        figures: Figures(figures),
    });
    let title = format!("Records of 16 KiB, {name}");
    Table::new(title, "MB/s", rows.collect())
        .wanted(ROWS[0][1], Bound::AtLeast(*times), ROWS[1][1])
        .note("All is compiled for speed here; in the component, what is not the kernel is compiled for size.")
}

/// MB/s of sealing and of opening, as the guest says.
fn rates(said: &str, name: &str) -> Result<[f64; 2]> {
    let line = said
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let line = line.with_context(|| format!("no line {name} in {said}"))?;
    let (seal, open) = line.split_once(' ').with_context(|| line.to_owned())?;
    Ok([seal.parse()?, open.parse()?])
}

/// What the guest does, with ring.
fn ring(algorithm: &'static Algorithm) -> [f64; 2] {
    let key = UnboundKey::new(algorithm, &[7; 32][..algorithm.key_len()]).expect("a key's length");
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
        let seconds = times.iter().map(Duration::as_secs_f64).collect();
        f64::from(BATCH) * RECORD as f64 / 1e6 / median(seconds)
    })
}

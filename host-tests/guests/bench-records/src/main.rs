//! Prints a line for each implementation of record protection: its name, and the MB/s of sealing and of opening full
//! records of TLS 1.3.
#![forbid(unsafe_code)]

use std::time::{Duration, Instant};

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Aes256Gcm};
use chacha20poly1305::ChaCha20Poly1305;
use tls_aead::{Aead, Algorithm};

/// A record's plaintext; the last byte of what is sealed is its type.
const RECORD: usize = 16 * 1024;
const HEADER: [u8; 5] = [23, 3, 3, 64, 17];
const TAG: usize = 16;
/// So many records are sealed, then opened, between two looks at the clock.
const BATCH: usize = 8;
/// How long each implementation is measured.
const ROUND: Duration = Duration::from_millis(100);

fn main() {
    time("chacha20-poly1305", &ours(Algorithm::ChaCha20Poly1305));
    time("chacha20-poly1305-crate", &crates::<ChaCha20Poly1305>());
    time("aes-128-gcm", &ours(Algorithm::Aes128Gcm));
    time("aes-128-gcm-crate", &crates::<Aes128Gcm>());
    time("aes-256-gcm", &ours(Algorithm::Aes256Gcm));
    time("aes-256-gcm-crate", &crates::<Aes256Gcm>());
}

/// A cipher with a key: the tag of what it seals in place, and whether what it opens in place is good.
trait Cipher {
    fn seal(&self, nonce: [u8; 12], data: &mut [u8]) -> [u8; TAG];
    fn open(&self, nonce: [u8; 12], data: &mut [u8], tag: &[u8; TAG]) -> bool;
}

/// What the component has.
struct Ours(Aead);

fn ours(algorithm: Algorithm) -> Ours {
    Ours(Aead::new(algorithm, &[7; 32][..algorithm.key_len()]))
}

impl Cipher for Ours {
    fn seal(&self, nonce: [u8; 12], data: &mut [u8]) -> [u8; TAG] {
        self.0.seal(&nonce, &HEADER, data)
    }

    fn open(&self, nonce: [u8; 12], data: &mut [u8], tag: &[u8; TAG]) -> bool {
        self.0.open(&nonce, &HEADER, data, tag).is_ok()
    }
}

/// RustCrypto's.
struct Crate<C>(C);

fn crates<C: KeyInit>() -> Crate<C> {
    let key = vec![7; C::key_size()];
    Crate(C::new_from_slice(&key).expect("a key's length"))
}

impl<C: AeadInOut> Cipher for Crate<C> {
    fn seal(&self, nonce: [u8; 12], data: &mut [u8]) -> [u8; TAG] {
        let nonce = nonce.as_slice().try_into().expect("96 bits");
        let tag = self.0.encrypt_inout_detached(nonce, &HEADER, data.into());
        let tag = tag.expect("a record's length");
        tag.as_slice().try_into().expect("128 bits")
    }

    fn open(&self, nonce: [u8; 12], data: &mut [u8], tag: &[u8; TAG]) -> bool {
        let nonce = nonce.as_slice().try_into().expect("96 bits");
        let tag = tag.as_slice().try_into().expect("128 bits");
        let opened = self
            .0
            .decrypt_inout_detached(nonce, &HEADER, data.into(), tag);
        opened.is_ok()
    }
}

fn time(name: &str, cipher: &impl Cipher) {
    let mut records = vec![([0; RECORD + 1], [0; TAG]); BATCH];
    let (mut sealing, mut opening) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while begin.elapsed() < ROUND {
        let start = Instant::now();
        for (number, (data, tag)) in (0..).zip(&mut records) {
            *tag = cipher.seal([number; 12], data);
        }
        sealing.push(start.elapsed());
        let start = Instant::now();
        for (number, (data, tag)) in (0..).zip(&mut records) {
            assert!(
                cipher.open([number; 12], data, tag),
                "what was sealed opens"
            );
        }
        opening.push(start.elapsed());
    }
    println!("{name} {:.1} {:.1}", rate(sealing), rate(opening));
}

/// Of the median batch, which no other program held up.
fn rate(mut times: Vec<Duration>) -> f64 {
    times.sort();
    (BATCH * RECORD) as f64 / 1e6 / times[times.len() / 2].as_secs_f64()
}

//! The kernel seals as ring and RustCrypto do, opens what was sealed, and opens nothing else. It is compiled with vectors
//! in plain arithmetic and with checks for overflow; in WebAssembly it is held against RustCrypto by
//! host-tests/guests/kernel.
#![no_main]

use arbitrary::Arbitrary;
use fuzzed::kernel::{self, AesGcm, ChaCha20Poly1305};
use libfuzzer_sys::fuzz_target;
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use tls_aead::{Aead, Algorithm};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    algorithm: u8,
    key: [u8; 32],
    nonce: [u8; 12],
    associated: &'a [u8],
    /// Which bit is wrong, of the data and the tag.
    wrong: u16,
    /// The data so many times: some ways through the kernel are for long ones.
    times: u8,
    data: &'a [u8],
}

enum Kernel {
    ChaCha20Poly1305(ChaCha20Poly1305),
    AesGcm(Box<AesGcm>),
}

impl Kernel {
    fn new(algorithm: Algorithm, key: &[u8; 32]) -> Self {
        let half = key.first_chunk().expect("a half");
        match algorithm {
            Algorithm::ChaCha20Poly1305 => Self::ChaCha20Poly1305(ChaCha20Poly1305::new(key)),
            Algorithm::Aes128Gcm => Self::AesGcm(Box::new(AesGcm::new_128(half))),
            Algorithm::Aes256Gcm => Self::AesGcm(Box::new(AesGcm::new_256(key))),
        }
    }

    fn seal(&self, nonce: &[u8; 12], associated: &[u8], data: &mut [u8]) -> [u8; 16] {
        match self {
            Self::ChaCha20Poly1305(key) => key.seal(nonce, associated, data),
            Self::AesGcm(key) => key.seal(nonce, associated, data),
        }
    }

    fn open(
        &self,
        nonce: &[u8; 12],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; 16],
    ) -> Result<(), kernel::BadTag> {
        match self {
            Self::ChaCha20Poly1305(key) => key.open(nonce, associated, data, tag),
            Self::AesGcm(key) => key.open(nonce, associated, data, tag),
        }
    }
}

fuzz_target!(|input: Input| {
    let (algorithm, theirs) = match input.algorithm % 3 {
        0 => (Algorithm::ChaCha20Poly1305, &CHACHA20_POLY1305),
        1 => (Algorithm::Aes128Gcm, &AES_128_GCM),
        _ => (Algorithm::Aes256Gcm, &AES_256_GCM),
    };
    let (nonce, associated) = (&input.nonce, input.associated);
    let data = input.data.repeat(usize::from(input.times % 8) + 1);
    let key = &input.key[..algorithm.key_len()];

    let kernel = Kernel::new(algorithm, &input.key);
    let mut sealed = data.clone();
    let tag = kernel.seal(nonce, associated, &mut sealed);

    let theirs = LessSafeKey::new(UnboundKey::new(theirs, key).expect("a key of that length"));
    let their_nonce = Nonce::assume_unique_for_key(*nonce);
    let mut expected = data.clone();
    let expected_tag =
        theirs.seal_in_place_separate_tag(their_nonce, Aad::from(associated), &mut expected);
    assert!(sealed == expected, "sealed");
    assert_eq!(tag, expected_tag.expect("a record's length").as_ref());

    let aead = Aead::new(algorithm, key);
    let mut opened = sealed.clone();
    assert_eq!(aead.open(nonce, associated, &mut opened, &tag), Ok(()));
    assert!(opened == data, "opened by RustCrypto");
    let mut opened = sealed.clone();
    assert_eq!(kernel.open(nonce, associated, &mut opened, &tag), Ok(()));
    assert!(opened == data, "opened");

    let mut forged = [&sealed[..], &tag].concat();
    let bit = usize::from(input.wrong) % (forged.len() * 8);
    forged[bit / 8] ^= 1 << (bit % 8);
    let (data, tag) = forged.split_last_chunk_mut().expect("a tag");
    let shown = data.to_vec();
    assert_eq!(
        kernel.open(nonce, associated, data, tag),
        Err(kernel::BadTag)
    );
    assert!(
        data == shown,
        "nothing is decrypted before its tag was found right"
    );
});

//! The three AEADs of TLS behind one type: seal in place, open in place, tag apart.
//!
//! Nonces and associated data are the caller's: they differ between TLS 1.2 and 1.3.
//!
//! For WebAssembly they are those of a crate of our own, `aead_v128`, whose vectors bulk speed hangs on there; everywhere
//! else, and as its reference, there are RustCrypto's.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

use alloc::boxed::Box;

#[cfg(target_family = "wasm")]
use aead_v128 as implementation;
#[cfg(not(target_family = "wasm"))]
use rust_crypto as implementation;

#[cfg(not(target_family = "wasm"))]
mod rust_crypto;

use implementation::{AesGcm, ChaCha20Poly1305};

/// The length of every tag, in bytes.
pub const TAG_LEN: usize = 16;
/// The length of every nonce, in bytes.
pub const NONCE_LEN: usize = 12;

/// Which AEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// ChaCha20-Poly1305 (RFC 8439).
    ChaCha20Poly1305,
    /// AES-128-GCM (NIST SP 800-38D).
    Aes128Gcm,
    /// AES-256-GCM (NIST SP 800-38D).
    Aes256Gcm,
}

impl Algorithm {
    /// The length of a key, in bytes.
    pub const fn key_len(self) -> usize {
        match self {
            Self::ChaCha20Poly1305 | Self::Aes256Gcm => 32,
            Self::Aes128Gcm => 16,
        }
    }

    /// How many records one key may seal: draft-irtf-cfrg-aead-limits, sections 5.1 and 5.2.
    pub const fn confidentiality_limit(self) -> u64 {
        match self {
            Self::ChaCha20Poly1305 => u64::MAX,
            Self::Aes128Gcm | Self::Aes256Gcm => 1 << 24,
        }
    }
}

/// The tag does not belong to the data: nothing of them may be used.
#[derive(Debug, PartialEq, Eq)]
pub struct BadTag;

/// An AEAD with its key, which is wiped when it is dropped.
pub struct Aead(Key);

/// Where it is moved the key stays: a move leaves a copy behind that nobody wipes.
enum Key {
    ChaCha20Poly1305(Box<ChaCha20Poly1305>),
    AesGcm(Box<AesGcm>),
}

impl Aead {
    /// `key` is as long as [`Algorithm::key_len`] says.
    ///
    /// # Panics
    /// If it is not.
    pub fn new(algorithm: Algorithm, key: &[u8]) -> Self {
        Self(match algorithm {
            Algorithm::ChaCha20Poly1305 => {
                Key::ChaCha20Poly1305(Box::new(ChaCha20Poly1305::new(array(key))))
            }
            Algorithm::Aes128Gcm => Key::AesGcm(Box::new(AesGcm::new_128(array(key)))),
            Algorithm::Aes256Gcm => Key::AesGcm(Box::new(AesGcm::new_256(array(key)))),
        })
    }

    /// Turns the plaintext `data` into its ciphertext; the tag goes after it.
    ///
    /// # Panics
    /// If there are more data than the algorithm may seal at once, which is 64 GB.
    pub fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        match &self.0 {
            Key::ChaCha20Poly1305(key) => key.seal(nonce, associated, data),
            Key::AesGcm(key) => key.seal(nonce, associated, data),
        }
    }

    /// Turns the ciphertext `data` into its plaintext if `tag` is theirs.
    ///
    /// # Errors
    /// [`BadTag`] if it is not.
    pub fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), BadTag> {
        match &self.0 {
            Key::ChaCha20Poly1305(key) => key.open(nonce, associated, data, tag),
            Key::AesGcm(key) => key.open(nonce, associated, data, tag),
        }
        .map_err(|_| BadTag)
    }
}

fn array<const LENGTH: usize>(key: &[u8]) -> &[u8; LENGTH] {
    key.try_into()
        .expect("invariant: a key of its algorithm's length")
}

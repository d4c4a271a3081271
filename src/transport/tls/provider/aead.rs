//! The three AEADs of TLS behind one type: seal in place, open in place, tag apart.
//!
//! Nonces and associated data are the caller's: they differ between TLS 1.2 and 1.3.

use aes_gcm::aead::{AeadInOut, KeyInit};
use aes_gcm::{Aes128Gcm, Aes256Gcm};

use super::chacha::ChaCha20Poly1305;

/// The length of every tag.
pub(crate) const TAG_LEN: usize = 16;
/// The length of every nonce.
pub(crate) const NONCE_LEN: usize = 12;

/// Which AEAD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    ChaCha20Poly1305,
    Aes128Gcm,
    Aes256Gcm,
}

impl Algorithm {
    pub(crate) const fn key_len(self) -> usize {
        match self {
            Self::ChaCha20Poly1305 | Self::Aes256Gcm => 32,
            Self::Aes128Gcm => 16,
        }
    }

    /// How many records one key may seal: draft-irtf-cfrg-aead-limits, sections 5.1 and 5.2.
    pub(crate) const fn confidentiality_limit(self) -> u64 {
        match self {
            Self::ChaCha20Poly1305 => u64::MAX,
            Self::Aes128Gcm | Self::Aes256Gcm => 1 << 24,
        }
    }
}

/// The tag does not belong to the data: nothing of them may be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadTag;

/// An AEAD with its key. The crates wipe it when it is dropped.
pub(crate) enum Aead {
    ChaCha20Poly1305(ChaCha20Poly1305),
    Aes128Gcm(Box<Aes128Gcm>),
    Aes256Gcm(Box<Aes256Gcm>),
}

impl Aead {
    /// `key` is as long as [`Algorithm::key_len`] says.
    pub(crate) fn new(algorithm: Algorithm, key: &[u8]) -> Self {
        const LENGTH: &str = "invariant: a key of its algorithm's length";
        match algorithm {
            Algorithm::ChaCha20Poly1305 => {
                Self::ChaCha20Poly1305(ChaCha20Poly1305::new(key.try_into().expect(LENGTH)))
            }
            Algorithm::Aes128Gcm => {
                Self::Aes128Gcm(Box::new(Aes128Gcm::new_from_slice(key).expect(LENGTH)))
            }
            Algorithm::Aes256Gcm => {
                Self::Aes256Gcm(Box::new(Aes256Gcm::new_from_slice(key).expect(LENGTH)))
            }
        }
    }

    /// Turns the plaintext `data` into its ciphertext; the tag goes after it.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        const LENGTH: &str = "invariant: a record is far below an AEAD's limit of length";
        match self {
            Self::ChaCha20Poly1305(key) => return key.seal(nonce, associated, data),
            Self::Aes128Gcm(key) => {
                key.encrypt_inout_detached(nonce.into(), associated, data.into())
            }
            Self::Aes256Gcm(key) => {
                key.encrypt_inout_detached(nonce.into(), associated, data.into())
            }
        }
        .expect(LENGTH)
        .into()
    }

    /// Turns the ciphertext `data` into its plaintext if `tag` is theirs.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), BadTag> {
        match self {
            Self::ChaCha20Poly1305(key) => {
                return key.open(nonce, associated, data, tag).map_err(|_| BadTag);
            }
            Self::Aes128Gcm(key) => {
                key.decrypt_inout_detached(nonce.into(), associated, data.into(), tag.into())
            }
            Self::Aes256Gcm(key) => {
                key.decrypt_inout_detached(nonce.into(), associated, data.into(), tag.into())
            }
        }
        .map_err(|_| BadTag)
    }
}

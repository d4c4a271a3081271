//! The component's own files: the AEADs over the kernel, and the crates that the kernel stands in for.

#[path = "../../../../aead/src/rust_crypto.rs"]
mod reference;

pub use tls_aead as aead;

use aead::{Aead, Algorithm, BadTag, NONCE_LEN, TAG_LEN};
use reference::{AesGcm, ChaCha20Poly1305};

/// All of them.
pub const ALGORITHMS: [Algorithm; 3] = [
    Algorithm::ChaCha20Poly1305,
    Algorithm::Aes128Gcm,
    Algorithm::Aes256Gcm,
];

/// One of the implementations with a key.
pub enum Cipher {
    Kernel(Aead),
    ChaChaCrate(ChaCha20Poly1305),
    AesCrate(Box<AesGcm>),
}

impl Cipher {
    pub fn kernel(algorithm: Algorithm, key: &[u8]) -> Self {
        Self::Kernel(Aead::new(algorithm, key))
    }

    pub fn of_the_crate(algorithm: Algorithm, key: &[u8]) -> Self {
        match algorithm {
            Algorithm::ChaCha20Poly1305 => Self::ChaChaCrate(ChaCha20Poly1305::new(array(key))),
            Algorithm::Aes128Gcm => Self::AesCrate(Box::new(AesGcm::new_128(array(key)))),
            Algorithm::Aes256Gcm => Self::AesCrate(Box::new(AesGcm::new_256(array(key)))),
        }
    }

    pub fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        match self {
            Self::Kernel(aead) => aead.seal(nonce, associated, data),
            Self::ChaChaCrate(key) => key.seal(nonce, associated, data),
            Self::AesCrate(key) => key.seal(nonce, associated, data),
        }
    }

    pub fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), BadTag> {
        match self {
            Self::Kernel(aead) => return aead.open(nonce, associated, data, tag),
            Self::ChaChaCrate(key) => key.open(nonce, associated, data, tag),
            Self::AesCrate(key) => key.open(nonce, associated, data, tag),
        }
        .map_err(|_| BadTag)
    }
}

fn array<const LENGTH: usize>(key: &[u8]) -> &[u8; LENGTH] {
    key.try_into().expect("the algorithm's length")
}

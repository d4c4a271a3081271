//! The component's own files: the AEADs over the kernel, and the crate that the kernel stands in for.
#![allow(dead_code, reason = "not all of it is checked here")]

#[path = "../../../../aead/src/chacha.rs"]
mod reference;

pub use tls_aead as aead;

use aead::{Aead, Algorithm, BadTag, NONCE_LEN, TAG_LEN};

/// One of the two implementations with a key.
pub enum Cipher {
    Kernel(Aead),
    Crate(reference::ChaCha20Poly1305),
}

impl Cipher {
    pub fn kernel(key: &[u8; 32]) -> Self {
        Self::Kernel(Aead::new(Algorithm::ChaCha20Poly1305, key))
    }

    pub fn of_the_crate(key: &[u8; 32]) -> Self {
        Self::Crate(reference::ChaCha20Poly1305::new(key))
    }

    pub fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        match self {
            Self::Kernel(aead) => aead.seal(nonce, associated, data),
            Self::Crate(key) => key.seal(nonce, associated, data),
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
            Self::Kernel(aead) => aead.open(nonce, associated, data, tag),
            Self::Crate(key) => key.open(nonce, associated, data, tag).map_err(|_| BadTag),
        }
    }
}

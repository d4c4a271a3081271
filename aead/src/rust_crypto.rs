//! The AEADs as RustCrypto's crates give them; the crate `aead_v128` stands in for this file where WebAssembly has
//! vectors.

use aes_gcm::{Aes128Gcm, Aes256Gcm};
use chacha20poly1305::KeyInit;
use chacha20poly1305::aead::{AeadInOut, Error};

use super::{NONCE_LEN, TAG_LEN};

const LENGTH: &str = "invariant: a record is far below an AEAD's limit of length";

pub(crate) struct ChaCha20Poly1305(chacha20poly1305::ChaCha20Poly1305);

impl ChaCha20Poly1305 {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        Self(chacha20poly1305::ChaCha20Poly1305::new(key.into()))
    }

    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        self.0
            .encrypt_inout_detached(nonce.into(), associated, data.into())
            .expect(LENGTH)
            .into()
    }

    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), Error> {
        self.0
            .decrypt_inout_detached(nonce.into(), associated, data.into(), tag.into())
    }
}

#[allow(
    clippy::large_enum_variant,
    reason = "there are two of them to a connection"
)]
pub(crate) enum AesGcm {
    Aes128(Aes128Gcm),
    Aes256(Aes256Gcm),
}

impl AesGcm {
    pub(crate) fn new_128(key: &[u8; 16]) -> Self {
        Self::Aes128(Aes128Gcm::new(key.into()))
    }

    pub(crate) fn new_256(key: &[u8; 32]) -> Self {
        Self::Aes256(Aes256Gcm::new(key.into()))
    }

    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        match self {
            Self::Aes128(key) => key.encrypt_inout_detached(nonce.into(), associated, data.into()),
            Self::Aes256(key) => key.encrypt_inout_detached(nonce.into(), associated, data.into()),
        }
        .expect(LENGTH)
        .into()
    }

    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), Error> {
        let tag = tag.into();
        match self {
            Self::Aes128(key) => {
                key.decrypt_inout_detached(nonce.into(), associated, data.into(), tag)
            }
            Self::Aes256(key) => {
                key.decrypt_inout_detached(nonce.into(), associated, data.into(), tag)
            }
        }
    }
}

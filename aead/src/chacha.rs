//! ChaCha20-Poly1305 (RFC 8439) as RustCrypto's crate gives it; the crate `aead_v128` stands in for
//! this file where WebAssembly has vectors.

use chacha20poly1305::KeyInit;
use chacha20poly1305::aead::{AeadInOut, Error};

use super::{NONCE_LEN, TAG_LEN};

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
            .expect("invariant: a record is far below an AEAD's limit of length")
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

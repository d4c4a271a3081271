//! AES-GCM (NIST SP 800-38D) with nonces of 96 bits and tags of 128.

use core::arch::wasm32::{u64x2, v128, v128_any_true, v128_xor};

use super::aes::{Aes, CounterMode};
use super::ghash::{Ghash, HashKey};
use super::lanes::{load, store};
use super::{BadTag, NONCE_LEN, TAG_LEN};

/// A key, wiped when it is dropped.
pub struct AesGcm {
    cipher: Aes,
    hash: HashKey,
}

impl AesGcm {
    /// AES-128-GCM.
    #[target_feature(enable = "simd128")]
    pub fn new_128(key: &[u8; 16]) -> Self {
        Self::new(Aes::new_128(key))
    }

    /// AES-256-GCM.
    #[target_feature(enable = "simd128")]
    pub fn new_256(key: &[u8; 32]) -> Self {
        Self::new(Aes::new_256(key))
    }

    #[target_feature(enable = "simd128")]
    fn new(cipher: Aes) -> Self {
        let hash = HashKey::new(cipher.zeros());
        Self { cipher, hash }
    }

    /// Turns the plaintext `data` into its ciphertext, and gives the tag. A nonce is used once for a key.
    #[target_feature(enable = "simd128")]
    pub fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        let cipher = CounterMode::new(&self.cipher, nonce);
        cipher.apply(data);
        let mut tag = [0; TAG_LEN];
        store(&mut tag, self.authenticate(&cipher, associated, data));
        tag
    }

    /// Turns the ciphertext `data` into its plaintext if `tag` is theirs.
    ///
    /// # Errors
    /// [`BadTag`] if it is not; `data` are still the ciphertext then.
    #[target_feature(enable = "simd128")]
    pub fn open(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
        tag: &[u8; TAG_LEN],
    ) -> Result<(), BadTag> {
        let cipher = CounterMode::new(&self.cipher, nonce);
        let expected = self.authenticate(&cipher, associated, data);
        // One instruction looks at all of the difference.
        if v128_any_true(v128_xor(expected, load(tag))) {
            return Err(BadTag);
        }
        cipher.apply(data);
        Ok(())
    }

    /// The tag of ciphertext (section 7.1).
    #[target_feature(enable = "simd128")]
    fn authenticate(&self, cipher: &CounterMode, associated: &[u8], data: &[u8]) -> v128 {
        let mut hash = Ghash::new(&self.hash);
        hash.absorb(associated);
        hash.absorb(data);
        let bits = |bytes: &[u8]| (bytes.len() as u64 * 8).swap_bytes();
        let mut lengths = [0; TAG_LEN];
        store(&mut lengths, u64x2(bits(associated), bits(data)));
        hash.absorb_block(&lengths);
        v128_xor(hash.finish(), cipher.mask())
    }
}

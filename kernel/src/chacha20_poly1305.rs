//! ChaCha20-Poly1305 (RFC 8439).

use core::arch::wasm32::{u64x2, v128, v128_any_true, v128_xor};

use zeroize::Zeroizing;

use super::chacha20::ChaCha20;
use super::lanes::{load, store};
use super::poly1305::Poly1305;
use super::{BadTag, NONCE_LEN, TAG_LEN};

/// A key, wiped when it is dropped.
pub struct ChaCha20Poly1305(Zeroizing<[u32; 8]>);

impl ChaCha20Poly1305 {
    /// From the key's 32 bytes.
    #[target_feature(enable = "simd128")]
    pub fn new(key: &[u8; 32]) -> Self {
        let mut words = Zeroizing::new([0; 8]);
        for (word, bytes) in words.iter_mut().zip(key.as_chunks().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self(words)
    }

    /// Turns the plaintext `data` into its ciphertext, and gives the tag. A nonce is used once for a key.
    #[target_feature(enable = "simd128")]
    pub fn seal(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        data: &mut [u8],
    ) -> [u8; TAG_LEN] {
        let cipher = ChaCha20::new(&self.0, nonce);
        cipher.apply(data);
        let mut tag = [0; TAG_LEN];
        store(&mut tag, authenticate(&cipher, associated, data));
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
        let cipher = ChaCha20::new(&self.0, nonce);
        let expected = authenticate(&cipher, associated, data);
        // One instruction looks at all of the difference.
        if v128_any_true(v128_xor(expected, load(tag))) {
            return Err(BadTag);
        }
        cipher.apply(data);
        Ok(())
    }
}

/// The tag of ciphertext (section 2.8).
#[target_feature(enable = "simd128")]
fn authenticate(cipher: &ChaCha20, associated: &[u8], data: &[u8]) -> v128 {
    let mut mac = Poly1305::new(cipher.mac_key());
    mac.absorb(associated);
    mac.absorb(data);
    let mut lengths = [0; TAG_LEN];
    store(
        &mut lengths,
        u64x2(associated.len() as u64, data.len() as u64),
    );
    mac.absorb_block(&lengths);
    mac.finish()
}

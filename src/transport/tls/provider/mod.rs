//! The cryptography of TLS: a provider for rustls put together from RustCrypto's crates.
//!
//! Rules of this folder:
//! - It knows rustls and the algorithm crates, and nothing of this crate.
//! - Algorithms are used as their crates give them: what is here is names, lengths and order.
//! - [`aead`], a crate of its own, is shared with the record layer, which takes over after the
//!   handshake.
//! - ChaCha20-Poly1305 comes before AES-GCM: WebAssembly has no AES instructions.

mod cipher;
mod hash;
mod hybrid;
mod kx;
mod sign;
mod suites;
mod verify;
mod verify_rsa;

#[cfg(test)]
mod tests;

use alloc::sync::Arc;

use getrandom::SysRng;
use getrandom::rand_core::TryRng;
use rustls::crypto::{CryptoProvider, GetRandomFailed, KeyProvider, SecureRandom};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
pub(super) use tls_aead as aead;
pub(super) use verify::UNJUDGED;

/// Whether a key of that kind is accepted, by its `AlgorithmIdentifier` without the tag.
pub(super) fn accepts(key: &[u8]) -> bool {
    let mut all = verify::ALGORITHMS.all.iter();
    all.any(|algorithm| algorithm.public_key_alg_id().as_ref() == key)
}

/// What certificates are accepted with, and what is offered to servers, in words: the lists behind
/// [`provider`], against which the tests hold them.
pub(super) const KEYS: &str =
    "RSA of 2048 to 8192 bits, ECDSA on P-256, P-384 or P-521, and Ed25519";
/// The same for signatures on certificates.
pub(super) const SIGNATURES: &str = "RSA (PKCS #1, or PSS with a salt as long as the hash) and ECDSA \
                                      over SHA-256, SHA-384 or SHA-512, and Ed25519";
/// The same for cipher suites.
pub(super) const SUITES: &str = "ChaCha20-Poly1305, AES-128-GCM and AES-256-GCM";
/// The same for groups.
pub(super) const GROUPS: &str = "X25519MLKEM768, X25519, P-256, P-384 and P-521";

/// The provider, with suites and groups in the order in which they are offered.
pub(super) fn provider() -> CryptoProvider {
    CryptoProvider {
        cipher_suites: suites::ALL.to_vec(),
        kx_groups: vec![
            &hybrid::X25519MlKem768,
            &kx::X25519,
            &kx::SECP256R1,
            &kx::SECP384R1,
            &kx::SECP521R1,
        ],
        signature_verification_algorithms: verify::ALGORITHMS,
        secure_random: &System,
        key_provider: &System,
    }
}

/// The host's randomness, and the place where keys are read.
#[derive(Debug)]
struct System;

impl SecureRandom for System {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), GetRandomFailed> {
        random(buffer).map_err(|_| GetRandomFailed)
    }
}

impl KeyProvider for System {
    fn load_private_key(
        &self,
        key: PrivateKeyDer<'static>,
    ) -> Result<Arc<dyn SigningKey>, rustls::Error> {
        sign::load(&key)
    }
}

fn random(buffer: &mut [u8]) -> Result<(), rustls::Error> {
    SysRng
        .try_fill_bytes(buffer)
        .map_err(|_| rustls::Error::FailedToGetRandomBytes)
}

//! Which signatures are accepted, on certificates and on handshakes.
//!
//! TLS 1.3 ties a curve to its hash, TLS 1.2 and certificates don't: each scheme lists TLS 1.3's
//! combination first.

use ed25519_dalek::Verifier as _;
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rustls::SignatureScheme;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::verify_rsa;

/// The schemes of handshakes, each with what it may mean. RSA's algorithms are taken as they are, or
/// changed by what is given.
macro_rules! handshakes {
    ($($change:tt)*) => {
        &[
            (
                SignatureScheme::ECDSA_NISTP256_SHA256,
                &[&Ecdsa::P256_SHA256, &Ecdsa::P384_SHA256, &Ecdsa::P521_SHA256],
            ),
            (
                SignatureScheme::ECDSA_NISTP384_SHA384,
                &[&Ecdsa::P384_SHA384, &Ecdsa::P256_SHA384, &Ecdsa::P521_SHA384],
            ),
            (
                SignatureScheme::ECDSA_NISTP521_SHA512,
                &[&Ecdsa::P521_SHA512, &Ecdsa::P384_SHA512, &Ecdsa::P256_SHA512],
            ),
            (SignatureScheme::ED25519, &[&Ed25519]),
            (SignatureScheme::RSA_PSS_SHA256, &[&verify_rsa::PSS_SHA256$($change)*]),
            (SignatureScheme::RSA_PSS_SHA384, &[&verify_rsa::PSS_SHA384$($change)*]),
            (SignatureScheme::RSA_PSS_SHA512, &[&verify_rsa::PSS_SHA512$($change)*]),
            (
                SignatureScheme::RSA_PKCS1_SHA256,
                &[&verify_rsa::PKCS1_SHA256$($change)*],
            ),
            (
                SignatureScheme::RSA_PKCS1_SHA384,
                &[&verify_rsa::PKCS1_SHA384$($change)*],
            ),
            (
                SignatureScheme::RSA_PKCS1_SHA512,
                &[&verify_rsa::PKCS1_SHA512$($change)*],
            ),
        ]
    };
}

pub(super) const ALGORITHMS: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        &Ecdsa::P256_SHA256,
        &Ecdsa::P256_SHA384,
        &Ecdsa::P256_SHA512,
        &Ecdsa::P384_SHA256,
        &Ecdsa::P384_SHA384,
        &Ecdsa::P384_SHA512,
        &Ecdsa::P521_SHA256,
        &Ecdsa::P521_SHA384,
        &Ecdsa::P521_SHA512,
        &Ed25519,
        &verify_rsa::PSS_SHA256,
        &verify_rsa::PSS_SHA384,
        &verify_rsa::PSS_SHA512,
        &verify_rsa::PKCS1_SHA256,
        &verify_rsa::PKCS1_SHA384,
        &verify_rsa::PKCS1_SHA512,
        &verify_rsa::PKCS1_SHA256_ABSENT,
        &verify_rsa::PKCS1_SHA384_ABSENT,
        &verify_rsa::PKCS1_SHA512_ABSENT,
    ],
    mapping: handshakes!(),
};

/// The same for handshakes whose peer nobody verifies: with short RSA keys, too.
pub(in crate::transport::tls) const UNJUDGED: WebPkiSupportedAlgorithms =
    WebPkiSupportedAlgorithms {
        all: &[],
        mapping: handshakes!(.unjudged()),
    };

/// The hash that a signature is over.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

#[derive(Clone, Copy, Debug)]
enum Curve {
    P256,
    P384,
    P521,
}

/// ECDSA over a curve and a hash.
#[derive(Debug)]
struct Ecdsa {
    curve: Curve,
    hash: Hash,
}

impl Ecdsa {
    const P256_SHA256: Self = Self::new(Curve::P256, Hash::Sha256);
    const P256_SHA384: Self = Self::new(Curve::P256, Hash::Sha384);
    const P256_SHA512: Self = Self::new(Curve::P256, Hash::Sha512);
    const P384_SHA256: Self = Self::new(Curve::P384, Hash::Sha256);
    const P384_SHA384: Self = Self::new(Curve::P384, Hash::Sha384);
    const P384_SHA512: Self = Self::new(Curve::P384, Hash::Sha512);
    const P521_SHA256: Self = Self::new(Curve::P521, Hash::Sha256);
    const P521_SHA384: Self = Self::new(Curve::P521, Hash::Sha384);
    const P521_SHA512: Self = Self::new(Curve::P521, Hash::Sha512);

    const fn new(curve: Curve, hash: Hash) -> Self {
        Self { curve, hash }
    }

    fn verify_hash(&self, key: &[u8], hash: &[u8], signature: &[u8]) -> Option<()> {
        match self.curve {
            Curve::P256 => {
                let signature = p256::ecdsa::Signature::from_der(signature).ok()?;
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
                key.verify_prehash(hash, &signature).ok()
            }
            Curve::P384 => {
                let signature = p384::ecdsa::Signature::from_der(signature).ok()?;
                let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
                key.verify_prehash(hash, &signature).ok()
            }
            Curve::P521 => {
                let signature = p521::ecdsa::Signature::from_der(signature).ok()?;
                let key = p521::ecdsa::VerifyingKey::from_sec1_bytes(key).ok()?;
                key.verify_prehash(hash, &signature).ok()
            }
        }
    }
}

impl SignatureVerificationAlgorithm for Ecdsa {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        match self.hash {
            Hash::Sha256 => self.verify_hash(key, &Sha256::digest(message), signature),
            Hash::Sha384 => self.verify_hash(key, &Sha384::digest(message), signature),
            Hash::Sha512 => self.verify_hash(key, &Sha512::digest(message), signature),
        }
        .ok_or(InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        match self.curve {
            Curve::P256 => alg_id::ECDSA_P256,
            Curve::P384 => alg_id::ECDSA_P384,
            Curve::P521 => alg_id::ECDSA_P521,
        }
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        match self.hash {
            Hash::Sha256 => alg_id::ECDSA_SHA256,
            Hash::Sha384 => alg_id::ECDSA_SHA384,
            Hash::Sha512 => alg_id::ECDSA_SHA512,
        }
    }
}

/// Ed25519 (RFC 8032).
#[derive(Debug)]
struct Ed25519;

impl SignatureVerificationAlgorithm for Ed25519 {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = key.try_into().map_err(|_| InvalidSignature)?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(|_| InvalidSignature)?;
        let signature = signature.try_into().map_err(|_| InvalidSignature)?;
        key.verify(message, &signature)
            .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::ED25519
    }
}

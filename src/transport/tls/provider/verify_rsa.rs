//! RSA signatures, PKCS#1 v1.5 and PSS.
//!
//! The key is the peer's, so its cost is bounded before it is used: a modulus of 2048 to 8192 bits, or
//! of 512 on where nobody is to be believed, an odd public exponent between 3 and 2^33 - 1.

use rsa::pkcs1::RsaPublicKeyRef;
use rsa::pkcs1::der::Decode as _;
use rsa::{BoxedUint, Pkcs1v15Sign, PublicKey, pss::Pss};
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::verify::Hash;

const MOST_BITS: usize = 8192;

pub(super) const PSS_SHA256: Rsa = Rsa::pss(Hash::Sha256, alg_id::RSA_PSS_SHA256);
pub(super) const PSS_SHA384: Rsa = Rsa::pss(Hash::Sha384, alg_id::RSA_PSS_SHA384);
pub(super) const PSS_SHA512: Rsa = Rsa::pss(Hash::Sha512, alg_id::RSA_PSS_SHA512);
pub(super) const PKCS1_SHA256: Rsa = Rsa::pkcs1(Hash::Sha256, alg_id::RSA_PKCS1_SHA256);
pub(super) const PKCS1_SHA384: Rsa = Rsa::pkcs1(Hash::Sha384, alg_id::RSA_PKCS1_SHA384);
pub(super) const PKCS1_SHA512: Rsa = Rsa::pkcs1(Hash::Sha512, alg_id::RSA_PKCS1_SHA512);

// Certificates whose signature algorithm leaves its NULL parameters out (RFC 4055, section 5, says
// both are to be accepted): sha256WithRSAEncryption and its siblings as bare identifiers.
pub(super) const PKCS1_SHA256_ABSENT: Rsa = Rsa::pkcs1(Hash::Sha256, absent(&SHA256_OID));
pub(super) const PKCS1_SHA384_ABSENT: Rsa = Rsa::pkcs1(Hash::Sha384, absent(&SHA384_OID));
pub(super) const PKCS1_SHA512_ABSENT: Rsa = Rsa::pkcs1(Hash::Sha512, absent(&SHA512_OID));

/// 1.2.840.113549.1.1.11 to 13.
static SHA256_OID: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11];
static SHA384_OID: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12];
static SHA512_OID: [u8; 11] = [6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13];

const fn absent(oid: &'static [u8]) -> AlgorithmIdentifier {
    AlgorithmIdentifier::from_slice(oid)
}

#[derive(Debug)]
enum Padding {
    Pkcs1,
    Pss,
}

/// RSA with a padding and a hash, and a key of at least so many bits.
#[derive(Debug)]
pub(super) struct Rsa {
    padding: Padding,
    hash: Hash,
    signature: AlgorithmIdentifier,
    least_bits: usize,
}

impl Rsa {
    const fn pkcs1(hash: Hash, signature: AlgorithmIdentifier) -> Self {
        Self {
            padding: Padding::Pkcs1,
            hash,
            signature,
            least_bits: 2048,
        }
    }

    const fn pss(hash: Hash, signature: AlgorithmIdentifier) -> Self {
        Self {
            padding: Padding::Pss,
            hash,
            signature,
            least_bits: 2048,
        }
    }

    /// With keys that are worth nothing as well: of 512 bits, the shortest that PKCS#1 with SHA-256
    /// fits into.
    pub(super) const fn unjudged(self) -> Self {
        Self {
            least_bits: 512,
            ..self
        }
    }

    fn verify<D>(&self, key: &PublicKey, message: &[u8], signature: &[u8]) -> rsa::Result<()>
    where
        D: Digest + rsa::pkcs8::AssociatedOid + sha2::digest::FixedOutputReset,
    {
        let hash = D::digest(message);
        match self.padding {
            Padding::Pkcs1 => key.verify(Pkcs1v15Sign::new::<D>(), &hash, signature),
            Padding::Pss => {
                // RFC 8446, section 4.2.3: the salt is as long as the hash.
                let scheme = Pss::<D>::new_with_salt(hash.len());
                key.verify(scheme, &hash, signature)
            }
        }
    }
}

impl SignatureVerificationAlgorithm for Rsa {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = parse(key, self.least_bits).ok_or(InvalidSignature)?;
        match self.hash {
            Hash::Sha256 => self.verify::<Sha256>(&key, message, signature),
            Hash::Sha384 => self.verify::<Sha384>(&key, message, signature),
            Hash::Sha512 => self.verify::<Sha512>(&key, message, signature),
        }
        .map_err(|_| InvalidSignature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        alg_id::RSA_ENCRYPTION
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }
}

/// An `RSAPublicKey` within the bounds; the crate checks the exponent's size and that the modulus is
/// odd.
pub(super) fn parse(der: &[u8], least_bits: usize) -> Option<PublicKey> {
    let key = RsaPublicKeyRef::from_der(der).ok()?;
    let modulus = key.modulus.as_bytes();
    let exponent = key.public_exponent.as_bytes();
    let small = modulus.len() * 8 <= MOST_BITS && exponent.len() <= size_of::<u64>();
    let odd = exponent.last().is_some_and(|byte| byte % 2 == 1);
    if !small || !odd {
        return None;
    }
    let modulus = BoxedUint::from_be_slice_vartime(modulus);
    let exponent = BoxedUint::from_be_slice_vartime(exponent);
    PublicKey::new_with_size_limits(modulus, exponent, least_bits..=MOST_BITS).ok()
}

//! Client keys: RSA, P-256, P-384, P-521 and Ed25519, from PKCS#8, PKCS#1 and SEC1.
//!
//! RSA signatures are blinded, and ECDSA's nonces are RFC 6979's: a broken source of randomness
//! gives no key away.

use alloc::boxed::Box;
use alloc::string::ToString;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use ed25519_dalek::Signer as _;
use getrandom::SysRng;
use p256::elliptic_curve::ALGORITHM_OID;
use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::der::Decode as _;
use rsa::pkcs8::der::asn1::OctetStringRef;
use rsa::pkcs8::{AssociatedOid as _, ObjectIdentifier, PrivateKeyInfoRef};
use rsa::traits::PublicKeyParts;
use rsa::{Pkcs1v15Sign, PrivateKey, pss::Pss};
use rustls::pki_types::{AlgorithmIdentifier, PrivateKeyDer, SubjectPublicKeyInfoDer, alg_id};
use rustls::sign::{Signer, SigningKey, public_key_to_spki};
use rustls::{Error, SignatureAlgorithm, SignatureScheme};
use sec1::{EcParameters, EcPrivateKey};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Reads a key, whatever of the supported kinds it is.
pub(super) fn load(der: &PrivateKeyDer<'_>) -> Result<Arc<dyn SigningKey>, Error> {
    let key = match der {
        PrivateKeyDer::Pkcs1(der) => {
            // On one way with the others: a second one would be linked a second time.
            let key = OctetStringRef::new(der.secret_pkcs1_der()).ok();
            key.and_then(|key| pkcs8(PrivateKeyInfoRef::new(rsa::pkcs1::ALGORITHM_ID, key)))
        }
        PrivateKeyDer::Sec1(der) => elliptic(der.secret_sec1_der(), None),
        PrivateKeyDer::Pkcs8(der) => PrivateKeyInfoRef::try_from(der.secret_pkcs8_der())
            .ok()
            .and_then(pkcs8),
        _ => None,
    };
    let key = key.ok_or_else(|| {
        Error::General("the private key is no RSA, P-256, P-384, P-521 or Ed25519 key".into())
    })?;
    Ok(Arc::new(Loaded::new(key)?))
}

fn pkcs8(info: PrivateKeyInfoRef<'_>) -> Option<Key> {
    if info.algorithm.oid == ALGORITHM_OID {
        let curve = info.algorithm.parameters_oid().ok()?;
        return elliptic(info.private_key.as_bytes(), Some(curve));
    }
    if let Ok(key) = ed25519_dalek::SigningKey::try_from(info.clone()) {
        return Some(Key::Ed25519(key));
    }
    PrivateKey::try_from(info).ok().map(Key::Rsa)
}

/// An `ECPrivateKey` (RFC 5915). Where no curve is named the length tells it.
fn elliptic(der: &[u8], curve: Option<ObjectIdentifier>) -> Option<Key> {
    let key = EcPrivateKey::from_der(der).ok()?;
    let named = key.parameters.and_then(EcParameters::named_curve);
    if curve.is_some() && named.is_some() && curve != named {
        return None;
    }
    let secret = key.private_key;
    let is = |oid, length| match curve.or(named) {
        Some(curve) => curve == oid,
        None => secret.len() == length,
    };
    if is(p256::NistP256::OID, 32) {
        let key = p256::ecdsa::SigningKey::from_slice(secret);
        return key.ok().map(Key::P256);
    }
    if is(p384::NistP384::OID, 48) {
        let key = p384::ecdsa::SigningKey::from_slice(secret);
        return key.ok().map(Key::P384);
    }
    if is(p521::NistP521::OID, 66) {
        let key = p521::ecdsa::SigningKey::from_slice(secret);
        return key.ok().map(Key::P521);
    }
    None
}

/// A private key; each crate wipes its own when it is dropped.
enum Key {
    Rsa(PrivateKey),
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

impl Key {
    fn public(&self) -> Result<(AlgorithmIdentifier, Vec<u8>), Error> {
        Ok(match self {
            Self::Rsa(key) => {
                let public = key.to_public_key().to_pkcs1_der();
                let public = public.map_err(|error| Error::General(error.to_string()))?;
                (alg_id::RSA_ENCRYPTION, public.as_bytes().to_vec())
            }
            Self::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                (alg_id::ECDSA_P256, point.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                (alg_id::ECDSA_P384, point.as_bytes().to_vec())
            }
            Self::P521(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                (alg_id::ECDSA_P521, point.as_bytes().to_vec())
            }
            Self::Ed25519(key) => (alg_id::ED25519, key.verifying_key().to_bytes().to_vec()),
        })
    }

    fn schemes(&self) -> &'static [SignatureScheme] {
        match self {
            Self::Rsa(_) => &[
                SignatureScheme::RSA_PSS_SHA256,
                SignatureScheme::RSA_PSS_SHA384,
                SignatureScheme::RSA_PSS_SHA512,
                SignatureScheme::RSA_PKCS1_SHA256,
                SignatureScheme::RSA_PKCS1_SHA384,
                SignatureScheme::RSA_PKCS1_SHA512,
            ],
            Self::P256(_) => &[SignatureScheme::ECDSA_NISTP256_SHA256],
            Self::P384(_) => &[SignatureScheme::ECDSA_NISTP384_SHA384],
            Self::P521(_) => &[SignatureScheme::ECDSA_NISTP521_SHA512],
            Self::Ed25519(_) => &[SignatureScheme::ED25519],
        }
    }

    /// A signature by one of [`Key::schemes`].
    fn sign(&self, scheme: SignatureScheme, message: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Self::Rsa(key) => rsa_sign(key, scheme, message).ok(),
            Self::P256(key) => {
                let signature: Result<p256::ecdsa::DerSignature, _> = key.try_sign(message);
                signature.ok().map(|bytes| bytes.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let signature: Result<p384::ecdsa::DerSignature, _> = key.try_sign(message);
                signature.ok().map(|bytes| bytes.as_bytes().to_vec())
            }
            Self::P521(key) => {
                let signature: Result<p521::ecdsa::DerSignature, _> = key.try_sign(message);
                signature.ok().map(|bytes| bytes.as_bytes().to_vec())
            }
            Self::Ed25519(key) => {
                let signature = key.try_sign(message);
                signature.ok().map(|bytes| bytes.to_bytes().to_vec())
            }
        }
        .ok_or_else(|| Error::General("signing with the client's key failed".into()))
    }
}

fn rsa_sign(key: &PrivateKey, scheme: SignatureScheme, message: &[u8]) -> rsa::Result<Vec<u8>> {
    match scheme {
        SignatureScheme::RSA_PSS_SHA256 => pss::<Sha256>(key, message),
        SignatureScheme::RSA_PSS_SHA384 => pss::<Sha384>(key, message),
        SignatureScheme::RSA_PSS_SHA512 => pss::<Sha512>(key, message),
        SignatureScheme::RSA_PKCS1_SHA256 => pkcs1::<Sha256>(key, message),
        SignatureScheme::RSA_PKCS1_SHA384 => pkcs1::<Sha384>(key, message),
        SignatureScheme::RSA_PKCS1_SHA512 => pkcs1::<Sha512>(key, message),
        _ => Err(rsa::Error::InvalidPaddingScheme),
    }
}

fn pss<D>(key: &PrivateKey, message: &[u8]) -> rsa::Result<Vec<u8>>
where
    D: Digest + sha2::digest::FixedOutputReset,
{
    let hash = D::digest(message);
    key.sign_with_rng(
        &mut SysRng,
        Pss::<D>::new_blinded_with_salt(hash.len()),
        &hash,
    )
}

fn pkcs1<D>(key: &PrivateKey, message: &[u8]) -> rsa::Result<Vec<u8>>
where
    D: Digest + rsa::pkcs8::AssociatedOid,
{
    key.sign_with_rng(&mut SysRng, Pkcs1v15Sign::new::<D>(), &D::digest(message))
}

/// A key with its public half as certificates spell it.
struct Loaded {
    key: Arc<Key>,
    public: SubjectPublicKeyInfoDer<'static>,
}

impl Loaded {
    fn new(key: Key) -> Result<Self, Error> {
        if let Key::Rsa(key) = &key
            && !(2048..=8192).contains(&(key.size() * 8))
        {
            return Err(Error::General(format!(
                "the RSA key has {} bits, 2048 to 8192 are supported",
                key.size() * 8
            )));
        }
        let (algorithm, public) = key.public()?;
        Ok(Self {
            public: public_key_to_spki(&algorithm, public),
            key: Arc::new(key),
        })
    }
}

impl SigningKey for Loaded {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let schemes = self.key.schemes();
        let scheme = *schemes.iter().find(|scheme| offered.contains(scheme))?;
        Some(Box::new(Chosen {
            key: Arc::clone(&self.key),
            scheme,
        }))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        Some(self.public.clone())
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        match *self.key {
            Key::Rsa(_) => SignatureAlgorithm::RSA,
            Key::P256(_) | Key::P384(_) | Key::P521(_) => SignatureAlgorithm::ECDSA,
            Key::Ed25519(_) => SignatureAlgorithm::ED25519,
        }
    }
}

impl fmt::Debug for Loaded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} key", self.algorithm())
    }
}

/// A key with the scheme that a handshake agreed on.
struct Chosen {
    key: Arc<Key>,
    scheme: SignatureScheme,
}

impl Signer for Chosen {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.key.sign(self.scheme, message)
    }

    fn scheme(&self) -> SignatureScheme {
        self.scheme
    }
}

impl fmt::Debug for Chosen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} signer", self.scheme)
    }
}

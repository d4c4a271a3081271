//! The published vectors, and what ring says.

mod p521;
mod private_keys;
mod rsa_keys;
mod wycheproof;

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::vec::Vec;

use rustls::crypto::tls13::{Hkdf, HkdfUsingHmac, expand};
use rustls::crypto::{ActiveKeyExchange, SupportedKxGroup, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivateKeyDer, SignatureVerificationAlgorithm};
use rustls::{NamedGroup, SignatureScheme};

use super::aead::{Aead, Algorithm, BadTag};
use super::*;

const RSA_2048: &[u8] = include_bytes!("../tests/keys/rsa2048.pem");
const P256: &[u8] = include_bytes!("../tests/keys/p256-sec1.pem");
const P384: &[u8] = include_bytes!("../tests/keys/p384-sec1.pem");

fn hex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|index| u8::from_str_radix(&text[index..index + 2], 16).unwrap())
        .collect()
}

/// Seals and opens; then every changed bit of data, tag and associated data must be noticed.
fn check_aead(
    algorithm: Algorithm,
    key: &str,
    nonce: &str,
    associated: &str,
    plain: &[u8],
    sealed: &str,
) {
    let aead = Aead::new(algorithm, &hex(key));
    let nonce = hex(nonce).try_into().unwrap();
    let associated = hex(associated);
    let mut data = plain.to_vec();
    let tag = aead.seal(&nonce, &associated, &mut data);
    let expected = hex(sealed);
    assert_eq!([&data[..], &tag[..]].concat(), expected);

    for changed in 0..expected.len() {
        let mut wrong = expected.clone();
        wrong[changed] ^= 1 << (changed % 8);
        let (data, tag) = wrong.split_last_chunk_mut().unwrap();
        assert_eq!(aead.open(&nonce, &associated, data, tag), Err(BadTag));
    }
    let mut copy = data.clone();
    assert_eq!(aead.open(&nonce, b"", &mut copy, &tag), Err(BadTag));
    assert_eq!(aead.open(&nonce, &associated, &mut data, &tag), Ok(()));
    assert_eq!(data, plain);
}

#[test]
fn chacha20_poly1305_is_rfc_8439_s() {
    check_aead(
        Algorithm::ChaCha20Poly1305,
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
        "070000004041424344454647",
        "50515253c0c1c2c3c4c5c6c7",
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the \
          future, sunscreen would be it.",
        "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6\
         3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36\
         92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc\
         3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691",
    );
}

#[test]
fn aes_gcm_is_its_authors() {
    let plain = hex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72\
         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    );
    let key = "feffe9928665731c6d6a8f9467308308";
    for (algorithm, key, sealed) in [
        (
            Algorithm::Aes128Gcm,
            key.to_owned(),
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e\
             21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091\
             5bc94fbc3221a5db94fae95ae7121a47",
        ),
        (
            Algorithm::Aes256Gcm,
            key.repeat(2),
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
             8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662\
             76fc6ece0f4e1768cddf8853bb2d551b",
        ),
    ] {
        check_aead(
            algorithm,
            &key,
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            &plain,
            sealed,
        );
    }
}

#[test]
fn hmac_is_rfc_4231_s() {
    use rustls::crypto::hmac::Hmac;

    let data: [&[u8]; 2] = [b"what do ya want ", b"for nothing?"];
    let tag = hash::HMAC_SHA256.with_key(b"Jefe").sign(&data);
    assert_eq!(
        tag.as_ref(),
        hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    );
    let tag = hash::HMAC_SHA384.with_key(b"Jefe").sign(&data);
    assert_eq!(
        tag.as_ref(),
        hex(
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e\
             8e2240ca5e69e2c78b3239ecfab21649"
        )
    );
}

#[test]
fn hkdf_is_rfc_5869_s() {
    struct Bytes([u8; 42]);
    impl From<[u8; 42]> for Bytes {
        fn from(bytes: [u8; 42]) -> Self {
            Self(bytes)
        }
    }
    let hkdf = HkdfUsingHmac(&hash::HMAC_SHA256);
    let salt = hex("000102030405060708090a0b0c");
    let expander = hkdf.extract_from_secret(Some(&salt), &[0x0b; 22]);
    let output: Bytes = expand(expander.as_ref(), &[&hex("f0f1f2f3f4f5f6f7f8f9")]);
    assert_eq!(
        output.0.as_slice(),
        hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    );
}

#[test]
fn x25519_is_rfc_7748_s() {
    let mut point = [0; 32];
    point[0] = 9;
    let share = kx::X25519Share {
        scalar: zeroize::Zeroizing::new(point),
        public: [0; 32],
    };
    assert_eq!(
        share.agree(&point).unwrap().as_slice(),
        hex("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079")
    );
}

#[test]
fn points_that_give_the_secret_away_are_refused() {
    let one = {
        let mut point = [0; 32];
        point[0] = 1;
        point
    };
    for point in [&[0; 32][..], &one, &[0; 31], &[9; 33], b""] {
        let share = Box::new(kx::X25519::generate().unwrap());
        assert_eq!(share.complete(point).err(), Some(kx::INVALID_SHARE));
    }
    for group in [
        &kx::SECP256R1 as &dyn SupportedKxGroup,
        &kx::SECP384R1,
        &kx::SECP521R1,
    ] {
        let own = group.start().unwrap().pub_key().to_vec();
        let mut off_curve = own.clone();
        *off_curve.last_mut().unwrap() ^= 1;
        let mut compressed = own[..own.len().div_ceil(2)].to_vec();
        compressed[0] = 2;
        for point in [&off_curve[..], &compressed, &[0], &own[1..], b""] {
            let outcome = group.start().unwrap().complete(point);
            assert_eq!(outcome.err(), Some(kx::INVALID_SHARE));
        }
    }
}

#[test]
fn the_hybrid_agrees_with_a_server_of_ring_s_x25519() {
    use ml_kem::kem::TryKeyInit;

    let client = hybrid::X25519MlKem768.start().unwrap();
    let (key, point) = client.pub_key().split_at(1184);
    let key = ml_kem::EncapsulationKey::<ml_kem::MlKem768>::new_from_slice(key).unwrap();
    let (ciphertext, quantum) = key.encapsulate_deterministic(&[7; 32].into());
    let server = ring::kx_group::X25519.start_and_complete(point).unwrap();
    let answer = [ciphertext.as_slice(), &server.pub_key].concat();
    let expected = [quantum.as_slice(), server.secret.secret_bytes()].concat();
    assert_eq!(client.group(), NamedGroup::X25519MLKEM768);
    assert_eq!(client.complete(&answer).unwrap().secret_bytes(), expected);

    let client = hybrid::X25519MlKem768.start().unwrap();
    let (_, point) = client.hybrid_component().unwrap();
    let server = ring::kx_group::X25519.start_and_complete(point).unwrap();
    let secret = client.complete_hybrid_component(&server.pub_key).unwrap();
    assert_eq!(secret.secret_bytes(), server.secret.secret_bytes());

    for answer in [&answer[1..], b"", &[0; 1120]] {
        let client = hybrid::X25519MlKem768.start().unwrap();
        assert_eq!(client.complete(answer).err(), Some(kx::INVALID_SHARE));
    }
}

type Algorithms = &'static [&'static dyn SignatureVerificationAlgorithm];

fn algorithms(scheme: SignatureScheme) -> Algorithms {
    find(&verify::ALGORITHMS, scheme)
}

fn find(algorithms: &WebPkiSupportedAlgorithms, scheme: SignatureScheme) -> Algorithms {
    let mapping = algorithms.mapping;
    mapping.iter().find(|entry| entry.0 == scheme).unwrap().1
}

#[test]
fn ecdsa_is_rfc_6979_s() {
    let key = hex(
        "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6\
         7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
    );
    let signature = hex(
        "3046022100efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716\
         022100f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
    );
    let algorithm = algorithms(SignatureScheme::ECDSA_NISTP256_SHA256)[0];
    assert!(
        algorithm
            .verify_signature(&key, b"sample", &signature)
            .is_ok()
    );
    assert!(
        algorithm
            .verify_signature(&key, b"simple", &signature)
            .is_err()
    );
    assert!(
        algorithm
            .verify_signature(&key, b"sample", &signature[..71])
            .is_err()
    );
    assert!(
        algorithm
            .verify_signature(&key[..64], b"sample", &signature)
            .is_err()
    );
}

#[test]
fn ed25519_is_rfc_8032_s() {
    let key = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let signature = hex(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
         5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    );
    let algorithm = algorithms(SignatureScheme::ED25519)[0];
    assert!(algorithm.verify_signature(&key, b"", &signature).is_ok());
    assert!(algorithm.verify_signature(&key, b"x", &signature).is_err());
    assert!(
        algorithm
            .verify_signature(&key, b"", &signature[1..])
            .is_err()
    );
}

/// The bits of a subjectPublicKeyInfo, which is how webpki hands keys over.
fn public_key(key: &dyn SigningKey) -> Vec<u8> {
    let spki = key.public_key().unwrap();
    let bytes = spki.as_ref();
    let start = bytes
        .windows(2)
        .position(|pair| pair == [0, 4] || pair == [0, 0x30])
        .unwrap();
    bytes[start + 1..].to_vec()
}

#[test]
fn ring_believes_every_signature_and_we_do_too() {
    for pem in [RSA_2048, P256, P384] {
        let key = sign::load(&PrivateKeyDer::from_pem_slice(pem).unwrap()).unwrap();
        let public = public_key(key.as_ref());
        let offered = verify::ALGORITHMS.supported_schemes();
        let theirs = ring::default_provider().signature_verification_algorithms;
        for scheme in offered {
            let Some(signer) = key.choose_scheme(&[scheme]) else {
                continue;
            };
            let signature = signer.sign(b"message").unwrap();
            for (message, expected) in [(&b"message"[..], true), (b"massage", false)] {
                let ours = algorithms(scheme)[0].verify_signature(&public, message, &signature);
                assert_eq!(ours.is_ok(), expected, "{scheme:?}");
                let (_, ring) = theirs
                    .mapping
                    .iter()
                    .find(|entry| entry.0 == scheme)
                    .unwrap();
                let ring = ring[0].verify_signature(&public, message, &signature);
                assert_eq!(ring.is_ok(), expected, "{scheme:?}");
            }
        }
    }
}

#[test]
fn curves_go_with_either_hash() {
    use p256::ecdsa::signature::hazmat::PrehashSigner;
    use sha2::{Digest, Sha256, Sha384};

    let p256 = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let p384 = p384::ecdsa::SigningKey::from_slice(&[7; 48]).unwrap();
    let short: p384::ecdsa::DerSignature = p384.sign_prehash(&Sha256::digest(b"message")).unwrap();
    let long: p256::ecdsa::DerSignature = p256.sign_prehash(&Sha384::digest(b"message")).unwrap();
    let p256 = p256.verifying_key().to_sec1_point(false);
    let p384 = p384.verifying_key().to_sec1_point(false);
    let ring = ring::default_provider().signature_verification_algorithms;
    for (scheme, key, signature) in [
        (
            SignatureScheme::ECDSA_NISTP256_SHA256,
            p384.as_bytes(),
            short.as_bytes(),
        ),
        (
            SignatureScheme::ECDSA_NISTP384_SHA384,
            p256.as_bytes(),
            long.as_bytes(),
        ),
    ] {
        let (_, theirs) = ring.mapping.iter().find(|entry| entry.0 == scheme).unwrap();
        for algorithm in [algorithms(scheme)[1], theirs[1]] {
            assert!(
                algorithm
                    .verify_signature(key, b"message", signature)
                    .is_ok()
            );
        }
    }
}

//! How long RSA keys may be.

use rsa::pkcs1::EncodeRsaPublicKey;
use rsa::pkcs8::DecodePrivateKey;
use rsa::{Pkcs1v15Sign, PrivateKey, pss::Pss};
use sha2::{Digest, Sha256};

use super::*;

const RSA_1024: &[u8] = include_bytes!("../../tests/keys/rsa1024.pem");

/// An `RSAPublicKey` of a modulus of so many bits, all ones, and an exponent.
fn rsa_public(bits: usize, exponent: &[u8]) -> Vec<u8> {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    if bits.is_multiple_of(8) {
        modulus.insert(0, 0);
    } else {
        modulus[0] = 0xff >> (8 - bits % 8);
    }
    let value = |tag: u8, bytes: &[u8]| {
        let length = bytes.len().to_be_bytes();
        let zeros = length.iter().take_while(|byte| **byte == 0).count();
        let mut der = vec![tag, length[7]];
        if bytes.len() >= 0x80 {
            der = vec![tag, 0x80 | u8::try_from(length.len() - zeros).unwrap()];
            der.extend_from_slice(&length[zeros..]);
        }
        der.extend_from_slice(bytes);
        der
    };
    let body = [value(2, &modulus), value(2, exponent)].concat();
    value(0x30, &body)
}

#[test]
fn rsa_keys_are_bounded() {
    let usual = [1, 0, 1];
    for (bits, exponent, accepted) in [
        (2048, &usual[..], true),
        (2049, &usual, true),
        (8192, &usual, true),
        (2048, &[3], true),
        (2047, &usual, false),
        (1024, &usual, false),
        (8193, &usual, false),
        (16_384, &usual, false),
        (2048, &[1], false),
        (2048, &[2], false),
        (2048, &[1, 0, 0], false),
        (2048, &[2, 0, 0, 0, 1], false),
        (2048, &[1, 0, 0, 0, 0, 0, 0, 0, 1], false),
    ] {
        let key = verify_rsa::parse(&rsa_public(bits, exponent), 2048);
        assert_eq!(
            key.is_some(),
            accepted,
            "{bits} bits, exponent {exponent:?}"
        );
    }
    for (bits, accepted) in [(512, true), (1024, true), (511, false), (8193, false)] {
        let key = verify_rsa::parse(&rsa_public(bits, &usual), 512);
        assert_eq!(key.is_some(), accepted, "{bits} bits");
    }
    assert!(verify_rsa::parse(b"", 512).is_none());
}

#[test]
fn short_rsa_keys_sign_where_nobody_is_verified() {
    let key = PrivateKeyDer::from_pem_slice(RSA_1024).unwrap();
    let key = PrivateKey::from_pkcs8_der(key.secret_der()).unwrap();
    let public = key.to_public_key().to_pkcs1_der().unwrap();
    let hash = Sha256::digest(b"message");
    let pkcs1 = key.sign_with_rng(&mut SysRng, Pkcs1v15Sign::new::<Sha256>(), &hash);
    let pss = key.sign_with_rng(&mut SysRng, Pss::<Sha256>::new(), &hash);
    for (scheme, signature) in [
        (SignatureScheme::RSA_PKCS1_SHA256, pkcs1.unwrap()),
        (SignatureScheme::RSA_PSS_SHA256, pss.unwrap()),
    ] {
        let believes = |known, message: &[u8]| {
            let algorithm = find(known, scheme)[0];
            let verdict = algorithm.verify_signature(public.as_bytes(), message, &signature);
            verdict.is_ok()
        };
        assert!(believes(&UNJUDGED, b"message"), "{scheme:?}");
        assert!(!believes(&UNJUDGED, b"massage"), "{scheme:?}");
        assert!(!believes(&verify::ALGORITHMS, b"message"), "{scheme:?}");
    }
}

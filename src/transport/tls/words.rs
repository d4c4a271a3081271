//! What is refused, in words for people: no type's `Debug` text reaches a user.

use alloc::string::{String, ToString};
use core::fmt::{Debug, Write as _};

use super::der::{OID, Reader, SEQUENCE};
use super::provider;

/// An enum's variant in plain words, without what it holds: `NoCipherSuitesInCommon` is `no cipher
/// suites in common`.
pub(super) fn plain(variant: &dyn Debug) -> String {
    separated(variant, ' ')
}

/// The same with another separator.
pub(super) fn separated(variant: &dyn Debug, separator: char) -> String {
    let camel = format!("{variant:?}");
    let end = camel.find(|c: char| !c.is_ascii_alphanumeric());
    let mut text = String::new();
    for (index, letter) in camel[..end.unwrap_or(camel.len())].char_indices() {
        if letter.is_ascii_uppercase() && index > 0 {
            text.push(separator);
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// A key that could not have made a signature, by its `AlgorithmIdentifier` without the tag.
pub(super) fn key_unfit(algorithm: &[u8]) -> String {
    match provider::accepts(algorithm) {
        true => format!(
            "signature algorithm does not fit the key: {}",
            key(algorithm)
        ),
        false => key_refused(algorithm),
    }
}

/// A key that is not accepted, by its `AlgorithmIdentifier` without the tag; and which are.
pub(super) fn key_refused(algorithm: &[u8]) -> String {
    let accepted = provider::KEYS;
    format!("key not accepted: {}, only {accepted}", key(algorithm))
}

/// The same for the algorithm of a signature.
pub(super) fn signature_refused(algorithm: &[u8]) -> String {
    let (name, accepted) = (signature(algorithm), provider::SIGNATURES);
    format!("signature algorithm not accepted: {name}, only {accepted}")
}

/// What the identifiers of keys, curves and signatures stand for.
const NAMES: [(&str, &str); 32] = [
    ("1.2.840.113549.1.1.1", "RSA"),
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption"),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption"),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
    ("1.2.840.113549.1.1.10", "rsassaPss"),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
    ("1.2.840.113549.1.1.14", "sha224WithRSAEncryption"),
    ("1.2.840.10045.2.1", EC),
    ("1.2.840.10045.3.1.1", "P-192"),
    ("1.2.840.10045.3.1.7", "P-256"),
    ("1.3.132.0.10", "secp256k1"),
    ("1.3.132.0.33", "P-224"),
    ("1.3.132.0.34", "P-384"),
    ("1.3.132.0.35", "P-521"),
    ("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1"),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1"),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1"),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1"),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1"),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1"),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1"),
    ("1.2.156.10197.1.301", "SM2"),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1"),
    ("1.2.840.10045.4.3.1", "ecdsa-with-SHA224"),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512"),
    ("1.2.840.10040.4.1", "DSA"),
    ("1.3.101.112", "Ed25519"),
    ("1.3.101.113", "Ed448"),
];

/// The name of keys on curves.
const EC: &str = "ECDSA";

/// The name that an identifier begins with stands for, and what follows it.
fn name(parameters: &mut Reader<'_>) -> String {
    let id = match parameters.next() {
        Some((OID, id)) => dotted(id),
        Some((SEQUENCE, _)) => return "explicit parameters".to_string(),
        _ => return "nothing".to_string(),
    };
    match NAMES.iter().find(|(known, _)| *known == id) {
        Some((_, name)) => (*name).to_string(),
        None => id,
    }
}

/// A kind of key, by its `AlgorithmIdentifier` without the tag.
fn key(algorithm: &[u8]) -> String {
    let mut parts = Reader(algorithm);
    let mut text = name(&mut parts);
    if text == EC {
        text.push_str(" on ");
        text.push_str(&name(&mut parts));
    }
    text
}

/// The algorithm of a signature, by its `AlgorithmIdentifier` without the tag.
fn signature(algorithm: &[u8]) -> String {
    name(&mut Reader(algorithm))
}

/// An extension, by its identifier's contents: its number, and its name if it is well known.
pub(super) fn extension(id: &[u8]) -> String {
    let id = dotted(id);
    let name = match id.as_str() {
        "2.5.29.36" => " (policyConstraints: it may ask for policies)",
        "1.3.6.1.5.5.7.1.24" => " (TLS feature: it may ask for a stapled OCSP response)",
        _ => "",
    };
    id + name
}

/// An object identifier as people write it, by its contents.
fn dotted(id: &[u8]) -> String {
    let mut text = String::new();
    let mut number = 0_u64;
    for byte in id {
        number = number.wrapping_shl(7) | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        // Writing to a string does not fail.
        let _ = match text.is_empty() {
            true => {
                let first = (number / 40).min(2);
                write!(text, "{first}.{}", number - 40 * first)
            }
            false => write!(text, ".{number}"),
        };
        number = 0;
    }
    text
}

#[cfg(test)]
mod tests {
    use rustls::{InvalidMessage, PeerMisbehaved};

    use super::super::provider::provider;
    use super::*;

    #[test]
    fn variants_are_written_in_words() {
        for (variant, expected) in [
            (InvalidMessage::MissingData("x"), "missing data"),
            (InvalidMessage::InvalidCcs, "invalid ccs"),
            (InvalidMessage::DuplicateExtension(7), "duplicate extension"),
        ] {
            assert_eq!(plain(&variant), expected);
        }
        let variant = PeerMisbehaved::SelectedUnofferedKxGroup;
        assert_eq!(separated(&variant, '_'), "selected_unoffered_kx_group");
    }

    #[test]
    fn identifiers_are_written_with_dots() {
        for (id, expected) in [
            (
                &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1][..],
                "1.2.840.10045.2.1",
            ),
            (&[0x55, 0x1d, 36], "2.5.29.36"),
            (&[0x88, 0x37, 3], "2.999.3"),
            (&[0], "0.0"),
            (&[39], "0.39"),
            (&[40], "1.0"),
            (&[], ""),
            (&[0xff], ""),
        ] {
            assert_eq!(dotted(id), expected);
        }
        assert!(!dotted(&[0xff; 30]).contains('.'));
        let _ = dotted(&[[0xff; 30].as_slice(), &[1]].concat());
    }

    #[test]
    fn every_accepted_algorithm_is_told() {
        for algorithm in provider().signature_verification_algorithms.all {
            let name = key(algorithm.public_key_alg_id().as_ref());
            assert!(
                provider::KEYS.contains(&name.replace("ECDSA on ", "")),
                "{name}"
            );
            assert!(!name.contains("1."), "{name}");
            let name = signature(algorithm.signature_alg_id().as_ref());
            assert!(!name.contains("1."), "{name}");
            for hash in ["256", "384", "512"]
                .into_iter()
                .filter(|it| name.contains(it))
            {
                assert!(
                    provider::SIGNATURES.contains(&format!("SHA-{hash}")),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn what_has_no_name_is_told_by_its_identifier() {
        assert_eq!(key(&[6, 3, 0x55, 4, 3]), "2.5.4.3");
        assert_eq!(key(&[]), "nothing");
        let ec = [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
        for (parameters, expected) in [
            (&[6, 3, 0x55, 4, 3][..], "ECDSA on 2.5.4.3"),
            (&[0x30, 0], "ECDSA on explicit parameters"),
            (&[5, 0], "ECDSA on nothing"),
            (&[], "ECDSA on nothing"),
        ] {
            assert_eq!(key(&[&ec, parameters].concat()), expected);
        }
    }
}

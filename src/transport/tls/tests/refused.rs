//! What is refused for good, and in which words: the certificate's fault, and what is accepted.
//!
//! OpenSSL made the certificates, which rcgen does not make. Their servers sign with another key: they
//! are refused before that matters.

use alloc::string::String;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::super::provider::{GROUPS, KEYS, SIGNATURES, SUITES, provider};
use super::super::{TlsVersion, words};
use super::*;
use crate::transport::TlsError;

/// The certificate with this title.
fn certificate(title: &str) -> CertificateDer<'static> {
    let all = include_str!("keys/refused.pem");
    let (_, rest) = all.split_once(&format!("\n{title}:\n")).expect(title);
    CertificateDer::from_pem_slice(rest.as_bytes()).unwrap()
}

/// Why a server with that chain is refused under that authority.
fn refusal(chain: &[&str], authority: &str) -> String {
    let mut context = Context::create_bare(clock());
    context
        .load_verify_locations(&certificate(authority))
        .unwrap();
    let mut leaf = Authority::new().leaf(HOST);
    leaf.chain = chain.iter().map(|title| certificate(title)).collect();
    let texts = VERSIONS.map(|version| {
        let config = server_config(&leaf, &[version], |_| {});
        match shake(config, &mut context).0.map(|_| ()) {
            Err(Error::Tls(TlsError::BadCertificate(text))) => text,
            other => panic!("{other:?}"),
        }
    });
    assert_eq!(texts[0], texts[1]);
    texts[0].clone()
}

#[test]
fn says_which_keys_are_not_accepted() {
    for (title, named) in [
        ("P-192", "ECDSA on P-192"),
        ("P-224", "ECDSA on P-224"),
        ("secp256k1", "ECDSA on secp256k1"),
        ("brainpoolP256r1", "ECDSA on brainpoolP256r1"),
        (
            "P-256 with explicit parameters",
            "ECDSA on explicit parameters",
        ),
        ("Ed448", "Ed448"),
        ("RSA for PSS alone", "rsassaPss"),
    ] {
        let text = refusal(&[title], "authority on P-256");
        let expected = format!("certificate verify failed: key not accepted: {named}, only {KEYS}");
        assert_eq!(text, expected);
    }
}

#[test]
fn says_which_issuer_s_key_is_not_accepted() {
    let chain = ["issued on P-224", "authority on P-224, below the first"];
    let text = refusal(&chain, "authority on P-256");
    let expected =
        format!("certificate verify failed: key not accepted: ECDSA on P-224, only {KEYS}");
    assert_eq!(text, expected);
}

#[test]
fn says_which_signatures_are_not_accepted() {
    for (title, authority, named) in [
        (
            "ecdsa-with-SHA224",
            "authority on P-256",
            "ecdsa-with-SHA224",
        ),
        (
            "sha224WithRSAEncryption",
            "authority with RSA",
            "sha224WithRSAEncryption",
        ),
        (
            "RSA-PSS with a salt of 20 bytes",
            "authority with RSA",
            "rsassaPss",
        ),
        ("RSA-PSS with SHA-1", "authority with RSA", "rsassaPss"),
    ] {
        let text = refusal(&[title], authority);
        let expected =
            format!("certificate signature algorithm not accepted: {named}, only {SIGNATURES}");
        assert_eq!(text, expected);
    }
}

#[test]
fn says_which_version_is_not_accepted() {
    assert_eq!(
        refusal(&["X.509 version 1"], "authority on P-256"),
        "certificate verify failed: certificate version not accepted: \
         X.509 version 1, only version 3"
    );
}

/// Why a server that shows this is refused by one who trusts `root`.
fn shown(leaf: &Leaf, root: &Authority) -> Result<(), TlsError> {
    let config = server_config(leaf, &VERSIONS, |_| {});
    match shake(config, &mut root.trusting()).0 {
        Ok(_) => Ok(()),
        Err(Error::Tls(error)) => Err(error),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn says_how_long_a_chain_may_be() {
    let root = Authority::new();
    let mut authorities = vec![root.below(|_| {})];
    for count in 1..=7 {
        let last = authorities.last().unwrap();
        let mut leaf = last.leaf(HOST);
        let below = authorities.iter().rev().map(|it| it.der().to_vec().into());
        leaf.chain.extend(below);
        match shown(&leaf, &root) {
            Ok(()) => assert!(count <= 6),
            Err(error) => {
                assert_eq!(count, 7);
                let expected = "certificate verify failed: certificate chain too long: at most 6 \
                                certificates may stand between the server's and a trusted one";
                assert_eq!(error, TlsError::BadCertificate(expected.into()));
            }
        }
        let next = last.below(|_| {});
        authorities.push(next);
    }
}

#[test]
fn says_which_extension_is_not_understood() {
    for (id, named) in [
        (&[1_u64, 3, 6, 1, 4, 1, 9][..], "1.3.6.1.4.1.9"),
        (
            &[2, 5, 29, 36],
            "2.5.29.36 (policyConstraints: it may ask for policies)",
        ),
    ] {
        let root = Authority::new();
        let critical = |params: &mut rcgen::CertificateParams| {
            let mut extension = rcgen::CustomExtension::from_oid_content(id, vec![0x30, 0]);
            extension.set_criticality(true);
            params.custom_extensions.push(extension);
        };
        let below = root.below(critical);
        let mut second = below.leaf(HOST);
        second.chain.push(below.der().to_vec().into());
        let first = root.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, critical);
        for leaf in [first, second] {
            let text = format!("certificate verify failed: unhandled critical extension: {named}");
            assert_eq!(shown(&leaf, &root), Err(TlsError::BadCertificate(text)));
        }
    }
}

#[test]
fn says_which_names_a_certificate_has() {
    use rcgen::SanType;

    let root = Authority::new();
    let leaf = root.issue("other.example", &rcgen::PKCS_ECDSA_P256_SHA256, |params| {
        params.subject_alt_names.extend([
            SanType::IpAddress("192.0.2.1".parse().unwrap()),
            SanType::IpAddress("2001:db8::1".parse().unwrap()),
            SanType::Rfc822Name("a@other.example".try_into().unwrap()),
            SanType::URI("spiffe://other.example/a\nb".try_into().unwrap()),
        ]);
    });
    let text = "hostname mismatch: certificate is not valid for 'server.example', it is for \
                'other.example', '192.0.2.1', '2001:db8::1', 'a@other.example', \
                'spiffe://other.example/a\\nb'";
    let mismatch = TlsError::HostnameMismatch(text.into());
    assert_eq!(shown(&leaf, &root), Err(mismatch));
}

/// What a peer that breaks the handshake off with this alert makes of a hello.
fn broken_off(code: u8, minimum: TlsVersion) -> String {
    let (stream, peer) = pair();
    peer.wire().inbound.extend([21, 3, 3, 0, 2, 2, code]);
    let mut context = Context::create_default(clock());
    context.set_minimum_version(minimum);
    let mut handshake = Handshake::new(context.config().unwrap(), HOST, stream).unwrap();
    match handshake.poll() {
        Poll::Ready(Err(Error::Tls(TlsError::HandshakeAlert(text)))) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn says_what_was_offered_where_nothing_of_it_suits() {
    for (code, alert) in [
        (40, "handshake_failure"),
        (70, "protocol_version"),
        (71, "insufficient_security"),
    ] {
        for (minimum, versions) in [
            (TlsVersion::Tls12, "TLS 1.2 and 1.3"),
            (TlsVersion::Tls13, "TLS 1.3"),
        ] {
            let expected = format!(
                "the peer broke the handshake off: {alert}; offered were {versions} with \
                 {SUITES}, keys exchanged over {GROUPS}, and signatures of {KEYS}"
            );
            assert_eq!(broken_off(code, minimum), expected);
        }
    }
    let other = broken_off(80, TlsVersion::Tls12);
    assert_eq!(other, "the peer broke the handshake off: internal_error");
}

#[test]
fn everything_that_is_offered_is_told() {
    let provider = provider();
    for group in provider.kx_groups {
        let name = format!("{:?}", group.name())
            .replace("secp", "P-")
            .replace("r1", "");
        assert!(GROUPS.contains(&name), "{name}");
    }
    for suite in provider.cipher_suites {
        let suite = format!("{:?}", suite.suite())
            .replace('_', "-")
            .to_lowercase();
        let mut told = SUITES.split([',', ' ']).filter(|it| it.contains('-'));
        assert!(told.any(|it| suite.contains(&it.to_lowercase())), "{suite}");
    }
    let schemes = provider
        .signature_verification_algorithms
        .supported_schemes();
    for scheme in schemes {
        let scheme = words::plain(&scheme);
        let kinds = ["RSA", "ECDSA", "Ed25519"];
        let mut told = kinds.into_iter().filter(|it| KEYS.contains(it));
        assert!(
            told.any(|it| scheme.replace(' ', "").contains(&it.to_lowercase())),
            "{scheme}"
        );
    }
}

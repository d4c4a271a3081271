//! The forms of PEM.

use alloc::string::String;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::super::pem;
use super::*;
use crate::transport::TlsError;

const MARK: &str = "\u{feff}";

/// A certificate, and the same with trust data.
const PLAIN: &str = include_str!("keys/p256.pem");
/// `openssl x509 -trustout -setalias client`.
const ALIAS: &str = include_str!("keys/trusted-alias.pem");
/// `openssl x509 -trustout -addtrust serverAuth -addreject emailProtection`.
const FOR_SERVERS: &str = include_str!("keys/trusted-servers.pem");
/// `openssl x509 -trustout -addtrust emailProtection`.
const FOR_MAIL: &str = include_str!("keys/trusted-mail.pem");
/// `openssl x509 -trustout -addreject serverAuth`.
const REJECTED: &str = include_str!("keys/trusted-rejected.pem");
/// `openssl x509 -trustout -addreject anyExtendedKeyUsage`.
const REJECTED_FOR_ALL: &str = include_str!("keys/trusted-rejected-all.pem");

fn certificate(text: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(text.as_bytes()).unwrap()
}

#[test]
fn byte_order_marks_are_passed_over() {
    let leaf = Authority::new().leaf(HOST);
    let (pem, key) = (&leaf.pem, &leaf.key_pem);
    let found = pem::certificates(format!("{MARK}{pem}\n{MARK}{pem}").as_bytes());
    assert_eq!(found, Ok(vec![leaf.chain[0].clone(); 2]));
    let found = pem::private_key(format!("{pem}{MARK}{key}").as_bytes());
    assert_eq!(found, Ok(leaf.key.clone_key()));
    let list = section("X509 CRL", b"\x30\0");
    let marked = format!("{MARK}{list}");
    let found = pem::revocation_lists(marked.as_bytes());
    assert_eq!(found, pem::revocation_lists(list.as_bytes()));
    assert_eq!(found.unwrap().len(), 1);
}

#[test]
fn an_encrypted_key_behind_a_byte_order_mark_is_known_for_one() {
    let encrypted = include_str!("keys/encrypted.pem");
    let found = pem::private_key(format!("{MARK}{encrypted}").as_bytes());
    assert!(matches!(found, Err(TlsError::Configuration(text)) if text.contains("encrypted")));
}

#[test]
fn a_byte_order_mark_makes_no_section() {
    for text in [
        MARK,
        "\u{feff}\u{feff}hello",
        "\u{feff}TRUSTED CERTIFICATE-----",
    ] {
        assert!(pem::certificates(text.as_bytes()).is_err());
        assert_eq!(pem::authorities_if_any(text.as_bytes()), Ok(None));
    }
}

#[test]
fn certificates_have_several_names() {
    let old = PLAIN.replace("CERTIFICATE", "X509 CERTIFICATE");
    for text in [PLAIN, &old, ALIAS, FOR_SERVERS] {
        let expected = vec![certificate(PLAIN)];
        assert_eq!(pem::certificates(text.as_bytes()), Ok(expected.clone()));
        assert_eq!(pem::authorities(text.as_bytes()), Ok(expected));
    }
    let all = format!("{old}{PLAIN}{MARK}{ALIAS}");
    let found = pem::certificates(all.as_bytes()).unwrap();
    assert_eq!(found, vec![certificate(PLAIN); 3]);
    // A list has one name that resembles the old one of certificates.
    let list = section("X509 CRL", b"\x30\0");
    assert!(pem::revocation_lists(list.as_bytes()).is_ok());
}

#[test]
fn openssl_s_trust_data_keep_an_authority_from_vouching_for_servers() {
    for text in [FOR_MAIL, REJECTED, REJECTED_FOR_ALL] {
        assert_eq!(pem::authorities(text.as_bytes()), Ok(Vec::new()));
        // To a client's chain they say nothing.
        let found = pem::certificates(text.as_bytes());
        assert_eq!(found, Ok(vec![certificate(PLAIN)]));
        let mut context = Context::create_bare(clock());
        context.load_verify_locations(text.as_bytes()).unwrap();
        assert!(context.config().is_err());
    }
    let bundle = format!("{REJECTED}{ALIAS}{FOR_MAIL}");
    let found = pem::authorities(bundle.as_bytes());
    assert_eq!(found, Ok(vec![certificate(PLAIN)]));
}

#[test]
fn other_bytes_behind_a_certificate_are_an_error() {
    let mut context = Context::create_bare(clock());
    for tail in [&b"\0"[..], b"\x30", b"\x30\x00\x30\x00", b"\x04\x00"] {
        let torn = [&certificate(PLAIN)[..], tail].concat();
        let text = section("TRUSTED CERTIFICATE", &torn);
        assert!(context.load_verify_locations(text.as_bytes()).is_err());
    }
    // DER has no place for them: one more certificate there must not get lost.
    let two = [&certificate(PLAIN)[..], &certificate(PLAIN)[..]].concat();
    assert!(context.load_verify_locations(&two).is_err());
}

fn section(label: &str, der: &[u8]) -> String {
    use base64ct::{Base64, Encoding};

    let text = Base64::encode_string(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

#[test]
fn loads_a_chain_and_a_key_with_byte_order_marks() {
    let leaf = Authority::new().leaf("client.example");
    let mut context = Authority::new().trusting();
    let chain = section(
        "TRUSTED CERTIFICATE",
        &[&leaf.chain[0][..], b"\x30\0"].concat(),
    );
    let key = format!("{MARK}{}", leaf.key_pem);
    context
        .load_cert_chain(format!("{MARK}{chain}").as_bytes(), key.as_bytes())
        .unwrap();
}

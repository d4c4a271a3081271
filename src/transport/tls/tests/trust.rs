//! What a context accepts to be loaded, and whom it then believes.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use rcgen::{
    BasicConstraints, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PublicKeyData as _,
};

use super::super::{TlsVersion, VerifyMode, der};
use super::certificates::{expired, future};
use super::interop::{RSA_KEY, RSA_KEY_PKCS1, rsa_key};
use super::*;
use crate::transport::TlsError;

fn configuration_error(outcome: Result<(), TlsError>) -> String {
    match outcome {
        Err(TlsError::Configuration(text)) => text,
        other => panic!("{other:?}"),
    }
}

#[test]
fn trusts_any_number_of_authorities_in_pem_or_one_in_der() {
    let authorities = [Authority::new(), Authority::new(), Authority::new()];
    let mut bundle = Context::create_bare(clock());
    let pems: Vec<String> = authorities.iter().map(Authority::pem).collect();
    let text = format!("# three of them\n{}", pems.join("\n"));
    bundle.load_verify_locations(text.as_bytes()).unwrap();
    for authority in &authorities {
        let mut single = Context::create_default(clock());
        single.load_verify_locations(authority.der()).unwrap();
        for context in [&mut bundle, &mut single] {
            let config = server_config(&authority.leaf(HOST), &VERSIONS, |_| {});
            connect(config, context);
        }
    }
}

#[test]
fn says_what_is_wrong_with_authorities() {
    let mut context = Context::create_default(clock());
    let pem = Authority::new().pem();
    for (bytes, word) in [
        (&b""[..], "no certificate found"),
        (b"hello", "no certificate found"),
        (RSA_KEY.as_bytes(), "no certificate found"),
        (&pem.as_bytes()[..pem.len() / 2], "a section has no end"),
        (&[0x30, 3, 2, 1, 1], "malformed"),
        (
            b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
            "no base64",
        ),
    ] {
        let text = configuration_error(context.load_verify_locations(bytes));
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn a_context_without_authorities_is_an_error() {
    let outcome = Context::create_bare(clock()).config().map(|_| ());
    assert!(configuration_error(outcome).contains("no certificate authority"));
}

#[test]
fn loads_keys_in_every_form() {
    let authority = Authority::new();
    let rsa = authority.issue_for("client.example", rsa_key(&rcgen::PKCS_RSA_SHA256), |_| {});
    let mut context = authority.trusting();
    for key in [RSA_KEY, RSA_KEY_PKCS1] {
        context
            .load_cert_chain(rsa.pem.as_bytes(), key.as_bytes())
            .unwrap();
    }
    let both = format!("{RSA_KEY}{}", rsa.pem);
    context
        .load_cert_chain(both.as_bytes(), both.as_bytes())
        .unwrap();
    context
        .load_cert_chain(&rsa.chain[0], rsa.key.secret_der())
        .unwrap();
    for (certificate, key) in [
        (
            include_str!("keys/p256.pem"),
            include_str!("keys/p256-sec1.pem"),
        ),
        (
            include_str!("keys/p384.pem"),
            include_str!("keys/p384-sec1.pem"),
        ),
    ] {
        context
            .load_cert_chain(certificate.as_bytes(), key.as_bytes())
            .unwrap();
    }
}

#[test]
fn says_what_is_wrong_with_a_key() {
    let authority = Authority::new();
    let leaf = authority.leaf("client.example");
    let other = authority.leaf("client.example");
    let mut context = authority.trusting();
    let encrypted = include_str!("keys/encrypted.pem");
    let encrypted_old = include_str!("keys/encrypted-old.pem");
    for (key, word) in [
        (other.key_pem.as_str(), "does not fit"),
        (RSA_KEY, "does not fit"),
        (encrypted, "encrypted"),
        (encrypted_old, "encrypted"),
        ("", "no private key found"),
        (leaf.pem.as_str(), "no private key found"),
        (include_str!("keys/rsa1024.pem"), "1024 bits"),
        (
            include_str!("keys/secp256k1.pem"),
            "no RSA, P-256, P-384, P-521 or Ed25519",
        ),
    ] {
        let outcome = context.load_cert_chain(leaf.pem.as_bytes(), key.as_bytes());
        let text = configuration_error(outcome);
        assert!(text.contains(word), "{text}");
    }
    let outcome = context.load_cert_chain(b"nothing", leaf.key_pem.as_bytes());
    assert!(configuration_error(outcome).contains("no certificate found"));
}

#[test]
fn the_configuration_lives_until_the_context_changes() {
    let mut context = Context::create_default(clock());
    let first = context.config().unwrap();
    assert!(Arc::ptr_eq(
        &first.rustls,
        &context.config().unwrap().rustls
    ));
    let der = Authority::new().der().to_vec();
    context.load_verify_locations(&der).unwrap();
    assert!(!Arc::ptr_eq(
        &first.rustls,
        &context.config().unwrap().rustls
    ));
}

/// A self-signed certificate of each kind, loaded as an authority, against its own server.
fn self_trusted(leaf: &Leaf, name: &str) -> Result<(), TlsError> {
    let mut context = Context::create_default(clock());
    context.load_verify_locations(leaf.pem.as_bytes()).unwrap();
    let outcomes = VERSIONS.map(|version| {
        let config = server_config(leaf, &[version], |_| {});
        match shake_with(config, &mut context, name, |_| {}).0 {
            Ok(_) => Ok(()),
            Err(Error::Tls(error)) => Err(error),
            Err(other) => panic!("{other:?}"),
        }
    });
    assert_eq!(outcomes[0].is_ok(), outcomes[1].is_ok());
    outcomes.into_iter().next().unwrap()
}

fn authority_too(params: &mut rcgen::CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

#[test]
fn a_loaded_certificate_needs_no_issuer() {
    for leaf in [
        Leaf::self_signed(HOST, |_| {}),
        Leaf::self_signed(HOST, authority_too),
        Leaf::self_signed(HOST, |params| {
            authority_too(params);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        }),
        Authority::new().leaf(HOST),
    ] {
        assert_eq!(self_trusted(&leaf, HOST), Ok(()));
    }
}

#[test]
fn a_loaded_certificate_is_checked_in_all_else() {
    for adjust in [authority_too, |_: &mut rcgen::CertificateParams| {}] {
        let leaf = Leaf::self_signed(HOST, adjust);
        let error = self_trusted(&leaf, "other.example").unwrap_err();
        assert!(matches!(error, TlsError::HostnameMismatch(_)), "{error:?}");

        let leaf = Leaf::self_signed(HOST, |params| {
            adjust(params);
            expired(params);
        });
        let error = self_trusted(&leaf, HOST).unwrap_err();
        assert!(
            matches!(error, TlsError::CertificateExpired(_)),
            "{error:?}"
        );

        let leaf = Leaf::self_signed(HOST, |params| {
            adjust(params);
            params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        });
        let error = self_trusted(&leaf, HOST).unwrap_err();
        assert!(matches!(error, TlsError::WrongUsage(_)), "{error:?}");
    }
}

#[test]
fn a_certificate_of_the_same_name_is_not_the_loaded_one() {
    for adjust in [authority_too, |_: &mut rcgen::CertificateParams| {}] {
        let loaded = Leaf::self_signed(HOST, adjust);
        let shown = Leaf::self_signed(HOST, adjust);
        let mut context = Context::create_default(clock());
        context
            .load_verify_locations(loaded.pem.as_bytes())
            .unwrap();
        let config = server_config(&shown, &VERSIONS, |_| {});
        assert!(shake(config, &mut context).0.is_err());
    }
}

#[test]
fn reads_dates_and_usage_of_certificates() {
    let facts = |adjust: fn(&mut rcgen::CertificateParams)| {
        let leaf = Leaf::self_signed(HOST, adjust);
        for end in 0..leaf.chain[0].len() {
            assert_eq!(der::facts(&leaf.chain[0][..end]), None);
        }
        let facts = der::facts(&leaf.chain[0]).unwrap();
        let dates = (facts.not_before.as_secs(), facts.not_after.as_secs());
        (dates, facts.for_servers)
    };
    assert_eq!(facts(expired), ((1_546_300_800, 1_582_934_400), true));
    assert_eq!(facts(future), ((32_472_144_000, 32_503_680_000), true));
    for (usages, for_servers) in [
        (vec![ExtendedKeyUsagePurpose::ServerAuth], true),
        (vec![ExtendedKeyUsagePurpose::Any], true),
        (vec![ExtendedKeyUsagePurpose::ClientAuth], false),
        (
            vec![
                ExtendedKeyUsagePurpose::ClientAuth,
                ExtendedKeyUsagePurpose::ServerAuth,
            ],
            true,
        ),
    ] {
        let leaf = Leaf::self_signed(HOST, |params| {
            authority_too(params);
            params.extended_key_usages = usages;
        });
        let facts = der::facts(&leaf.chain[0]).unwrap();
        assert_eq!(facts.for_servers, for_servers);
    }
}

#[test]
fn reads_the_length_of_rsa_keys() {
    let key = rsa_key(&rcgen::PKCS_RSA_SHA256).subject_public_key_info();
    assert_eq!(der::rsa_bits(&key), Some(2048));
    for end in 0..key.len() {
        assert_eq!(der::rsa_bits(&key[..end]), None);
    }
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    assert_eq!(der::rsa_bits(&key.subject_public_key_info()), None);
}

#[test]
fn names_are_checked_or_certificates_are_not() {
    let mut context = Context::create_default(clock());
    assert!(context.set_verify_mode(VerifyMode::CertNone).is_err());
    context.set_check_hostname(false);
    context.set_verify_mode(VerifyMode::CertNone).unwrap();
    context.set_check_hostname(true);
    assert!(context.set_verify_mode(VerifyMode::CertNone).is_err());
    let stranger = server_config(&Authority::new().leaf(HOST), &VERSIONS, |_| {});
    assert!(shake(stranger, &mut context).0.is_err());
}

#[test]
fn every_change_forgets_the_configuration() {
    let mut context = Context::create_default(clock());
    let changes: [fn(&mut Context); 9] = [
        |it| it.set_check_hostname(false),
        |it| it.set_verify_mode(VerifyMode::CertOptional).unwrap(),
        |it| it.set_minimum_version(TlsVersion::Tls13),
        |it| it.set_alpn_protocols(Vec::new()).unwrap(),
        |it| it.add_pin(&[0; 32]).unwrap(),
        |it| it.set_key_log(Some(Arc::new(|_| {}))),
        |it| it.load_verify_locations(Authority::new().der()).unwrap(),
        Context::load_bundled,
        |it| {
            let file = ("ca.pem".to_owned(), Authority::new().der().to_owned());
            it.load_system(&[file]).unwrap();
        },
    ];
    for change in changes {
        let before = context.config().unwrap();
        change(&mut context);
        assert!(!Arc::ptr_eq(
            &before.rustls,
            &context.config().unwrap().rustls
        ));
    }
}

#[test]
fn a_system_s_authorities_replace_the_bundled_ones() {
    let authority = Authority::new();
    let file = |bytes: &[u8]| ("ca.pem".to_owned(), bytes.to_vec());
    let odd = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let files = [file(odd), file(authority.der()), file(b"nothing")];
    let mut context = Context::create_bare(clock());
    context.load_system(&files).unwrap();
    for files in [vec![file(odd)], vec![file(b"nothing")]] {
        assert!(configuration_error(context.load_system(&files)).contains("ca.pem"));
    }
    connect(
        server_config(&authority.leaf(HOST), &VERSIONS, |_| {}),
        &mut context,
    );
}

#[test]
fn authorities_are_loaded_beside_those_of_before() {
    let authorities = [Authority::new(), Authority::new()];
    let mut context = Context::create_bare(clock());
    context.load_verify_locations(authorities[0].der()).unwrap();
    context.load_bundled();
    let file = ("ca.pem".to_owned(), authorities[1].der().to_vec());
    context.load_system(&[file]).unwrap();
    for authority in &authorities {
        let config = server_config(&authority.leaf(HOST), &VERSIONS, |_| {});
        connect(config, &mut context);
    }
}

//! Chains with certificates that webpki refuses as they are.

use std::mem::discriminant;

use rcgen::{BasicConstraints, CertificateParams, CustomExtension, IsCa, KeyUsagePurpose};
use rustls::pki_types::CertificateDer;

use super::super::certificate::Parts;
use super::super::copy::readable;
use super::super::der;
use super::certificates::expired;
use super::*;
use crate::transport::TlsError;

/// `certificatePolicies` with 1.2.3.4.
const POLICY: (&[u64], &[u8]) = (&[2, 5, 29, 32], &[0x30, 7, 0x30, 5, 6, 3, 42, 3, 4]);
/// `inhibitAnyPolicy` from the first certificate on.
const INHIBIT: (&[u64], &[u8]) = (&[2, 5, 29, 54], &[2, 1, 0]);
/// `policyConstraints` that require a policy from the first certificate on.
const REQUIRE: (&[u64], &[u8]) = (&[2, 5, 29, 36], &[0x30, 3, 0x80, 1, 0]);

fn critical(params: &mut CertificateParams, (id, value): (&[u64], &[u8])) {
    let mut extension = CustomExtension::from_oid_content(id, value.to_vec());
    extension.set_criticality(true);
    params.custom_extensions.push(extension);
}

fn with_policy(params: &mut CertificateParams) {
    critical(params, POLICY);
}

fn authority_too(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

/// What becomes of a handshake with this server in both versions.
fn outcome(context: &mut Context, leaf: &Leaf) -> Result<(), TlsError> {
    let outcomes = VERSIONS.map(|version| {
        let config = server_config(leaf, &[version], |_| {});
        match shake(config, context) {
            (Ok(mut stream), mut server) => {
                talk(&mut stream, &mut server);
                Ok(())
            }
            (Err(Error::Tls(error)), _) => Err(error),
            (Err(other), _) => panic!("{other:?}"),
        }
    });
    // The texts may tell the time.
    let [older, newer] = outcomes
        .each_ref()
        .map(|it| it.as_ref().map_err(discriminant));
    assert_eq!(older, newer);
    outcomes.into_iter().next().unwrap()
}

/// Both kinds of certificate that are copied.
const KINDS: [fn(&mut CertificateParams); 3] = [with_policy, authority_too, |params| {
    with_policy(params);
    authority_too(params);
}];

fn issue(authority: &Authority, adjust: impl FnOnce(&mut CertificateParams)) -> Leaf {
    authority.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, adjust)
}

#[test]
fn takes_critical_policies_and_authorities_as_servers() {
    for algorithm in [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ED25519] {
        let authority = Authority::of(algorithm);
        for kind in KINDS {
            let leaf = issue(&authority, kind);
            assert_eq!(outcome(&mut authority.trusting(), &leaf), Ok(()));
        }
    }
}

#[test]
fn takes_critical_policies_of_every_authority_in_the_chain() {
    let root = Authority::new();
    let first = root.below(|params| {
        with_policy(params);
        critical(params, INHIBIT);
    });
    let second = first.below(with_policy);
    let mut leaf = issue(&second, with_policy);
    leaf.chain.push(second.der().to_vec().into());
    leaf.chain.push(first.der().to_vec().into());
    assert_eq!(outcome(&mut root.trusting(), &leaf), Ok(()));
}

/// OpenSSL does not look at them unless it is asked to.
#[test]
fn refuses_authorities_that_require_a_policy() {
    let root = Authority::new();
    let below = root.below(|params| critical(params, REQUIRE));
    let mut leaf = issue(&below, with_policy);
    leaf.chain.push(below.der().to_vec().into());
    let error = outcome(&mut root.trusting(), &leaf).unwrap_err();
    assert!(matches!(error, TlsError::BadCertificate(_)), "{error:?}");
}

#[test]
fn an_authority_as_server_does_not_count_for_its_issuer_s_path_length() {
    let root = Authority::new();
    let below = root.below(|params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    let mut leaf = issue(&below, authority_too);
    leaf.chain.push(below.der().to_vec().into());
    assert_eq!(outcome(&mut root.trusting(), &leaf), Ok(()));
}

#[test]
fn refuses_an_authority_whose_key_may_only_issue() {
    let authority = Authority::new();
    let usages = |usages: &[KeyUsagePurpose]| {
        let leaf = issue(&authority, |params| {
            authority_too(params);
            params.key_usages = usages.to_vec();
        });
        outcome(&mut authority.trusting(), &leaf)
    };
    use KeyUsagePurpose::{CrlSign, DigitalSignature, KeyAgreement, KeyCertSign};
    assert_eq!(usages(&[KeyCertSign, DigitalSignature]), Ok(()));
    assert_eq!(usages(&[KeyAgreement]), Ok(()));
    let error = usages(&[KeyCertSign, CrlSign]).unwrap_err();
    assert!(matches!(error, TlsError::WrongUsage(_)), "{error:?}");
}

#[test]
fn copies_are_checked_in_all_else() {
    let authority = Authority::new();
    for kind in KINDS {
        let leaf = issue(&authority, |params| {
            kind(params);
            expired(params);
        });
        let error = outcome(&mut authority.trusting(), &leaf).unwrap_err();
        assert!(
            matches!(error, TlsError::CertificateExpired(_)),
            "{error:?}"
        );

        let adjust = |params: &mut CertificateParams| kind(params);
        let leaf = authority.issue("other.example", &rcgen::PKCS_ECDSA_P256_SHA256, adjust);
        let error = outcome(&mut authority.trusting(), &leaf).unwrap_err();
        assert!(matches!(error, TlsError::HostnameMismatch(_)), "{error:?}");

        let leaf = issue(&authority, |params| {
            kind(params);
            params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        });
        let error = outcome(&mut authority.trusting(), &leaf).unwrap_err();
        assert!(matches!(error, TlsError::WrongUsage(_)), "{error:?}");

        let leaf = issue(&authority, kind);
        let error = outcome(&mut Authority::new().trusting(), &leaf).unwrap_err();
        assert!(matches!(error, TlsError::UnknownIssuer(_)), "{error:?}");

        let leaf = Leaf::self_signed(HOST, kind);
        let error = outcome(&mut Authority::new().trusting(), &leaf).unwrap_err();
        assert!(matches!(error, TlsError::UnknownIssuer(_)), "{error:?}");
    }
}

/// The certificate with other extensions, and the signature that it has.
fn with_extensions(certificate: &[u8], extensions: &[&[u8]]) -> Vec<u8> {
    let parts = Parts::of(certificate).unwrap();
    let extensions = der::wrap(der::SEQUENCE, extensions);
    let extensions = der::wrap(der::EXTENSIONS, &[&extensions]);
    let signed = der::wrap(der::SEQUENCE, &[parts.fields, &extensions]);
    der::wrap(der::SEQUENCE, &[&signed, parts.signature])
}

fn extensions(certificate: &[u8]) -> Vec<&[u8]> {
    let parts = Parts::of(certificate).unwrap();
    parts.extensions.map(|it| it.unwrap().whole).collect()
}

/// What is left out of copies: a critical extension on policies, and one that makes an authority.
fn left_out() -> [Vec<u8>; 2] {
    let leaf = Leaf::self_signed(HOST, KINDS[2]);
    let all = extensions(&leaf.chain[0]);
    [[0x55, 0x1d, 32], [0x55, 0x1d, 19]].map(|id: [u8; 3]| {
        let named = |it: &&&[u8]| it.windows(3).any(|part| part == id);
        all.iter().find(named).unwrap().to_vec()
    })
}

/// Everything that is left out of a copy was signed all the same.
#[test]
fn refuses_what_was_added_and_would_be_left_out() {
    let authority = Authority::new();
    for added in left_out() {
        let mut leaf = issue(&authority, |_| {});
        let all: Vec<_> = extensions(&leaf.chain[0]);
        let forged = with_extensions(&leaf.chain[0], &[all, vec![&added]].concat());
        // Both are shown as what was issued.
        leaf.chain[0] = forged.into();
        let error = outcome(&mut authority.trusting(), &leaf).unwrap_err();
        assert_eq!(error, bad_signature());
    }
}

#[test]
fn refuses_what_was_changed_and_would_be_left_out() {
    let authority = Authority::new();
    for changed in left_out() {
        let mut leaf = issue(&authority, KINDS[2]);
        let mut all = extensions(&leaf.chain[0]);
        assert_eq!(with_extensions(&leaf.chain[0], &all), &leaf.chain[0][..]);
        let at = all.iter().position(|it| *it == changed).unwrap();
        // Longer by a path length, and by another member of a policy.
        let mut other = [&changed[..], &[2, 1, 7]].concat();
        let (value, sequence) = match changed.ends_with(&[1, 1, 0xff]) {
            true => (changed.len() - 6, changed.len() - 4),
            false => (changed.len() - 10, changed.len() - 8),
        };
        for length in [1, value, sequence] {
            other[length] += 3;
        }
        all[at] = &other;
        leaf.chain[0] = with_extensions(&leaf.chain[0], &all).into();
        let error = outcome(&mut authority.trusting(), &leaf).unwrap_err();
        assert_eq!(error, bad_signature());
    }
}

/// A certificate that was issued to a server, policies and all, issues none.
#[test]
fn a_server_that_is_copied_issues_nothing_below_a_server() {
    let authority = Authority::new();
    let below = authority.below(|params| {
        with_policy(params);
        params.is_ca = IsCa::ExplicitNoCa;
    });
    let mut leaf = issue(&below, with_policy);
    leaf.chain.push(below.der().to_vec().into());
    let error = outcome(&mut authority.trusting(), &leaf).unwrap_err();
    assert!(matches!(error, TlsError::BadCertificate(_)), "{error:?}");
}

#[test]
fn copies_nothing_that_is_cut_or_goes_on() {
    let leaf = issue(&Authority::new(), with_policy);
    let certificate = &leaf.chain[0];
    assert_ne!(readable(certificate), *certificate);
    for end in 0..certificate.len() {
        let cut = CertificateDer::from(&certificate[..end]);
        assert_eq!(readable(&cut), cut);
    }
    let longer = CertificateDer::from([&certificate[..], &[5, 0]].concat());
    assert_eq!(readable(&longer), longer);
}

fn bad_signature() -> TlsError {
    TlsError::BadCertificate("certificate signature failure".into())
}

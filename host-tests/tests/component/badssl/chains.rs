//! Whether a certificate leads to an authority.

use harness::component::Guest;
use harness::real::Real;
use harness::tls::{Authority, Identity};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, ExtendedKeyUsagePurpose, GeneralSubtree,
    IsCa, KeyUsagePurpose, NameConstraints,
};

use super::{assert_believed, assert_cause, cause, refusal, to_localhost, trusting};
use crate::support::failure;

const HOST: &str = "host.example";

fn authority_too(params: &mut CertificateParams) {
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
}

#[test]
fn refuses_an_expired_certificate() {
    let authority = Authority::new();
    let identity = authority.request(&[HOST]).expired().issue();
    let refusal = refusal(&authority, &identity, HOST);
    assert_cause!(refusal, CertificateExpired, "2001-01-01 00:00:00 UTC");
}

#[test]
fn refuses_a_certificate_that_is_not_valid_yet() {
    let authority = Authority::new();
    let identity = authority.request(&[HOST]).not_yet_valid().issue();
    let refusal = refusal(&authority, &identity, HOST);
    assert_cause!(refusal, CertificateNotYetValid, "3000-01-01 00:00:00 UTC");
}

#[test]
fn refuses_an_expired_intermediate() {
    let authority = Authority::new();
    let below = authority.intermediate_with(|params| {
        params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    });
    let refusal = refusal(&authority, &below.issue(&[HOST]), HOST);
    assert_cause!(refusal, CertificateExpired, "2001-01-01");
}

#[test]
fn refuses_a_self_signed_certificate() {
    let authority = Authority::new();
    let identity = authority.request(&[HOST]).self_signed();
    let refusal = refusal(&authority, &identity, HOST);
    assert_cause!(refusal, UnknownIssuer, "no trusted certificate authority");
}

/// What `openssl req -x509` makes.
#[test]
fn refuses_a_self_signed_certificate_that_calls_itself_an_authority() {
    let authority = Authority::new();
    let request = authority.request(&[HOST]).with(authority_too);
    let refusal = refusal(&authority, &request.self_signed(), HOST);
    assert_cause!(refusal, UnknownIssuer, "no trusted certificate authority");
}

#[test]
fn refuses_an_untrusted_root() {
    let identity = Authority::new().issue(&[HOST]);
    let refusal = refusal(&Authority::new(), &identity, HOST);
    assert_cause!(refusal, UnknownIssuer, "no trusted certificate authority");
}

#[test]
fn refuses_an_untrusted_root_that_the_server_shows() {
    let other = Authority::new();
    let identity = other.issue(&[HOST]);
    let identity = identity.with_chain(|chain| chain.push(other.certificate().clone()));
    let refusal = refusal(&Authority::new(), &identity, HOST);
    assert_cause!(refusal, UnknownIssuer, "no trusted certificate authority");
}

/// A server two authorities below the root.
fn deep(authority: &Authority) -> Identity {
    authority.intermediate().intermediate().issue(&[HOST])
}

#[test]
fn refuses_an_incomplete_chain() {
    let authority = Authority::new();
    let identity = deep(&authority).with_chain(|chain| chain.truncate(2));
    let refusal = refusal(&authority, &identity, HOST);
    assert_cause!(refusal, UnknownIssuer, "no trusted certificate authority");
}

#[test]
fn takes_a_chain_in_reverse() {
    let authority = Authority::new();
    let identity = deep(&authority).with_chain(|chain| chain[1..].reverse());
    assert_believed(&authority, &identity, HOST);
}

#[test]
fn takes_a_chain_with_its_root() {
    let authority = Authority::new();
    let identity = deep(&authority);
    let identity = identity.with_chain(|chain| chain.push(authority.certificate().clone()));
    assert_believed(&authority, &identity, HOST);
}

#[test]
fn takes_a_chain_among_other_certificates() {
    let (authority, other) = (Authority::new(), Authority::new());
    let identity = deep(&authority).with_chain(|chain| {
        chain.insert(1, other.certificate().clone());
        chain.push(other.intermediate().certificate().clone());
    });
    assert_believed(&authority, &identity, HOST);
}

#[test]
fn refuses_a_certificate_for_clients() {
    let authority = Authority::new();
    let identity = authority.request(&[HOST]).for_client().issue();
    let refusal = refusal(&authority, &identity, HOST);
    assert_cause!(refusal, WrongUsage, "client authentication");
}

#[test]
fn refuses_a_certificate_for_code() {
    let authority = Authority::new();
    let request = authority.request(&[HOST]).with(|params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
    });
    let refusal = refusal(&authority, &request.issue(), HOST);
    assert_cause!(refusal, WrongUsage, "unsuitable certificate purpose");
}

#[test]
fn refuses_an_issuer_that_is_no_authority() {
    let authority = Authority::new();
    let below = authority.intermediate_with(|params| params.is_ca = IsCa::ExplicitNoCa);
    let refusal = refusal(&authority, &below.issue(&[HOST]), HOST);
    assert_cause!(refusal, BadCertificate, "invalid CA certificate");
}

/// As OpenSSL and curl do.
#[test]
fn takes_an_authority_in_the_server_s_place() {
    let authority = Authority::new();
    let request = authority.request(&[HOST]).with(authority_too);
    assert_believed(&authority, &request.issue(), HOST);
}

/// As OpenSSL does, for "unsuitable certificate purpose".
#[test]
fn refuses_an_authority_whose_key_may_only_issue() {
    let authority = Authority::new();
    let request = authority.request(&[HOST]).with(|params| {
        authority_too(params);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    });
    let refusal = refusal(&authority, &request.issue(), HOST);
    assert_cause!(
        refusal,
        WrongUsage,
        "may sign other certificates but no handshake"
    );
}

/// As OpenSSL and curl do: no policy is asked for.
#[test]
fn takes_critical_policies() {
    let authority = Authority::new();
    let policies = |params: &mut CertificateParams| {
        let policy = vec![0x30, 7, 0x30, 5, 6, 3, 42, 3, 4];
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 32], policy);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    };
    let below = authority.intermediate_with(policies);
    let identity = below.request(&["localhost"]).with(policies).issue();
    let guest = Guest::new();
    let context = trusting(&guest, &authority);
    for version in ["-tls1_2", "-tls1_3"] {
        let server = Real::openssl(&identity, &format!("-www {version}"));
        let connection = to_localhost(&guest, server.port(), &context);
        assert_eq!(
            connection.fetch("GET", "/").expect("an answer").status(),
            200
        );
    }
}

#[test]
fn refuses_a_chain_longer_than_its_authority_allows() {
    let authority = Authority::new();
    let narrow = authority.intermediate_with(|params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    });
    assert_believed(&authority, &narrow.issue(&[HOST]), HOST);
    let identity = narrow.intermediate().issue(&[HOST]);
    let refusal = refusal(&authority, &identity, HOST);
    assert_cause!(refusal, BadCertificate, "path length constraint exceeded");
}

#[test]
fn refuses_more_than_six_intermediates() {
    let root = Authority::new();
    let six = (1..6).fold(root.intermediate(), |above, _| above.intermediate());
    assert_believed(&root, &six.issue(&[HOST]), HOST);
    let refusal = refusal(&root, &six.intermediate().issue(&[HOST]), HOST);
    assert_cause!(
        refusal,
        BadCertificate,
        "at most 6 certificates may stand between"
    );
}

#[test]
fn refuses_a_name_that_its_authority_may_not_give() {
    let authority = Authority::new();
    let narrow = authority.intermediate_with(|params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("inside.example".into())],
            excluded_subtrees: Vec::new(),
        });
    });
    let inside = narrow.issue(&["a.inside.example"]);
    assert_believed(&authority, &inside, "a.inside.example");
    let refusal = refusal(&authority, &narrow.issue(&[HOST]), HOST);
    assert_cause!(refusal, BadCertificate, "permitted subtree violation");
}

#[test]
fn refuses_an_unknown_extension_that_must_be_understood() {
    let authority = Authority::new();
    let request = authority.request(&["localhost"]).with(|params| {
        let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 9], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
    });
    let guest = Guest::new();
    let context = trusting(&guest, &authority);
    let server = Real::openssl(&request.issue(), "-www");
    let connection = to_localhost(&guest, server.port(), &context);
    let refusal = cause(failure(connection.connect()));
    assert_cause!(
        refusal,
        BadCertificate,
        "unhandled critical extension: 1.3.6.1.4.1.9"
    );
}

/// A server whose certificates have about this many bytes together.
fn heavy(authority: &Authority, size: usize) -> Identity {
    let ballast = Authority::new().intermediate_with(|params| {
        let extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 9], vec![5; 15_000]);
        params.custom_extensions.push(extension);
    });
    authority.issue(&[HOST]).with_chain(|chain| {
        let count = size / ballast.certificate().der().len();
        chain.extend(vec![ballast.certificate().clone(); count]);
    })
}

#[test]
fn takes_a_chain_of_almost_64_kib() {
    let authority = Authority::new();
    assert_believed(&authority, &heavy(&authority, 64_000), HOST);
}

#[test]
fn refuses_a_chain_over_64_kib() {
    let authority = Authority::new();
    let refusal = refusal(&authority, &heavy(&authority, 80_000), HOST);
    assert_cause!(refusal, Protocol, "");
}

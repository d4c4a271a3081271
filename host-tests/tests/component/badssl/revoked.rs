//! Certificates that were taken back.

use harness::component::{Guest, PemSource, TlsError};
use harness::tls::{Authority, Identity};

use super::{ask, assert_cause, bytes, cause, trusting};
use crate::support::failure;

const HOST: &str = "host.example";

/// What comes of a server under a context with this list.
fn verdict(authority: &Authority, identity: &Identity, lists: &[&str]) -> Option<TlsError> {
    let guest = Guest::new();
    let context = trusting(&guest, authority);
    for list in lists {
        context.load_crls(&bytes(list)).expect("a list");
    }
    let answer = ask(&guest, &context, identity, HOST);
    answer.err().map(cause)
}

#[test]
fn refuses_a_revoked_certificate() {
    let authority = Authority::new();
    let (good, bad) = (authority.issue(&[HOST]), authority.issue(&[HOST]));
    let list = authority.revoke(&[bad.serial()], 3000);
    let verdict_on_bad = verdict(&authority, &bad, &[&list]).expect("it is revoked");
    assert_cause!(verdict_on_bad, CertificateRevoked, "revoked");
    assert_eq!(verdict(&authority, &good, &[&list]).map(text), None);
}

/// For a failed test to show.
fn text(error: TlsError) -> String {
    format!("{error:?}")
}

#[test]
fn refuses_what_a_revoked_authority_has_issued() {
    let authority = Authority::new();
    let below = authority.intermediate();
    let list = authority.revoke(&[below.serial()], 3000);
    let verdict = verdict(&authority, &below.issue(&[HOST]), &[&list]);
    assert_cause!(
        verdict.expect("it is revoked"),
        CertificateRevoked,
        "revoked"
    );
}

#[test]
fn asks_each_of_several_lists() {
    let authority = Authority::new();
    let below = authority.intermediate();
    let identity = below.issue(&[HOST]);
    let lists = format!(
        "{}{}",
        authority.revoke(&[], 3000),
        below.revoke(&[identity.serial()], 3000)
    );
    let verdict = verdict(&authority, &identity, &[&lists]);
    assert_cause!(
        verdict.expect("it is revoked"),
        CertificateRevoked,
        "revoked"
    );
}

#[test]
fn believes_an_authority_without_a_list() {
    let (authority, other) = (Authority::new(), Authority::new());
    let identity = authority.issue(&[HOST]);
    let list = other.revoke(&[identity.serial()], 3000);
    assert_eq!(verdict(&authority, &identity, &[&list]).map(text), None);
}

#[test]
fn refuses_to_rely_on_a_list_that_is_out_of_date() {
    let authority = Authority::new();
    let list = authority.revoke(&[], 2021);
    let verdict = verdict(&authority, &authority.issue(&[HOST]), &[&list]);
    let verdict = verdict.expect("the list has expired");
    assert_cause!(
        verdict,
        BadCertificate,
        "CRL has expired: its successor was due 2021-01-01"
    );
}

#[test]
fn refuses_to_rely_on_a_list_that_somebody_else_has_signed() {
    let authority = Authority::new();
    let list = authority.impostor().revoke(&[], 3000);
    let verdict = verdict(&authority, &authority.issue(&[HOST]), &[&list]);
    assert!(verdict.is_some());
}

#[test]
fn loads_a_list_in_der_and_from_a_file() {
    let authority = Authority::new();
    let identity = authority.issue(&[HOST]);
    let folder = harness::openssl::Openssl::new();
    folder.write("crl.pem", &authority.revoke(&[identity.serial()], 3000));
    folder.run("crl -in crl.pem -outform DER -out crl.der");
    let guest = Guest::builder().preopen(folder.path(""), "/tls").build();
    let der = std::fs::read(folder.path("crl.der")).expect("openssl has written it");
    for source in [
        PemSource::Bytes(der),
        PemSource::Path("/tls/crl.der".into()),
        PemSource::Path("/tls/crl.pem".into()),
    ] {
        let context = trusting(&guest, &authority);
        context.load_crls(&source).expect("a list");
        let refused = cause(failure(ask(&guest, &context, &identity, HOST)));
        assert_cause!(refused, CertificateRevoked, "revoked");
    }
}

#[test]
fn says_what_is_wrong_with_a_list_when_it_is_loaded() {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = trusting(&guest, &authority);
    let list = authority.revoke(&[], 3000);
    let torn = list.replace("-----END", "");
    let empty = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
    for text in ["", "nothing", &authority.pem(), &torn, empty, "0\x03abc"] {
        let cause = cause(failure(context.load_crls(&bytes(text))));
        assert!(
            matches!(cause, TlsError::Configuration(_)),
            "{text}: {cause:?}"
        );
    }
}

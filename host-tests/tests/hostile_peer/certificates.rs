//! Chains that are made to be expensive.

use harness::component::{Connection, Error, TlsError};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, Identity};
use rcgen::{CertificateParams, DnType, GeneralSubtree, NameConstraints};

use crate::support::{AMPLE, OK, Trial, VERSIONS, config};

/// What connecting says to a server with this certificate.
#[track_caller]
fn outcome(authority: &Authority, identity: &Identity) -> Option<Error> {
    let mut errors = VERSIONS.map(|version| {
        let good = config(version, &authority.issue(&["127.0.0.1"]));
        let good = [vec![Step::StartTls(good)], Step::answers(&[OK])].concat();
        let hostile = vec![Step::StartTls(config(version, identity)), Step::AwaitEnd];
        let trial = Trial::secured(authority, Peer::script(vec![hostile, good]));
        trial.outcome(AMPLE, Connection::connect).err()
    });
    assert_eq!(errors[0], errors[1]);
    errors[0].take()
}

/// Asserts that the certificate is refused with this word.
#[track_caller]
fn assert_refused(authority: &Authority, identity: &Identity, word: &str) {
    let error = outcome(authority, identity).expect("it is refused");
    let Error::Tls(
        TlsError::BadCertificate(text)
        | TlsError::UnknownIssuer(text)
        | TlsError::HostnameMismatch(text)
        | TlsError::Protocol(text),
    ) = &error
    else {
        panic!("not a refusal: {error:?}")
    };
    assert!(text.contains(word), "{text}");
}

/// Names that are all alike.
fn names(count: usize) -> Vec<String> {
    let name = |number| format!("{number:040}.example");
    (0..count).map(name).collect()
}

/// An authority below this one that may name hosts in so many domains only.
fn constrained(authority: &Authority, domains: usize) -> Authority {
    authority.intermediate_with(|params| {
        let subtrees = names(domains).into_iter().map(GeneralSubtree::DnsName);
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: subtrees.collect(),
            excluded_subtrees: Vec::new(),
        });
    })
}

#[test]
fn refuses_a_thousand_names_under_250_constraints() {
    let authority = Authority::new();
    let names = names(1000);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let identity = constrained(&authority, 250).issue(&names);
    assert_refused(&authority, &identity, "permitted subtree violation");
}

#[test]
fn finds_a_name_among_a_thousand() {
    let authority = Authority::new();
    let mut names = names(1000);
    names.push("127.0.0.1".to_owned());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_eq!(outcome(&authority, &authority.issue(&names)), None);
}

#[test]
fn refuses_a_certificate_that_is_for_a_thousand_others() {
    let authority = Authority::new();
    let names = names(1000);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert_refused(
        &authority,
        &authority.issue(&names),
        "is not valid for '127.0.0.1'",
    );
}

#[test]
fn refuses_certificates_of_more_than_64_kibibytes() {
    let authority = Authority::new();
    let names = names(1000);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let twice = authority
        .issue(&names)
        .with_chain(|chain| chain.extend_from_within(..1));
    assert_refused(&authority, &twice, "handshake payload too large");
}

#[test]
fn refuses_a_chain_of_a_hundred_certificates() {
    let authority = Authority::new();
    let mut last = authority.intermediate();
    for number in 0..98 {
        last = last.intermediate_with(|params| named(params, &number.to_string()));
    }
    assert_refused(
        &authority,
        &last.issue(&["127.0.0.1"]),
        "at most 6 certificates",
    );
}

/// Gives an authority this name, in place of one that grows with each.
fn named(params: &mut CertificateParams, name: &str) {
    params.distinguished_name.push(DnType::CommonName, name);
}

/// A hundred authorities of the same name, any of which may have issued any other.
#[test]
fn refuses_a_hundred_authorities_of_one_name() {
    let authority = Authority::new();
    let below = |other: &Authority| other.intermediate_with(|params| named(params, "another"));
    let first = below(&Authority::new());
    let alike = || below(&first);
    let identity = alike().issue(&["127.0.0.1"]).with_chain(|chain| {
        let more = (0..98).map(|_| alike().certificate().clone());
        chain.extend(more.collect::<Vec<_>>());
    });
    assert_refused(&authority, &identity, "too many signatures or names");
}

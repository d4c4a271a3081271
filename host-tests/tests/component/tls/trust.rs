//! Whom the component trusts.

use harness::component::{Error, Guest, PemSource, Result, TlsContext, TlsError};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, Identity, ServerTls};

use super::{cause, connect, refused};
use crate::support::{OK, failure};

/// A peer with this certificate that answers one request.
fn peer(identity: &Identity) -> Peer {
    Peer::reply_tls(ServerTls::new(identity).build(), OK)
}

/// Asserts that the context accepts this certificate for `host`.
#[track_caller]
fn assert_accepted(guest: &Guest, context: &TlsContext, identity: &Identity, host: &str) {
    let peer = peer(identity);
    let connection = connect(guest, host, peer.port(), context);
    let response = connection.fetch("GET", "/").expect("it is accepted");
    assert_eq!(response.read(None).expect("a whole body"), b"ok");
}

/// Why this certificate is refused where the authority is trusted. Life goes on.
fn refusal(authority: &Authority, identity: &Identity) -> TlsError {
    let config = ServerTls::new(identity).build();
    cause(refused(authority, vec![Step::StartTls(config)]))
}

#[test]
fn trusts_an_authority_given_as_pem() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    assert_accepted(
        &guest,
        &context,
        &authority.issue(&["localhost"]),
        "localhost",
    );
    Ok(())
}

#[test]
fn trusts_an_authority_given_as_der() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_default_context()?;
    context.load_verify_locations(&PemSource::Bytes(authority.der().to_vec()))?;
    assert_accepted(
        &guest,
        &context,
        &authority.issue(&["localhost"]),
        "localhost",
    );
    Ok(())
}

#[test]
fn trusts_an_authority_given_as_a_file() -> Result<()> {
    let (folder, authority) = (tempfile::tempdir().expect("a folder"), Authority::new());
    std::fs::write(folder.path().join("ca.pem"), authority.pem()).expect("a fresh folder");
    let guest = Guest::builder().preopen(&folder, "/tls").build();
    let context = guest.create_default_context()?;
    context.load_verify_locations(&PemSource::Path("/tls/ca.pem".into()))?;
    assert_accepted(
        &guest,
        &context,
        &authority.issue(&["localhost"]),
        "localhost",
    );
    Ok(())
}

#[test]
fn trusts_each_of_several_authorities() -> Result<()> {
    let (guest, one, other) = (Guest::new(), Authority::new(), Authority::new());
    let context = guest.context_trusting(&format!("{}{}", one.pem(), other.pem()))?;
    assert_accepted(&guest, &context, &one.issue(&["localhost"]), "localhost");
    assert_accepted(&guest, &context, &other.issue(&["localhost"]), "localhost");
    Ok(())
}

#[test]
fn trusts_what_an_intermediate_has_issued() -> Result<()> {
    let (guest, root) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&root.pem())?;
    let identity = root.intermediate().intermediate().issue(&["localhost"]);
    assert_accepted(&guest, &context, &identity, "localhost");
    Ok(())
}

#[test]
fn accepts_an_address_that_the_certificate_names() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    let identity = authority.issue(&["127.0.0.1"]);
    assert_accepted(&guest, &context, &identity, "127.0.0.1");
    Ok(())
}

#[test]
fn rejects_a_private_authority_by_default() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    for context in [None, Some(guest.create_default_context()?)] {
        let peer = peer(&identity);
        let tls = context.as_ref().map(harness::component::TlsOptions::with);
        let connection = guest.https("localhost", peer.port(), None, tls)?;
        let error = failure(connection.connect());
        assert!(matches!(error, Error::Tls(TlsError::UnknownIssuer(_))));
    }
    guest.assert_works();
    Ok(())
}

#[test]
fn rejects_an_issuer_that_is_not_trusted() {
    let identity = Authority::new().issue(&["localhost"]);
    let refusal = refusal(&Authority::new(), &identity);
    assert!(matches!(refusal, TlsError::UnknownIssuer(_)), "{refusal:?}");
}

#[test]
fn rejects_an_issuer_that_only_has_the_name_of_a_trusted_one() {
    let authority = Authority::new();
    let identity = authority.impostor().issue(&["localhost"]);
    let refusal = refusal(&authority, &identity);
    assert!(
        matches!(refusal, TlsError::BadCertificate(_)),
        "{refusal:?}"
    );
}

#[test]
fn rejects_a_certificate_for_another_name() {
    let authority = Authority::new();
    let identity = authority.issue(&["other.example"]);
    let refusal = refusal(&authority, &identity);
    let TlsError::HostnameMismatch(text) = refusal else {
        panic!("{refusal:?}")
    };
    assert!(text.contains("'localhost'"), "{text}");
    assert!(text.contains("'other.example'"), "{text}");
}

#[test]
fn rejects_a_name_in_the_common_name_only() {
    let authority = Authority::new();
    let identity = authority.request(&[]).common_name("localhost").issue();
    let refusal = refusal(&authority, &identity);
    assert!(
        matches!(refusal, TlsError::HostnameMismatch(_)),
        "{refusal:?}"
    );
}

#[test]
fn rejects_an_address_where_the_certificate_names_the_host() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    let peer = peer(&authority.issue(&["localhost"]));
    let connection = connect(&guest, "127.0.0.1", peer.port(), &context);
    let error = failure(connection.connect());
    assert!(
        matches!(error, Error::Tls(TlsError::HostnameMismatch(_))),
        "{error:?}"
    );
    guest.assert_works();
    Ok(())
}

#[test]
fn rejects_an_expired_certificate_and_says_when() {
    let authority = Authority::new();
    let identity = authority.request(&["localhost"]).expired().issue();
    let refusal = refusal(&authority, &identity);
    let TlsError::CertificateExpired(text) = refusal else {
        panic!("{refusal:?}")
    };
    assert!(text.contains("2001-01-01"), "{text}");
}

#[test]
fn rejects_a_certificate_that_is_not_yet_valid_and_says_until_when() {
    let authority = Authority::new();
    let identity = authority.request(&["localhost"]).not_yet_valid().issue();
    let refusal = refusal(&authority, &identity);
    let TlsError::CertificateNotYetValid(text) = refusal else {
        panic!("{refusal:?}")
    };
    assert!(text.contains("3000-01-01"), "{text}");
}

#[test]
fn rejects_a_certificate_for_clients() {
    let authority = Authority::new();
    let identity = authority.request(&["localhost"]).for_client().issue();
    let refusal = refusal(&authority, &identity);
    assert!(matches!(refusal, TlsError::WrongUsage(_)), "{refusal:?}");
}

#[test]
fn accepts_an_authority_as_a_server() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    let request = authority.request(&["localhost"]).with(|params| {
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    });
    assert_accepted(&guest, &context, &request.issue(), "localhost");
    Ok(())
}

#[test]
fn accepts_everyone_where_it_is_told_to_verify_nothing() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_unverified_context();
    let request = |names| authority.request(names);
    for identity in [
        authority.issue(&["localhost"]),
        authority.issue(&["other.example"]),
        request(&["localhost"]).expired().issue(),
        request(&["localhost"]).not_yet_valid().issue(),
        request(&["localhost"]).for_client().issue(),
    ] {
        assert_accepted(&guest, &context, &identity, "localhost");
        assert_accepted(&guest, &context, &identity, "127.0.0.1");
    }
    Ok(())
}

#[test]
fn refuses_authorities_that_are_none_when_they_are_loaded() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    let cut = authority.pem().replace("-----END", "");
    let key = authority.issue(&["localhost"]).key_pem();
    let torn = "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
    let empty = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for pem in ["", "nothing", &cut, &key, torn, empty, "\x30\x03abc"] {
        let loaded = context.load_verify_locations(&PemSource::Bytes(pem.into()));
        let cause = cause(failure(loaded));
        assert!(
            matches!(cause, TlsError::Configuration(_)),
            "{pem}: {cause:?}"
        );
    }
    assert_accepted(
        &guest,
        &context,
        &authority.issue(&["localhost"]),
        "localhost",
    );
    Ok(())
}

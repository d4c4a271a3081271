//! `create-bare`, `create-unverified`, `set-check-hostname`, `set-verify-mode`, `set-minimum-version`,
//! `set-cipher-suites`, `set-alpn-protocols`.

use harness::component::{Error, Guest, Result, TlsContext, TlsError, TlsVersion, VerifyMode};
use harness::tls::{Authority, Identity, ServerTls};
use rustls::CipherSuite;

use super::{pem, visit, visit_tls};
use crate::support::failure;

#[test]
fn without_check_hostname_any_name_will_do() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    let other = authority.issue(&["other.example"]);
    let refused = failure(visit(&guest, Some(&context), &other));
    assert!(matches!(refused, Error::Tls(TlsError::HostnameMismatch(_))));
    context.set_check_hostname(false);
    visit(&guest, Some(&context), &other)?;
    context.set_check_hostname(true);
    assert!(visit(&guest, Some(&context), &other).is_err());
    Ok(())
}

#[test]
fn without_check_hostname_the_chain_is_still_verified() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.context_trusting(&authority.pem())?;
    context.set_check_hostname(false);
    let stranger = Authority::new().issue(&["localhost"]);
    let refused = failure(visit(&guest, Some(&context), &stranger));
    assert!(matches!(refused, Error::Tls(TlsError::UnknownIssuer(_))));
    let expired = authority.request(&["localhost"]).expired().issue();
    let refused = failure(visit(&guest, Some(&context), &expired));
    assert!(matches!(
        refused,
        Error::Tls(TlsError::CertificateExpired(_))
    ));
    Ok(())
}

#[test]
fn cert_none_is_refused_while_names_are_checked() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_default_context()?;
    let refused = failure(context.set_verify_mode(VerifyMode::CertNone));
    let text = "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.";
    assert_eq!(refused, Error::Value(text.into()));
    let stranger = authority.issue(&["localhost"]);
    assert!(visit(&guest, Some(&context), &stranger).is_err());
    context.set_check_hostname(false);
    context.set_verify_mode(VerifyMode::CertNone)?;
    visit(&guest, Some(&context), &stranger)?;
    Ok(())
}

#[test]
fn check_hostname_brings_verification_back() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_unverified_context();
    context.load_verify_locations(&pem(&authority))?;
    visit(
        &guest,
        Some(&context),
        &Authority::new().issue(&["localhost"]),
    )?;
    context.set_check_hostname(true);
    visit(&guest, Some(&context), &authority.issue(&["localhost"]))?;
    for bad in [
        Authority::new().issue(&["localhost"]),
        authority.issue(&["other.example"]),
    ] {
        assert!(visit(&guest, Some(&context), &bad).is_err());
    }
    Ok(())
}

#[test]
fn cert_optional_is_cert_required() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    for mode in [VerifyMode::CertOptional, VerifyMode::CertRequired] {
        let context = guest.create_unverified_context();
        context.load_verify_locations(&pem(&authority))?;
        context.set_verify_mode(mode)?;
        visit(&guest, Some(&context), &authority.issue(&["other.example"]))?;
        let stranger = Authority::new().issue(&["localhost"]);
        let refused = failure(visit(&guest, Some(&context), &stranger));
        assert!(matches!(refused, Error::Tls(TlsError::UnknownIssuer(_))));
    }
    Ok(())
}

#[test]
fn verification_without_an_authority_is_refused_before_connecting() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_unverified_context();
    context.set_verify_mode(VerifyMode::CertRequired)?;
    let refused = failure(visit(
        &guest,
        Some(&context),
        &authority.issue(&["localhost"]),
    ));
    assert!(matches!(refused, Error::Tls(TlsError::Configuration(_))));
    Ok(())
}

#[test]
fn a_bare_context_trusts_whom_it_is_told_to_and_nobody_else() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_bare_context();
    let identity = authority.issue(&["localhost"]);
    let refused = failure(visit(&guest, Some(&context), &identity));
    assert!(matches!(refused, Error::Tls(TlsError::Configuration(_))));
    context.load_verify_locations(&pem(&authority))?;
    visit(&guest, Some(&context), &identity)?;
    let stranger = Authority::new().issue(&["localhost"]);
    let refused = failure(visit(&guest, Some(&context), &stranger));
    assert!(matches!(refused, Error::Tls(TlsError::UnknownIssuer(_))));
    let other = authority.issue(&["other.example"]);
    let refused = failure(visit(&guest, Some(&context), &other));
    assert!(matches!(refused, Error::Tls(TlsError::HostnameMismatch(_))));
    Ok(())
}

#[test]
fn an_unverified_context_checks_nothing() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = guest.create_unverified_context();
    visit(&guest, Some(&context), &authority.issue(&["other.example"]))?;
    let expired = authority.request(&["localhost"]).expired().issue();
    visit(&guest, Some(&context), &expired)?;
    Ok(())
}

#[test]
fn minimum_version_leaves_the_newer_ones() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    context.set_minimum_version(TlsVersion::Tls13);
    let server = || ServerTls::new(&identity);
    let session = visit_tls(&guest, Some(&context), server())?;
    assert_eq!(session.version, "TLSv1.3");
    assert!(visit_tls(&guest, Some(&context), server().tls12_only()).is_err());
    context.set_minimum_version(TlsVersion::Tls12);
    let session = visit_tls(&guest, Some(&context), server().tls12_only())?;
    assert_eq!(session.version, "TLSv1.2");
    let session = visit_tls(&guest, Some(&context), server())?;
    assert_eq!(session.version, "TLSv1.3");
    Ok(())
}

/// The suite agreed on with a server that takes the most wanted one.
fn agreed_suite(guest: &Guest, context: &TlsContext, identity: &Identity) -> Result<String> {
    let server = ServerTls::new(identity);
    Ok(visit_tls(guest, Some(context), server)?.cipher_suite)
}

#[test]
fn cipher_suites_are_offered_as_they_are_set() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    for names in [
        &["TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"][..],
        &["TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"],
        &["TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"],
        &["TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"],
        &["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"],
    ] {
        context.set_cipher_suites(names)?;
        assert_eq!(agreed_suite(&guest, &context, &identity)?, names[0]);
    }
    Ok(())
}

#[test]
fn cipher_suites_that_a_server_lacks_are_named() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    context.set_cipher_suites(&["TLS_AES_256_GCM_SHA384"])?;
    let server = ServerTls::new(&identity).cipher_suite(CipherSuite::TLS13_AES_128_GCM_SHA256);
    match failure(visit_tls(&guest, Some(&context), server)) {
        Error::Tls(TlsError::HandshakeAlert(text)) => {
            let offered = "offered were TLS 1.3 with TLS_AES_256_GCM_SHA384, keys exchanged over";
            assert!(text.contains(offered), "{text}");
        }
        other => panic!("{other:?}"),
    }
    Ok(())
}

#[test]
fn cipher_suites_refuse_names_that_are_none() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    context.set_cipher_suites(&["TLS_AES_128_GCM_SHA256"])?;
    let aes = "TLS_AES_256_GCM_SHA384";
    for (names, text) in [
        (&[][..], "No cipher can be selected."),
        (
            &[aes, "RC4-SHA"],
            "'RC4-SHA' is not a cipher suite that is known here",
        ),
        (&[""], "'' is not a cipher suite that is known here"),
    ] {
        let refused = failure(context.set_cipher_suites(names));
        assert_eq!(refused, Error::Value(text.into()));
    }
    let unchanged = agreed_suite(&guest, &context, &identity)?;
    assert_eq!(unchanged, "TLS_AES_128_GCM_SHA256");
    Ok(())
}

#[test]
fn cipher_suites_of_too_old_a_version_make_no_connection() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    context.set_cipher_suites(&["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"])?;
    context.set_minimum_version(TlsVersion::Tls13);
    let refused = failure(agreed_suite(&guest, &context, &identity));
    let text = "no cipher suite of TLS 1.3 is offered";
    assert_eq!(refused, Error::Tls(TlsError::Configuration(text.into())));
    context.set_minimum_version(TlsVersion::Tls12);
    assert!(agreed_suite(&guest, &context, &identity).is_ok());
    Ok(())
}

#[test]
fn alpn_offers_what_it_is_told_to() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    let agreed = |offers: &[&str]| -> Result<Option<String>> {
        context.set_alpn_protocols(offers)?;
        let server = ServerTls::new(&identity).alpn(&["http/1.0", "special"]);
        Ok(visit_tls(&guest, Some(&context), server)?.alpn)
    };
    assert_eq!(
        agreed(&["special", "http/1.1"])?.as_deref(),
        Some("special")
    );
    assert_eq!(agreed(&["http/1.0"])?.as_deref(), Some("http/1.0"));
    assert_eq!(agreed(&[])?, None);
    let refused = failure(agreed(&["h2", "http/1.1"]));
    assert!(matches!(refused, Error::Tls(TlsError::HandshakeAlert(_))));
    Ok(())
}

#[test]
fn alpn_refuses_names_that_do_not_fit() -> Result<()> {
    let guest = Guest::new();
    let context = guest.create_default_context()?;
    let (longest, long) = ("x".repeat(255), "x".repeat(256));
    for names in [
        vec![""],
        vec!["http/1.1", ""],
        vec![&long],
        vec![&longest; 65],
    ] {
        let refused = failure(context.set_alpn_protocols(&names));
        assert!(matches!(refused, Error::Value(_)), "{refused:?}");
    }
    context.set_alpn_protocols(&vec![longest.as_str(); 64])
}

#[test]
fn as_many_names_as_fit_are_offered() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let context = guest.context_trusting(&authority.pem())?;
    let longest = "x".repeat(255);
    let mut names = vec![longest.as_str(); 63];
    names.push("last");
    context.set_alpn_protocols(&names)?;
    let server = ServerTls::new(&identity).alpn(&["last"]);
    let session = visit_tls(&guest, Some(&context), server)?;
    assert_eq!(session.alpn.as_deref(), Some("last"));
    Ok(())
}

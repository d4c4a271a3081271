//! `add-pin`.

use harness::component::{Error, Guest, Result, TlsError};
use harness::tls::{Authority, Identity, ServerTls};

use super::{pem, visit, visit_tls};
use crate::support::failure;

/// What comes of a server under a context that trusts the authority and has these pins.
fn verdict(authority: &Authority, pins: &[Vec<u8>], identity: &Identity) -> Result<()> {
    let guest = Guest::new();
    let context = guest.context_trusting(&authority.pem())?;
    for pin in pins {
        context.add_pin(pin)?;
    }
    for tls12 in [true, false] {
        let server = ServerTls::new(identity);
        let server = if tls12 { server.tls12_only() } else { server };
        visit_tls(&guest, Some(&context), server)?;
    }
    Ok(())
}

#[test]
fn any_key_of_the_chain_may_be_pinned() -> Result<()> {
    let root = Authority::new();
    let below = root.intermediate();
    let identity = below.issue(&["localhost"]);
    for pin in [root.pin(), below.pin(), identity.pin()] {
        verdict(&root, &[pin], &identity)?;
    }
    Ok(())
}

#[test]
fn one_of_several_pins_is_enough() -> Result<()> {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    verdict(
        &authority,
        &[vec![1; 32], identity.pin(), vec![2; 32]],
        &identity,
    )
}

#[test]
fn a_chain_without_a_pinned_key_is_refused_and_the_key_told() {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let refused = failure(verdict(&authority, &[vec![1; 32]], &identity));
    let hex: String = identity
        .pin()
        .iter()
        .map(|it| format!("{it:02x}"))
        .collect();
    let Error::Tls(TlsError::BadCertificate(text)) = refused else {
        panic!("{refused:?}")
    };
    assert!(text.contains("no key of the chain is pinned"), "{text}");
    assert!(text.contains(&hex), "{text}");
}

/// Anybody can show a certificate that they have no key for.
#[test]
fn a_pinned_certificate_beside_the_chain_does_not_count() {
    let (authority, other) = (Authority::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let identity = identity.with_chain(|chain| chain.push(other.certificate().clone()));
    let refused = failure(verdict(&authority, &[other.pin()], &identity));
    assert!(
        matches!(refused, Error::Tls(TlsError::BadCertificate(_))),
        "{refused:?}"
    );
}

#[test]
fn a_pin_is_no_trust() {
    let authority = Authority::new();
    let stranger = Authority::new().issue(&["localhost"]);
    let refused = failure(verdict(&authority, &[stranger.pin()], &stranger));
    assert!(
        matches!(refused, Error::Tls(TlsError::UnknownIssuer(_))),
        "{refused:?}"
    );
    let other = authority.issue(&["other.example"]);
    let refused = failure(verdict(&authority, &[other.pin()], &other));
    assert!(
        matches!(refused, Error::Tls(TlsError::HostnameMismatch(_))),
        "{refused:?}"
    );
}

#[test]
fn without_verification_only_the_server_s_own_key_counts() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["other.example"]);
    let identity = identity.with_chain(|chain| chain.push(authority.certificate().clone()));
    let own = guest.create_unverified_context();
    own.add_pin(&identity.pin())?;
    visit(&guest, Some(&own), &identity)?;
    let others = guest.create_unverified_context();
    others.add_pin(&authority.pin())?;
    let refused = failure(visit(&guest, Some(&others), &identity));
    assert!(
        matches!(refused, Error::Tls(TlsError::BadCertificate(_))),
        "{refused:?}"
    );
    Ok(())
}

#[test]
fn a_certificate_trusted_for_its_own_sake_must_be_pinned_too() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.request(&["localhost"]).self_signed();
    let own = harness::component::PemSource::Bytes(identity.chain_pem().into());
    let context = guest.create_default_context()?;
    context.load_verify_locations(&own)?;
    context.load_verify_locations(&pem(&authority))?;
    visit(&guest, Some(&context), &identity)?;
    context.add_pin(&authority.pin())?;
    let refused = failure(visit(&guest, Some(&context), &identity));
    assert!(
        matches!(refused, Error::Tls(TlsError::BadCertificate(_))),
        "{refused:?}"
    );
    context.add_pin(&identity.pin())?;
    visit(&guest, Some(&context), &identity)?;
    Ok(())
}

#[test]
fn a_pin_of_another_length_is_refused() -> Result<()> {
    let guest = Guest::new();
    let context = guest.create_default_context()?;
    for length in [0, 20, 31, 33, 64] {
        let refused = failure(context.add_pin(&vec![0; length]));
        let text = format!("a SHA-256 has 32 bytes, the pin has {length}");
        assert_eq!(refused, Error::Value(text));
    }
    Ok(())
}

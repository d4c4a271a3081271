//! Handshakes that must fail, and what the caller is told.

use alloc::borrow::ToOwned;
use alloc::string::String;

use rcgen::ExtendedKeyUsagePurpose;
use rustls::AlertDescription;

use super::certificates::{expired, future};
use super::*;
use crate::transport::{Phase, SocketErrorCode, TlsError};

/// The error of a handshake, and the alert that the server got.
fn refused(
    config: ServerConfig,
    context: &mut Context,
    name: &str,
) -> (TlsError, Option<AlertDescription>) {
    let (outcome, server) = shake_with(config, context, name, |_| {});
    let Err(Error::Tls(error)) = outcome.map(|_| ()) else {
        panic!("the handshake succeeded");
    };
    let alert = match server.failure {
        Some(rustls::Error::AlertReceived(alert)) => Some(alert),
        _ => None,
    };
    (error, alert)
}

/// A leaf that is wrong in some way is refused in both versions, with this alert.
fn refuses(leaf: &Leaf, context: &mut Context, alert: AlertDescription) -> TlsError {
    let mut errors = VERSIONS.map(|version| {
        let config = server_config(leaf, &[version], |_| {});
        let (error, seen) = refused(config, context, HOST);
        assert_eq!(seen, Some(alert));
        error
    });
    assert_eq!(
        std::mem::discriminant(&errors[0]),
        std::mem::discriminant(&errors[1])
    );
    std::mem::replace(&mut errors[0], TlsError::Other(String::new()))
}

#[test]
fn refuses_an_expired_certificate_and_says_since_when() {
    let authority = Authority::new();
    let leaf = authority.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, expired);
    let mut context = authority.trusting();
    let error = refuses(&leaf, &mut context, AlertDescription::CertificateExpired);
    let TlsError::CertificateExpired(text) = error else {
        panic!("{error:?}");
    };
    assert!(text.contains("it was valid until 2020-02-29 00:00:00 UTC"));
}

#[test]
fn refuses_a_certificate_of_the_future_and_says_from_when() {
    let authority = Authority::new();
    let leaf = authority.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, future);
    let mut context = authority.trusting();
    let error = refuses(&leaf, &mut context, AlertDescription::CertificateExpired);
    let TlsError::CertificateNotYetValid(text) = error else {
        panic!("{error:?}");
    };
    assert!(text.contains("from 2999-01-01 00:00:00 UTC"), "{text}");
}

#[test]
fn refuses_another_name_and_says_which_ones_it_has() {
    let authority = Authority::new();
    let leaf = authority.leaf("other.example");
    let mut context = authority.trusting();
    let error = refuses(&leaf, &mut context, AlertDescription::BadCertificate);
    assert_eq!(
        error,
        TlsError::HostnameMismatch(
            "hostname mismatch: certificate is not valid for 'server.example', \
             it is for 'other.example'"
                .to_owned()
        )
    );
}

#[test]
fn refuses_an_address_that_the_certificate_lacks() {
    let authority = Authority::new();
    let config = server_config(&authority.leaf(HOST), &VERSIONS, |_| {});
    let (error, _) = refused(config, &mut authority.trusting(), "127.0.0.1");
    assert!(matches!(error, TlsError::HostnameMismatch(_)), "{error:?}");
}

#[test]
fn refuses_an_unknown_authority() {
    let leaf = Authority::new().leaf(HOST);
    let mut context = Authority::new().trusting();
    let error = refuses(&leaf, &mut context, AlertDescription::UnknownCA);
    assert!(matches!(error, TlsError::UnknownIssuer(_)), "{error:?}");
    let mut context = Context::create_default(clock());
    let error = refuses(&leaf, &mut context, AlertDescription::UnknownCA);
    assert!(matches!(error, TlsError::UnknownIssuer(_)), "{error:?}");
}

#[test]
fn refuses_a_certificate_for_clients() {
    let authority = Authority::new();
    let leaf = authority.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    });
    let mut context = authority.trusting();
    let error = refuses(
        &leaf,
        &mut context,
        AlertDescription::UnsupportedCertificate,
    );
    let TlsError::WrongUsage(text) = error else {
        panic!("{error:?}");
    };
    assert!(text.contains("client"), "{text}");
}

#[test]
fn an_unverified_context_accepts_all_of_these() {
    let authority = Authority::new();
    for leaf in [
        authority.leaf("other.example"),
        authority.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, expired),
        Leaf::self_signed("localhost", |_| {}),
    ] {
        for version in VERSIONS {
            let config = server_config(&leaf, &[version], |_| {});
            let (mut stream, mut server) =
                connect(config, &mut Context::create_unverified(clock()));
            talk(&mut stream, &mut server);
        }
    }
}

#[test]
fn an_unverified_context_still_wants_the_certificate_s_key() {
    let authority = Authority::new();
    let shown = authority.leaf(HOST);
    let held = authority.leaf(HOST);
    for version in VERSIONS {
        let key = ring::sign::any_supported_type(&held.key).unwrap();
        let stolen = rustls::sign::CertifiedKey::new(shown.chain.clone(), key);
        let provider = Arc::new(ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(rustls::sign::SingleCertAndKey::from(stolen)));
        let (error, alert) = refused(config, &mut Context::create_unverified(clock()), HOST);
        assert!(matches!(error, TlsError::BadCertificate(_)), "{error:?}");
        assert_eq!(alert, Some(AlertDescription::DecryptError));
    }
}

#[test]
fn names_the_alert_of_a_server_that_wants_another_protocol() {
    for version in VERSIONS {
        let (mut config, mut context) = usual(version);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let (error, _) = refused(config, &mut context, HOST);
        let TlsError::HandshakeAlert(text) = error else {
            panic!("{error:?}");
        };
        assert!(text.ends_with(": no_application_protocol"), "{text}");
    }
}

#[test]
fn names_the_alert_of_a_server_that_wants_a_certificate() {
    let authority = Authority::new();
    let leaf = authority.leaf(HOST);
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der().to_vec().into()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
        Arc::new(roots),
        Arc::clone(&provider),
    );
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(leaf.chain, leaf.key)
        .unwrap();
    // In TLS 1.3 the client learns it after its own last flight.
    let (stream, mut server) = shake(config, &mut authority.trusting());
    let mut stream = stream.unwrap();
    assert_eq!(stream.poll_write(&[b"question"]), Poll::Ready(Ok(8)));
    server.pump();
    let Poll::Ready(Err(Error::Tls(TlsError::HandshakeAlert(text)))) = stream.poll_fill() else {
        panic!("{:?}", stream.poll_fill());
    };
    assert!(text.ends_with(": certificate_required"), "{text}");
}

/// The error of a handshake with a peer that says `answer` and closes.
fn answered(answer: &[u8], piece: usize) -> Error {
    let (stream, peer) = pair();
    peer.wire().piece = piece;
    peer.wire().inbound.extend(answer);
    peer.wire().ended = true;
    let mut context = Context::create_default(clock());
    let mut handshake = Handshake::new(context.config().unwrap(), HOST, stream).unwrap();
    let Poll::Ready(Err(error)) = handshake.poll() else {
        panic!("no error");
    };
    assert_eq!(handshake.poll(), Poll::Ready(Err(error.clone())));
    assert_eq!(handshake.finish().map(|_| ()), Err(error.clone()));
    error
}

#[test]
fn quotes_a_peer_that_speaks_plain_http() {
    let error = answered(
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
        4096,
    );
    assert_eq!(
        error,
        Error::Tls(TlsError::Protocol(
            "the peer does not speak tls, it sent \"HTTP/1.1 400 Bad Request\"".to_owned()
        ))
    );
    for garbage in [&b"\x00\xff"[..], b"SSH-2.0-x\r\n", b"\x16\x05", b"HT"] {
        for piece in [1, 4096] {
            let error = answered(garbage, piece);
            assert!(
                matches!(error, Error::Tls(TlsError::Protocol(_))),
                "{error:?}"
            );
        }
    }
}

#[test]
fn says_that_the_peer_closed() {
    for start in [
        &b""[..],
        b"\x16",
        b"\x16\x03\x03",
        b"\x16\x03\x03\x00\x20abc",
    ] {
        let error = answered(start, 4096);
        assert!(
            matches!(error, Error::Tls(TlsError::Truncated(_))),
            "{error:?}"
        );
    }
}

#[test]
fn names_the_alert_that_breaks_a_handshake_off() {
    for (code, name) in [(40, "handshake_failure"), (70, "protocol_version")] {
        let error = answered(&[21, 3, 3, 0, 2, 2, code], 4096);
        let expected = format!("the peer broke the handshake off: {name};");
        assert!(matches!(
            error,
            Error::Tls(TlsError::HandshakeAlert(text)) if text.starts_with(&expected)
        ));
    }
}

#[test]
fn a_socket_s_failure_happens_in_the_handshake() {
    let (stream, peer) = pair();
    peer.wire().broken = true;
    let mut context = Context::create_default(clock());
    let mut handshake = Handshake::new(context.config().unwrap(), HOST, stream).unwrap();
    assert_eq!(
        handshake.poll(),
        Poll::Ready(Err(Error::Socket {
            phase: Phase::Handshake,
            code: SocketErrorCode::BrokenPipe
        }))
    );
}

#[test]
fn a_handshake_waits_for_room_and_then_for_the_answer() {
    use crate::transport::Interest;

    let (stream, peer) = pair();
    peer.wire().room = 10;
    let mut context = Context::create_default(clock());
    let mut handshake = Handshake::new(context.config().unwrap(), HOST, stream).unwrap();
    assert_eq!(handshake.poll(), Poll::Pending);
    assert_eq!(handshake.interest(), Interest::Writable);
    peer.wire().room = usize::MAX;
    assert_eq!(handshake.poll(), Poll::Pending);
    assert_eq!(handshake.interest(), Interest::Readable);
    assert!(handshake.finish().is_err());
}

#[test]
fn refuses_what_is_no_name() {
    let mut context = Context::create_default(clock());
    for name in ["", "a b", "[::1]", "fe80::1%eth0"] {
        let (stream, _) = pair();
        let outcome = Handshake::new(context.config().unwrap(), name, stream);
        assert!(matches!(
            outcome.map(|_| ()),
            Err(Error::Tls(TlsError::Configuration(_)))
        ));
    }
}

/// Runs a handshake whose bytes from the server go through `damage` on their way.
fn damaged(
    config: &Arc<ServerConfig>,
    context: &mut Context,
    mut damage: impl FnMut(&Peer),
) -> Option<Result<(), Error>> {
    let (stream, peer) = pair();
    let mut server = Server::new(Arc::clone(config), peer.clone());
    let mut handshake = Handshake::new(context.config().unwrap(), HOST, stream).unwrap();
    for _ in 0..8 {
        match handshake.poll() {
            Poll::Pending => {
                server.pump();
                damage(&peer);
            }
            Poll::Ready(outcome) => return Some(outcome),
        }
    }
    // It waits for what the damage has swallowed.
    None
}

/// Whether a byte is the one that nobody looks at in a plain record: its header's minor version.
fn is_minor_version(records: &[u8], position: usize) -> bool {
    let mut start = 0;
    while let Some(&[_, _, _, high, low]) = records[start..].first_chunk() {
        let end = start + 5 + usize::from(u16::from_be_bytes([high, low]));
        if position < end {
            return position == start + 2;
        }
        start = end;
    }
    false
}

#[test]
fn a_changed_bit_never_goes_through() {
    for version in VERSIONS {
        for size in [None, Some(90)] {
            let (mut config, mut context) = usual(version);
            config.max_fragment_size = size;
            let config = Arc::new(config);
            for position in (0..1500).step_by(29) {
                let mut left = position;
                let mut changed = false;
                let outcome = damaged(&config, &mut context, |peer| {
                    let mut wire = peer.wire();
                    let length = wire.inbound.len();
                    let bytes = wire.inbound.make_contiguous();
                    if !changed && left < length && !is_minor_version(bytes, left) {
                        let byte = &mut bytes[left];
                        *byte ^= 1 << (position % 8);
                        changed = true;
                    } else {
                        left = left.saturating_sub(length);
                    }
                });
                let through = changed && outcome == Some(Ok(()));
                assert!(!through, "byte {position} of {version:?}");
            }
        }
    }
}

#[test]
fn a_cut_flight_is_truncation() {
    for version in VERSIONS {
        let (config, mut context) = usual(version);
        let config = Arc::new(config);
        for position in (0..500).step_by(23) {
            let outcome = damaged(&config, &mut context, |peer| {
                let mut wire = peer.wire();
                wire.inbound.truncate(position);
                wire.ended = true;
            });
            assert!(matches!(
                outcome,
                Some(Err(Error::Tls(TlsError::Truncated(_))))
            ));
        }
    }
}

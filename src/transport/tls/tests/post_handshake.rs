//! What comes between the data: key updates, alerts, messages of the handshake's kind.

use super::super::records::Content;
use super::forger::{Forger, fatal};
use super::*;
use crate::transport::TlsError;

#[test]
fn a_few_empty_records_are_nothing_many_end_the_stream() {
    for version in VERSIONS {
        let (mut stream, mut forger) = Forger::connect(version);
        for _ in 0..3 {
            for _ in 0..32 {
                forger.send(Content::ApplicationData, b"");
            }
            forger.send(Content::ApplicationData, b"data");
            assert_eq!(read(&mut stream, 4), b"data");
        }
        fatal(
            version,
            |forger| {
                for _ in 0..33 {
                    forger.send(Content::ApplicationData, b"");
                }
            },
            Some(10),
            "too many records",
        );
    }
}

#[test]
fn fatal_alerts_are_named() {
    for version in VERSIONS {
        fatal(
            version,
            |forger| forger.send(Content::Alert, &[2, 80]),
            None,
            "internal_error",
        );
    }
    fatal(
        &TLS13,
        |forger| forger.send(Content::Alert, &[1, 116]),
        None,
        "certificate_required",
    );
    fatal(
        &TLS13,
        |forger| forger.send(Content::Alert, &[2]),
        Some(50),
        "an alert of 1 bytes",
    );
}

#[test]
fn warnings_of_tls12_are_ignored() {
    let (mut stream, mut forger) = Forger::connect(&TLS12);
    forger.send(Content::Alert, &[1, 112]);
    forger.send(Content::ApplicationData, b"data");
    assert_eq!(read(&mut stream, 4), b"data");
}

#[test]
fn renegotiation_is_declined() {
    let (mut stream, mut forger) = Forger::connect(&TLS12);
    forger.send(Content::Handshake, &[0, 0, 0, 0]);
    forger.send(Content::ApplicationData, b"data");
    assert_eq!(read(&mut stream, 4), b"data");
    assert_eq!(forger.receive(), Some((Content::Alert, vec![1, 100])));
}

#[test]
fn unforeseen_handshake_messages_end_the_stream() {
    for (version, message, alert, word) in [
        (&TLS13, &[13, 0, 0, 0][..], 10, "certificate_request"),
        (&TLS13, &[24, 0, 0, 1, 2], 47, "malformed key_update"),
        (&TLS13, &[24, 0, 0, 1, 0, 4], 10, "after key_update"),
        (&TLS13, &[4, 0, 0, 1, 0], 50, "bad session ticket"),
        (&TLS13, &[4, 0xff, 0, 0], 10, "over-long handshake"),
        (&TLS13, &[], 10, "empty handshake"),
        (&TLS12, &[24, 0, 0, 1, 0], 10, "key_update"),
        (&TLS12, &[4, 0, 0, 1, 0], 10, "new_session_ticket"),
    ] {
        fatal(
            version,
            |forger| forger.send(Content::Handshake, message),
            Some(alert),
            word,
        );
    }
    fatal(
        &TLS13,
        |forger| {
            forger.send(Content::Handshake, &[4, 0, 0]);
            forger.send(Content::ApplicationData, b"data");
        },
        Some(10),
        "in the midst",
    );
}

#[test]
fn keys_are_renewed_in_both_directions() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, mut server) = connect(config, &mut context);
    for _ in 0..3 {
        server.connection.refresh_traffic_keys().unwrap();
        server.put();
        talk(&mut stream, &mut server);
        talk(&mut stream, &mut server);
    }
}

#[test]
fn keys_are_renewed_amid_a_transfer_in_pieces() {
    for piece in [1, 100, 65_536] {
        let (config, mut context) = usual(&TLS13);
        let (mut stream, mut server) = connect(config, &mut context);
        server.peer.wire().piece = piece;
        let data = pattern(40_000);
        for _ in 0..5 {
            server.send(&data);
            server.connection.refresh_traffic_keys().unwrap();
            server.send(&data);
        }
        assert!(read(&mut stream, 10 * data.len()) == data.repeat(10));
        write_all(&mut stream, &mut server, &data);
        assert!(server.received == data, "{:?}", server.failure);
    }
}

#[test]
fn any_number_of_requests_for_new_keys_is_answered_once() {
    let (mut stream, mut forger) = Forger::connect(&TLS13);
    forger.peer.wire().room = 0;
    // The forger can't follow the key schedule: one request is all that it can send.
    forger.send(Content::Handshake, &[24, 0, 0, 1, 1]);
    assert_eq!(stream.poll_fill(), Poll::Pending);
    assert_eq!(stream.poll_fill(), Poll::Pending);
    forger.peer.wire().room = usize::MAX;
    assert_eq!(stream.poll_fill(), Poll::Pending);
    let answer = forger.receive();
    assert_eq!(answer, Some((Content::Handshake, vec![24, 0, 0, 1, 0])));
    assert!(forger.peer.wire().outbound.is_empty());
}

#[test]
fn close_notify_ends_the_stream_in_order() {
    for version in VERSIONS {
        let (config, mut context) = usual(version);
        let (mut stream, mut server) = connect(config, &mut context);
        server.send(b"last");
        server.connection.send_close_notify();
        server.put();
        server.peer.wire().ended = true;
        assert_eq!(read(&mut stream, 4), b"last");
        assert_eq!(stream.poll_fill(), Poll::Ready(Ok(0)));
        assert_eq!(stream.poll_fill(), Poll::Ready(Ok(0)));
        // Our half goes on.
        write_all(&mut stream, &mut server, b"still here");
        assert_eq!(server.received, b"still here");
    }
}

#[test]
fn an_end_without_close_notify_is_truncation() {
    for version in VERSIONS {
        for cut in [0, 1, 4, 5, 20] {
            let (config, mut context) = usual(version);
            let (mut stream, mut server) = connect(config, &mut context);
            server.send(b"first");
            read(&mut stream, 5);
            server.send(b"second");
            server.peer.wire().inbound.truncate(cut);
            server.peer.wire().ended = true;
            for _ in 0..2 {
                assert!(matches!(
                    stream.poll_fill(),
                    Poll::Ready(Err(Error::Tls(TlsError::Truncated(_))))
                ));
            }
        }
    }
}

#[test]
fn we_say_close_notify_once() {
    for version in VERSIONS {
        let (mut stream, mut forger) = Forger::connect(version);
        stream.say_goodbye();
        stream.say_goodbye();
        assert_eq!(forger.receive(), Some((Content::Alert, vec![1, 0])));
        assert_eq!(forger.receive(), None);
        assert!(matches!(
            stream.poll_write(&[b"more"]),
            Poll::Ready(Err(Error::Socket { .. }))
        ));
        // The peer's half goes on.
        forger.send(Content::ApplicationData, b"data");
        assert_eq!(read(&mut stream, 4), b"data");
    }
}

/// A connection whose AES-GCM key has two records left.
fn nearly_used_up(version: Version) -> (TlsStream<Scripted>, Forger) {
    const LIMIT: u64 = 1 << 24;
    let authority = Authority::new();
    let config = server_config(&authority.leaf(HOST), &[version], |provider| {
        provider
            .cipher_suites
            .retain(|suite| format!("{:?}", suite.suite()).contains("AES_128_GCM"));
    });
    let (mut stream, mut forger) = Forger::connect_to(config, authority.trusting(), version);
    stream.skip_to(LIMIT - 2);
    forger.opener.skip_to(LIMIT - 2);
    (stream, forger)
}

#[test]
fn a_key_of_tls13_is_renewed_before_it_is_used_up() {
    let (mut stream, mut forger) = nearly_used_up(&TLS13);
    assert_eq!(stream.poll_write(&[b"one"]), Poll::Ready(Ok(3)));
    assert_eq!(stream.poll_write(&[b"two"]), Poll::Ready(Ok(3)));
    assert_eq!(
        forger.receive(),
        Some((Content::ApplicationData, b"one".to_vec()))
    );
    assert_eq!(
        forger.receive(),
        Some((Content::Handshake, vec![24, 0, 0, 1, 0]))
    );
    assert!(!forger.peer.wire().outbound.is_empty());
}

#[test]
fn a_key_of_tls12_is_never_used_up() {
    let (mut stream, mut forger) = nearly_used_up(&TLS12);
    assert_eq!(stream.poll_write(&[b"one"]), Poll::Ready(Ok(3)));
    assert_eq!(stream.poll_write(&[b"two"]), Poll::Ready(Ok(3)));
    assert!(matches!(
        stream.poll_write(&[b"three"]),
        Poll::Ready(Err(Error::Tls(TlsError::Protocol(_))))
    ));
    assert!(forger.receive().is_some());
    assert!(forger.receive().is_some());
    assert_eq!(forger.receive(), None);
}

//! What comes between the data: key updates, alerts, and records that no honest peer sends.

use super::super::record::{Content, Opener, Sealer, Version as Format};
use super::*;
use crate::transport::TlsError;

/// A server that has given its keys away: any record can be sent in its name.
struct Forger {
    peer: Peer,
    sealer: Sealer,
    opener: Opener,
}

impl Forger {
    /// A client's connection to one.
    fn connect(version: Version) -> (TlsStream<Scripted>, Self) {
        let (config, context) = usual(version);
        Self::connect_to(config, context, version)
    }

    fn connect_to(
        mut config: ServerConfig,
        mut context: Context,
        version: Version,
    ) -> (TlsStream<Scripted>, Self) {
        config.enable_secret_extraction = true;
        config.send_tls13_tickets = 0;
        let (stream, server) = connect(config, &mut context);
        let secrets = server.connection.dangerous_extract_secrets().unwrap();
        let format = if version == &TLS12 {
            Format::Tls12
        } else {
            Format::Tls13
        };
        let forger = Self {
            peer: server.peer,
            sealer: Sealer::new(format, secrets.tx).unwrap(),
            opener: Opener::new(format, secrets.rx).unwrap(),
        };
        (stream, forger)
    }

    fn seal(&mut self, content: Content, plaintext: &[u8]) -> Vec<u8> {
        let mut record = Vec::new();
        self.sealer
            .seal(content, &mut record, |out| out.extend_from_slice(plaintext))
            .unwrap();
        record
    }

    fn send(&mut self, content: Content, plaintext: &[u8]) {
        let record = self.seal(content, plaintext);
        self.send_raw(&record);
    }

    fn send_raw(&mut self, bytes: &[u8]) {
        self.peer.wire().inbound.extend(bytes);
    }

    /// The next record of the client's.
    fn receive(&mut self) -> Option<(Content, Vec<u8>)> {
        let mut wire = self.peer.wire();
        let length = super::super::record::length(&wire.outbound).ok()??;
        let mut record: Vec<u8> = wire.outbound.drain(..length).collect();
        let (content, range) = self.opener.open(&mut record).unwrap();
        Some((content, record[range].to_vec()))
    }
}

/// Forgeries that end a connection: what is sent, the alert that answers, a word of the error.
fn fatal(version: Version, forge: impl FnOnce(&mut Forger), alert: Option<u8>, word: &str) {
    let (mut stream, mut forger) = Forger::connect(version);
    forge(&mut forger);
    let error = loop {
        match stream.poll_fill() {
            Poll::Ready(Ok(amount)) => stream.consume(amount),
            Poll::Ready(Err(error)) => break error,
            Poll::Pending => panic!("{word}: nothing came of it"),
        }
    };
    let Error::Tls(TlsError::Protocol(text) | TlsError::HandshakeAlert(text)) = &error else {
        panic!("{error:?}");
    };
    assert!(text.contains(word), "{text}");
    let answer = alert.map(|alert| (Content::Alert, vec![2, alert]));
    assert_eq!(forger.receive(), answer, "{word}");
    // Nothing goes on, whatever else comes.
    forger.send(Content::ApplicationData, b"more");
    assert_eq!(stream.poll_fill(), Poll::Ready(Err(error.clone())));
    assert_eq!(stream.poll_write(&[b"more"]), Poll::Ready(Err(error)));
    assert_eq!(forger.receive(), None);
}

#[test]
fn a_tampered_record_ends_the_stream() {
    for version in VERSIONS {
        // The header's length, the first bytes, the last of the tag.
        for position in [5, 6, 14, 15, usize::MAX] {
            fatal(
                version,
                |forger| {
                    let mut record = forger.seal(Content::ApplicationData, &[7; 100]);
                    let position = position.min(record.len() - 1);
                    record[position] ^= 1;
                    forger.send_raw(&record);
                },
                Some(20),
                "bad record mac",
            );
        }
    }
}

#[test]
fn a_record_under_another_header_ends_the_stream() {
    for (version, position, alert) in [(&TLS13, 2, 20), (&TLS12, 0, 20)] {
        fatal(
            version,
            |forger| {
                let mut record = forger.seal(Content::ApplicationData, b"data");
                record[position] ^= 1;
                forger.send_raw(&record);
            },
            Some(alert),
            "bad record mac",
        );
    }
}

#[test]
fn a_repeated_or_missing_record_ends_the_stream() {
    for version in VERSIONS {
        fatal(
            version,
            |forger| {
                let record = forger.seal(Content::ApplicationData, b"twice");
                forger.send_raw(&record);
                forger.send_raw(&record);
            },
            Some(20),
            "bad record mac",
        );
        fatal(
            version,
            |forger| {
                forger.seal(Content::ApplicationData, b"lost");
                forger.send(Content::ApplicationData, b"found");
            },
            Some(20),
            "bad record mac",
        );
    }
}

#[test]
fn short_records_end_the_stream() {
    for version in VERSIONS {
        for length in [0, 1, 7, 15, 16, 23] {
            let mut record = vec![23, 3, 3, 0, length];
            record.resize(5 + usize::from(length), 0);
            fatal(
                version,
                |forger| forger.send_raw(&record),
                Some(20),
                "bad record mac",
            );
        }
    }
}

#[test]
fn over_long_records_end_the_stream() {
    let record = |length: u16| {
        let mut record = vec![23, 3, 3];
        record.extend_from_slice(&length.to_be_bytes());
        record.resize(5 + usize::from(length), 0);
        record
    };
    for (version, length) in [(&TLS13, 16_384 + 257), (&TLS12, 16_384 + 2049)] {
        fatal(
            version,
            |forger| forger.send_raw(&record(length)),
            Some(22),
            "over-long",
        );
    }
    // The header alone is enough where no version allows it.
    fatal(
        &TLS13,
        |forger| forger.send_raw(&[23, 3, 3, 0xff, 0xff]),
        Some(22),
        "over-long",
    );
}

#[test]
fn padding_is_taken_off() {
    let (mut stream, mut forger) = Forger::connect(&TLS13);
    // A plaintext that looks like data, type and padding is sealed under one more type byte.
    let mut padded = b"data".to_vec();
    padded.push(23);
    padded.resize(300, 0);
    let mut record = Vec::new();
    forger.sealer.seal_padded(&mut record, &padded);
    forger.send_raw(&record);
    assert_eq!(read(&mut stream, 4), b"data");
}

#[test]
fn a_record_of_nothing_but_padding_ends_the_stream() {
    fatal(
        &TLS13,
        |forger| {
            let mut record = Vec::new();
            forger.sealer.seal_padded(&mut record, &[0; 64]);
            forger.send_raw(&record);
        },
        Some(10),
        "without a content type",
    );
}

#[test]
fn unprotected_records_end_a_tls13_stream() {
    for record in [&[20, 3, 3, 0, 1, 1][..], &[21, 3, 3, 0, 2, 1, 0]] {
        fatal(
            &TLS13,
            |forger| forger.send_raw(record),
            Some(10),
            "unprotected record",
        );
    }
}

#[test]
fn plain_text_after_the_handshake_is_quoted() {
    for version in VERSIONS {
        fatal(
            version,
            |forger| forger.send_raw(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
            None,
            "\"HTTP/1.1 400 Bad Request\"",
        );
    }
}

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
        (&TLS13, &[13, 0, 0, 0][..], 10, "CertificateRequest"),
        (&TLS13, &[24, 0, 0, 1, 2], 47, "malformed key_update"),
        (&TLS13, &[24, 0, 0, 1, 0, 4], 10, "after key_update"),
        (&TLS13, &[4, 0, 0, 1, 0], 50, "bad session ticket"),
        (&TLS13, &[4, 0xff, 0, 0], 10, "over-long handshake"),
        (&TLS13, &[], 10, "empty handshake"),
        (&TLS12, &[24, 0, 0, 1, 0], 10, "KeyUpdate"),
        (&TLS12, &[4, 0, 0, 1, 0], 10, "NewSessionTicket"),
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
    assert_eq!(forger.peer.wire().outbound, []);
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
        stream.close();
        stream.close();
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

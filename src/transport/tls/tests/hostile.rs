//! Servers that say little in many records.

use super::super::records::Content;
use super::forger::{Forger, fatal};
use super::*;

/// A ticket with so many bytes.
fn ticket(bytes: u16) -> Vec<u8> {
    let mut body = [[0, 0, 14, 16], [1, 2, 3, 4]].concat();
    body.extend([1, 7]);
    body.extend(bytes.to_be_bytes());
    body.extend(vec![9; bytes.into()]);
    body.extend([0, 0]);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[4, length[1], length[2], length[3]][..], &body].concat()
}

/// What may come a few times between data, and is not answered.
fn idle(version: Version) -> Vec<(Content, Vec<u8>)> {
    let empty = (Content::ApplicationData, Vec::new());
    let cancelled = (Content::Alert, vec![1, 90]);
    if version == &TLS12 {
        return vec![empty, cancelled, (Content::Alert, vec![1, 41])];
    }
    let tickets = [1, 16_000].map(|bytes| (Content::Handshake, ticket(bytes)));
    [empty, cancelled].into_iter().chain(tickets).collect()
}

#[test]
fn records_without_data_are_counted_whatever_they_are() {
    for version in VERSIONS {
        let kinds = idle(version);
        for mixture in 0..8 {
            let send = |forger: &mut Forger, count| {
                for number in 0..count {
                    let (content, bytes) = &kinds[(number * mixture / 2 + mixture) % kinds.len()];
                    forger.send(*content, bytes);
                }
            };
            let (mut stream, mut forger) = Forger::connect(version);
            for _ in 0..2 {
                send(&mut forger, 32);
                forger.send(Content::ApplicationData, b"data");
                assert_eq!(read(&mut stream, 4), b"data", "{mixture}");
            }
            fatal(
                version,
                |forger| send(forger, 33),
                Some(10),
                "too many records",
            );
        }
    }
}

#[test]
fn many_tickets_leave_no_more_than_a_few() {
    let (mut stream, mut forger) = Forger::connect(&TLS13);
    for _ in 0..20 {
        for part in ticket(60_000).chunks(1 << 14) {
            forger.send(Content::Handshake, part);
        }
        forger.send(Content::ApplicationData, b"data");
        assert_eq!(read(&mut stream, 4), b"data");
    }
}

/// The same handshake messages, each byte in a record of its own. What is protected stays as it is.
fn in_single_bytes(flight: &[u8]) -> Vec<u8> {
    let (mut rest, mut split) = (flight, Vec::new());
    while let [content, _, _, high, low, ..] = *rest {
        let (record, after) = rest.split_at(5 + usize::from(u16::from_be_bytes([high, low])));
        let body = &record[5..];
        // Nothing after it is in the clear.
        if content != 22 || after.first() == Some(&23) && split.is_empty() {
            split.extend_from_slice(record);
            if content == 20 {
                split.extend_from_slice(after);
                return split;
            }
        } else {
            for byte in body {
                split.extend_from_slice(&[22, 3, 3, 0, 1, *byte]);
            }
        }
        rest = after;
    }
    split
}

#[test]
fn a_handshake_comes_in_records_of_one_byte() {
    let names = |number| format!("{number:050}.example");
    for version in VERSIONS {
        let authority = Authority::new();
        let leaf = authority.issue(HOST, &rcgen::PKCS_ECDSA_P256_SHA256, |params| {
            let more =
                (0..900).map(|number| rcgen::SanType::DnsName(names(number).try_into().unwrap()));
            params.subject_alt_names.extend(more);
        });
        let mut context = authority.trusting();
        let (stream, peer) = pair();
        let mut server = Server::new(server_config(&leaf, &[version], |_| {}), peer);
        let mut handshake = Handshake::new(context.config().unwrap(), HOST, stream).unwrap();
        let (mut polls, mut records) = (0, 0);
        while handshake.poll().is_pending() {
            polls += 1;
            assert!(polls < 100, "the handshake does not end");
            server.pump();
            let flight: Vec<u8> = server.peer.wire().inbound.drain(..).collect();
            let split = in_single_bytes(&flight);
            records += split.len().saturating_sub(flight.len()) / 5;
            server.peer.wire().inbound.extend(split);
        }
        let most = match version == &TLS12 {
            true => 50_000,
            false => 100,
        };
        assert!(records > most, "only {records} records");
        let mut stream = handshake.finish().unwrap();
        assert_eq!(stream.poll_flush(), Poll::Ready(Ok(())));
        server.pump();
        server.send(b"data");
        assert_eq!(read(&mut stream, 4), b"data");
    }
}

//! Records that no honest peer sends.

use alloc::vec::Vec;

use super::super::records::Content;
use super::forger::{Forger, fatal};
use super::*;

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

//! Records that carry no data, or next to none, once the handshake is over.

use harness::component::{Error, TlsError};
use harness::peer::Flood;
use harness::server::pattern;
use rustls::ContentType::{self, Alert, ApplicationData, ChangeCipherSpec, Handshake};

use crate::support::{
    Trial, VERSIONS,
    Version::{self, Tls12, Tls13},
    assert_says, failure, flooding,
};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

const KEY_UPDATE: [u8; 5] = [24, 0, 0, 1, 0];
const HELLO_REQUEST: [u8; 4] = [0; 4];
const NO_CERTIFICATE: [u8; 2] = [1, 41];

/// A ticket of TLS 1.3 with so many bytes.
fn ticket(bytes: u16) -> Vec<u8> {
    let mut body = [[0, 0, 14, 16], [1, 2, 3, 4]].concat();
    body.extend([1, 7]);
    body.extend(bytes.to_be_bytes());
    body.extend(vec![9; bytes.into()]);
    body.extend([0, 0]);
    let length = u32::try_from(body.len()).expect("it is short");
    let [_, length @ ..] = length.to_be_bytes();
    [&[4][..], &length, &body].concat()
}

/// A message of the handshake in records of 16 KiB.
fn fragments(message: &[u8]) -> Vec<(ContentType, Vec<u8>)> {
    let fragments = message.chunks(1 << 14);
    fragments.map(|it| (Handshake, it.to_vec())).collect()
}

/// Asserts that a body is refused in whose midst this comes again and again.
#[track_caller]
fn assert_refused(version: Version, flood: Flood, word: &str) {
    let error = failure(Trial::https(version, flooding(HEAD, flood)).body());
    let Error::Tls(error) = error else {
        panic!("not TLS's error: {error:?}")
    };
    assert_says!(error, TlsError::Protocol, word);
}

/// The same for records.
#[track_caller]
fn assert_records_refused(version: Version, content: ContentType, record: &[u8], word: &str) {
    assert_refused(version, Flood::records(&[(content, record)]), word);
}

const TOO_MANY: &str = "too many records in a row without data";

#[test]
fn refuses_empty_records_without_end() {
    for version in VERSIONS {
        assert_records_refused(version, ApplicationData, b"", TOO_MANY);
    }
}

#[test]
fn refuses_empty_handshake_records_without_end() {
    for version in VERSIONS {
        assert_records_refused(version, Handshake, b"", "empty handshake record");
    }
}

#[test]
fn refuses_warnings_without_end() {
    assert_records_refused(Tls12, Alert, &NO_CERTIFICATE, TOO_MANY);
}

#[test]
fn refuses_cancellations_without_end() {
    for version in VERSIONS {
        assert_records_refused(version, Alert, &[1, 90], TOO_MANY);
    }
}

#[test]
fn refuses_renegotiation_without_end() {
    assert_records_refused(Tls12, Handshake, &HELLO_REQUEST, TOO_MANY);
}

#[test]
fn refuses_many_messages_in_each_record_without_end() {
    assert_records_refused(Tls12, Handshake, &HELLO_REQUEST.repeat(4096), TOO_MANY);
    assert_records_refused(Tls13, Handshake, &ticket(1).repeat(700), TOO_MANY);
}

#[test]
fn refuses_tickets_without_end() {
    for bytes in [1, 1000, 16_000] {
        assert_records_refused(Tls13, Handshake, &ticket(bytes), TOO_MANY);
    }
}

#[test]
fn refuses_tickets_of_60_kilobytes_without_end() {
    let flood = Flood::records(&fragments(&ticket(60_000)));
    assert_refused(Tls13, flood, TOO_MANY);
}

#[test]
fn refuses_a_message_without_end() {
    let message = [&[4, 0xff, 0xff, 0xff][..], &[0; 1 << 14]].concat();
    let flood = Flood::records(&fragments(&message));
    assert_refused(Tls13, flood, "over-long handshake message");
}

#[test]
fn refuses_a_message_in_records_of_one_byte() {
    let bytes = ticket(60_000);
    let records: Vec<_> = bytes.chunks(1).map(|byte| (Handshake, byte)).collect();
    assert_refused(Tls13, Flood::records(&records), TOO_MANY);
}

#[test]
fn refuses_requests_for_new_keys_without_end() {
    assert_refused(Tls13, Flood::key_updates(), TOO_MANY);
}

#[test]
fn refuses_new_keys_that_are_none() {
    // Under the same keys as before.
    assert_records_refused(Tls13, Handshake, &KEY_UPDATE, "bad record mac");
    let twice = KEY_UPDATE.repeat(2);
    assert_records_refused(Tls13, Handshake, &twice, "after key_update");
}

#[test]
fn refuses_change_cipher_spec_without_end() {
    assert_records_refused(Tls12, ChangeCipherSpec, &[1], "change_cipher_spec");
    assert_records_refused(Tls13, ChangeCipherSpec, &[1], "without a content type");
    let unprotected = Flood::below_tls([20, 3, 3, 0, 1, 1]);
    assert_refused(Tls12, unprotected.clone(), "bad record mac");
    assert_refused(Tls13, unprotected, "unprotected record");
}

#[test]
fn refuses_what_is_no_record_without_end() {
    for version in VERSIONS {
        let oversized = Flood::below_tls([23, 3, 3, 0xff, 0xff]);
        assert_refused(version, oversized, "over-long tls record");
        assert_refused(version, Flood::below_tls("HTTP/1.1 "), "does not speak tls");
        let forged = [&[23, 3, 3, 0x40, 0][..], &[0; 1 << 14]].concat();
        assert_refused(version, Flood::below_tls(forged), "bad record mac");
    }
}

/// Asserts that a body is read whole between whose bytes this comes.
#[track_caller]
fn assert_passed_over(version: Version, between: &[(ContentType, Vec<u8>)], times: usize) {
    let data = pattern(times);
    let mut records = Vec::new();
    for byte in &data {
        records.extend_from_slice(between);
        records.push((ApplicationData, vec![*byte]));
    }
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {times}\r\n\r\n");
    let flood = Flood::records(&records).times(1);
    let body = Trial::https(version, flooding(head, flood)).whole_body();
    assert!(body.expect("a whole body") == data);
}

#[test]
fn passes_over_a_few_records_without_data_between_data() {
    for version in VERSIONS {
        assert_passed_over(version, &[], 20_000);
        let empty = (ApplicationData, Vec::new());
        assert_passed_over(version, &vec![empty; 32], 1000);
    }
    let warning = (Alert, NO_CERTIFICATE.to_vec());
    assert_passed_over(Tls12, &vec![warning; 32], 1000);
    let request = (Handshake, HELLO_REQUEST.to_vec());
    assert_passed_over(Tls12, &vec![request; 32], 1000);
}

#[test]
fn keeps_a_few_of_many_tickets_between_data() {
    assert_passed_over(Tls13, &[(Handshake, ticket(100))], 1000);
    // Of which eight are kept.
    assert_passed_over(Tls13, &fragments(&ticket(60_000)), 50);
}

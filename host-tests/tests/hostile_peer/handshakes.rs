//! Servers that never come to the end of the handshake.

use std::time::Duration;

use harness::component::{Error, TlsError};
use harness::peer::{Flood, Peer, Step};
use harness::tls::Authority;

use crate::support::{AMPLE, OK, SHORT, Trial, VERSIONS, config, failure};

/// What connecting says where the server sends this, and then that without end.
#[track_caller]
fn outcome(total: Duration, beginning: &[u8], steps: Vec<Step>) -> Error {
    let authority = Authority::new();
    let good = config(VERSIONS[1], &authority.issue(&["127.0.0.1"]));
    let mut hostile = vec![Step::AwaitBytes(1), Step::send(beginning)];
    hostile.extend(steps);
    let good = [vec![Step::StartTls(good)], Step::answers(&[OK])].concat();
    let trial = Trial::secured(&authority, Peer::script(vec![hostile, good]));
    failure(trial.outcome(total, harness::component::Connection::connect))
}

/// Asserts that the handshake is refused, with this word.
#[track_caller]
fn assert_refused(beginning: &[u8], more: &[u8], word: &str) {
    let flood = Step::Flood(Flood::of(more));
    let error = outcome(AMPLE, beginning, vec![flood]);
    let Error::Tls(TlsError::Protocol(text) | TlsError::HandshakeAlert(text)) = &error else {
        panic!("not a refusal: {error:?}")
    };
    assert!(text.contains(word), "{text}");
}

/// A record of the handshake.
fn record(fragment: &[u8]) -> Vec<u8> {
    let length = u16::try_from(fragment.len()).expect("it fits a record");
    [&[22, 3, 3][..], &length.to_be_bytes(), fragment].concat()
}

#[test]
fn refuses_warnings_without_end() {
    assert_refused(b"", &[21, 3, 3, 0, 2, 1, 112], "too many warning alerts");
}

#[test]
fn refuses_change_cipher_spec_without_end() {
    assert_refused(
        b"",
        &[20, 3, 3, 0, 1, 1],
        "unexpected message: change cipher spec",
    );
}

#[test]
fn refuses_empty_records_without_end() {
    let empty = "invalid empty payload";
    for (content, word) in [
        (20, empty),
        (21, empty),
        (22, empty),
        (23, "application data"),
    ] {
        assert_refused(b"", &[content, 3, 3, 0, 0], word);
    }
}

#[test]
fn refuses_hello_requests_without_end() {
    assert_refused(b"", &record(&[0; 4]), "unexpected message: hello request");
}

#[test]
fn refuses_what_is_no_tls_without_end() {
    assert_refused(b"", b"HTTP/1.1 400 Bad Request\r\n", "does not speak tls");
    assert_refused(b"", &[22, 3, 3, 0xff, 0xff], "over-long tls record");
}

/// Whichever the message is, and however it is cut.
#[test]
fn refuses_a_message_of_16_mebibytes() {
    for kind in [2, 8, 11, 15] {
        let head = [kind, 0xff, 0xff, 0xff];
        let body = record(&[0; 1 << 14]);
        assert_refused(&record(&head), &body, "payload too large");
        let bytewise = head.map(|byte| record(&[byte])).concat();
        assert_refused(&bytewise, &record(&[0]), "payload too large");
    }
}

#[test]
fn refuses_a_server_hello_of_65_535_bytes_in_records_of_one_byte() {
    let head = record(&[2, 0, 0xff, 0xff]);
    assert_refused(&head, &record(&[0]), "bad message");
}

#[test]
fn ends_a_handshake_that_drips_with_the_deadline() {
    let head = record(&[2, 0, 0xff, 0xff]);
    let drip = Step::Send(vec![record(&[0]); 1000], Duration::from_millis(20));
    let error = outcome(SHORT, &head, vec![drip]);
    assert!(matches!(error, Error::TimedOut(_)), "{error:?}");
}

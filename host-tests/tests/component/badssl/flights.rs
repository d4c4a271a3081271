//! A handshake that ends, fails or stands still within each of the server's flights.
//!
//! TLS 1.3 has one flight, two after a HelloRetryRequest; TLS 1.2 has two.

use std::sync::Arc;
use std::time::Duration;

use harness::component::{ConnectionOptions, Error, Guest, Phase, TlsOptions};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, ServerTls};
use rustls::{NamedGroup, ServerConfig};

use super::{assert_cause, cause, trusting};
use crate::support::failure;

const INTERNAL_ERROR: &[u8] = b"\x15\x03\x03\x00\x02\x02\x50";
const SHORT: Duration = Duration::from_millis(150);

/// A server's way to shake hands.
#[derive(Clone, Copy)]
enum Kind {
    Tls12,
    Tls13,
    HelloRetry,
}

fn config(authority: &Authority, kind: Kind) -> Arc<ServerConfig> {
    let identity = authority.issue(&["127.0.0.1"]);
    let tls = ServerTls::new(&identity);
    match kind {
        Kind::Tls12 => tls.tls12_only().build(),
        Kind::Tls13 => tls.tls13_only().build(),
        Kind::HelloRetry => tls.tls13_only().group(NamedGroup::secp256r1).build(),
    }
}

/// What connecting says where the server sends so many eighths of a flight and then does this.
fn outcome(kind: Kind, flight: usize, eighths: usize, then: &[Step]) -> Error {
    let (guest, authority) = (Guest::new(), Authority::new());
    let mut steps = vec![Step::TlsFlight(config(&authority, kind), flight, eighths)];
    steps.extend_from_slice(then);
    let peer = Peer::script(vec![steps]);
    let context = trusting(&guest, &authority);
    let options = ConnectionOptions {
        timeout: u64::try_from(SHORT.as_nanos()).ok(),
        ..ConnectionOptions::default()
    };
    let connection = guest.https(
        "127.0.0.1",
        peer.port(),
        Some(&options),
        Some(TlsOptions::with(&context)),
    );
    let error = failure(connection.expect("a valid address").connect());
    assert_eq!(peer.connections(), 1);
    guest.assert_works();
    error
}

/// A test for each way to break each flight.
macro_rules! flights {
    ($($kind:ident, $flight:literal: $cut:ident, $alert:ident, $stall:ident;)*) => {
        $(
            #[test]
            fn $cut() {
                for eighths in [0, 1, 4, 7] {
                    let error = outcome(Kind::$kind, $flight, eighths, &[Step::Close]);
                    assert_cause!(cause(error), Truncated, "eof occurred in violation of protocol");
                }
            }

            #[test]
            fn $alert() {
                let alert = Step::send(INTERNAL_ERROR);
                let error = outcome(Kind::$kind, $flight, 0, &[alert]);
                assert_cause!(cause(error), HandshakeAlert, "internal_error");
            }

            #[test]
            fn $stall() {
                for eighths in [0, 4, 7] {
                    let error = outcome(Kind::$kind, $flight, eighths, &[Step::Hold]);
                    assert_eq!(error, Error::TimedOut(Phase::Handshake));
                }
            }
        )*
    };
}

flights! {
    Tls13, 0:
        says_truncated_for_a_cut_in_tls_1_3,
        names_an_alert_in_tls_1_3,
        holds_the_timeout_in_tls_1_3;
    HelloRetry, 0:
        says_truncated_for_a_cut_in_the_hello_retry_request,
        names_an_alert_in_place_of_the_hello_retry_request,
        holds_the_timeout_in_the_hello_retry_request;
    HelloRetry, 1:
        says_truncated_for_a_cut_after_the_hello_retry_request,
        names_an_alert_after_the_hello_retry_request,
        holds_the_timeout_after_the_hello_retry_request;
    Tls12, 0:
        says_truncated_for_a_cut_in_the_first_flight_of_tls_1_2,
        names_an_alert_in_the_first_flight_of_tls_1_2,
        holds_the_timeout_in_the_first_flight_of_tls_1_2;
    Tls12, 1:
        says_truncated_for_a_cut_in_the_second_flight_of_tls_1_2,
        names_an_alert_in_the_second_flight_of_tls_1_2,
        holds_the_timeout_in_the_second_flight_of_tls_1_2;
}

#[test]
fn names_the_alert_of_a_server_that_gets_no_client_certificate() {
    for tls12 in [true, false] {
        let (guest, authority) = (Guest::new(), Authority::new());
        let identity = authority.issue(&["127.0.0.1"]);
        let tls = ServerTls::new(&identity).clients_of(&authority);
        let tls = if tls12 {
            tls.tls12_only()
        } else {
            tls.tls13_only()
        };
        let peer = Peer::reply_tls(tls.build(), "never sent");
        let context = trusting(&guest, &authority);
        let tls = Some(TlsOptions::with(&context));
        let connection = guest.https("127.0.0.1", peer.port(), None, tls);
        let connection = connection.expect("a valid address");
        let error = failure(connection.fetch("GET", "/"));
        assert_cause!(cause(error), HandshakeAlert, "certificate_required");
    }
}

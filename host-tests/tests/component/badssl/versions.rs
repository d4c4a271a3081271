//! Servers that share no version or no suite with this end.

use harness::component::{Guest, TlsError, TlsVersion};
use harness::real::Real;
use harness::tls::Authority;

use super::{assert_cause, cause, to_localhost, trusting};
use crate::support::failure;

/// What is said beside the alert.
const OFFERED: &str = "handshake_failure; offered were TLS 1.2 and 1.3 with ChaCha20-Poly1305, \
                       AES-128-GCM and AES-256-GCM, keys exchanged over X25519MLKEM768";

/// Why such a server can't be spoken to.
fn refusal(arguments: &str, minimum: TlsVersion) -> TlsError {
    let (guest, authority) = (Guest::new(), Authority::new());
    let context = trusting(&guest, &authority);
    context.set_minimum_version(minimum);
    let arguments = format!("-www {arguments}");
    let server = Real::openssl(&authority.issue(&["localhost"]), &arguments);
    let connection = to_localhost(&guest, server.port(), &context);
    let cause = cause(failure(connection.fetch("GET", "/")));
    guest.assert_works();
    cause
}

#[test]
fn refuses_tls_1_0() {
    let refusal = refusal("-tls1 -cipher DEFAULT@SECLEVEL=0", TlsVersion::Tls12);
    assert_cause!(refusal, HandshakeAlert, "protocol_version");
}

#[test]
fn refuses_tls_1_1() {
    let refusal = refusal("-tls1_1 -cipher DEFAULT@SECLEVEL=0", TlsVersion::Tls12);
    assert_cause!(refusal, HandshakeAlert, "protocol_version");
}

#[test]
fn refuses_tls_1_2_where_1_3_is_the_least() {
    let refusal = refusal("-tls1_2", TlsVersion::Tls13);
    assert_cause!(
        refusal,
        HandshakeAlert,
        "protocol_version; offered were TLS 1.3 with"
    );
}

#[test]
fn shares_no_suite_of_tls_1_2_with_one_that_has_only_cbc() {
    let refusal = refusal(
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256",
        TlsVersion::Tls12,
    );
    assert_cause!(refusal, HandshakeAlert, OFFERED);
}

#[test]
fn shares_no_suite_of_tls_1_2_with_one_that_has_no_forward_secrecy() {
    let refusal = refusal("-tls1_2 -cipher AES128-GCM-SHA256", TlsVersion::Tls12);
    assert_cause!(refusal, HandshakeAlert, OFFERED);
}

#[test]
fn shares_no_suite_of_tls_1_3_with_one_that_has_only_ccm() {
    let refusal = refusal(
        "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256",
        TlsVersion::Tls12,
    );
    assert_cause!(refusal, HandshakeAlert, "handshake_failure");
}

#[test]
fn shares_no_group_with_one_that_has_only_x448() {
    let refusal = refusal("-tls1_3 -groups X448", TlsVersion::Tls12);
    assert_cause!(refusal, HandshakeAlert, OFFERED);
}

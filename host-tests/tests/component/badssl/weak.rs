//! Cryptography of the past, which OpenSSL still makes.

use harness::component::{Guest, TlsError};
use harness::openssl::Openssl;
use harness::real::Real;

use super::{cause, to_localhost};
use crate::support::failure;

/// Why a server with this kind of key, and a certificate signed so, is refused.
fn refusal(new_key: &str, signing: &str) -> TlsError {
    let (guest, openssl) = (Guest::new(), Openssl::new());
    let context = guest.context_trusting(&openssl.authority());
    let context = context.expect("a certificate");
    openssl.server(new_key, signing);
    let server = Real::openssl_with(
        &openssl.path("server.pem"),
        &openssl.path("server.key"),
        "-www -cipher DEFAULT@SECLEVEL=0",
    );
    let connection = to_localhost(&guest, server.port(), &context);
    let cause = cause(failure(connection.fetch("GET", "/")));
    guest.assert_works();
    cause
}

#[test]
fn refuses_an_rsa_key_of_1024_bits() {
    let text = "key too weak: RSA with 1024 bits";
    super::assert_cause!(refusal("rsa:1024", ""), BadCertificate, text);
}

#[test]
fn refuses_a_signature_over_sha_1() {
    let refusal = refusal("ec -pkeyopt ec_paramgen_curve:P-256", "-sha1");
    super::assert_cause!(refusal, BadCertificate, "ecdsa-with-SHA1");
}

#[test]
fn refuses_an_rsa_signature_over_sha_1() {
    let (guest, openssl) = (Guest::new(), Openssl::new());
    openssl.run(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=rsa-authority",
    );
    let context = guest.context_trusting(&openssl.read("ca.pem"));
    let context = context.expect("a certificate");
    openssl.server("rsa:2048", "-sha1");
    let (chain, key) = (openssl.path("server.pem"), openssl.path("server.key"));
    let server = Real::openssl_with(&chain, &key, "-www -cipher DEFAULT@SECLEVEL=0");
    let connection = to_localhost(&guest, server.port(), &context);
    let refusal = cause(failure(connection.connect()));
    super::assert_cause!(refusal, BadCertificate, "sha1WithRSAEncryption");
}

#[test]
fn refuses_what_an_authority_with_a_weak_key_has_signed() {
    let (guest, openssl) = (Guest::new(), Openssl::new());
    let root = openssl.authority();
    openssl.write("ca-extensions", "basicConstraints = critical,CA:TRUE\n");
    openssl.run("req -new -newkey rsa:1024 -nodes -keyout weak.key -out weak.csr -subj /CN=weak");
    openssl.run(
        "x509 -req -in weak.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -extfile ca-extensions -out weak.pem",
    );
    let context = guest.context_trusting(&root).expect("a certificate");
    openssl.write("ca.pem", &openssl.read("weak.pem"));
    openssl.write("ca.key", &openssl.read("weak.key"));
    openssl.server("ec -pkeyopt ec_paramgen_curve:P-256", "");
    let chain = openssl.read("server.pem") + &openssl.read("weak.pem");
    openssl.write("chain.pem", &chain);
    let (chain, key) = (openssl.path("chain.pem"), openssl.path("server.key"));
    let server = Real::openssl_with(&chain, &key, "-www -cipher DEFAULT@SECLEVEL=0");
    let connection = to_localhost(&guest, server.port(), &context);
    let refusal = cause(failure(connection.connect()));
    let text = "key too weak: RSA with 1024 bits";
    super::assert_cause!(refusal, BadCertificate, text);
}

/// OpenSSL's server sees that this end can't use its certificate, and shows none.
#[track_caller]
fn assert_says_what_was_offered(new_key: &str) {
    let TlsError::HandshakeAlert(text) = refusal(new_key, "") else {
        panic!("{new_key}");
    };
    let expected = "handshake_failure; offered were TLS 1.2 and 1.3 with ChaCha20-Poly1305";
    assert!(text.contains(expected), "{text}");
    assert!(
        text.contains("signatures of RSA of 2048 to 8192 bits"),
        "{text}"
    );
}

#[test]
fn says_what_was_offered_to_a_key_on_p_192() {
    assert_says_what_was_offered("ec -pkeyopt ec_paramgen_curve:prime192v1");
}

#[test]
fn says_what_was_offered_to_a_key_on_p_224() {
    assert_says_what_was_offered("ec -pkeyopt ec_paramgen_curve:secp224r1");
}

#[test]
fn says_what_was_offered_to_a_key_on_secp256k1() {
    assert_says_what_was_offered("ec -pkeyopt ec_paramgen_curve:secp256k1");
}

#[test]
fn says_what_was_offered_to_a_key_on_brainpool() {
    assert_says_what_was_offered("ec -pkeyopt ec_paramgen_curve:brainpoolP256r1");
}

#[test]
fn says_what_was_offered_to_a_key_on_ed448() {
    assert_says_what_was_offered("ed448");
}

#[test]
fn says_what_was_offered_to_an_rsa_key_for_pss_alone() {
    assert_says_what_was_offered("rsa-pss -pkeyopt rsa_keygen_bits:2048");
}

#[test]
fn refuses_a_curve_with_explicit_parameters() {
    let new_key = "ec -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit";
    let text = "key not accepted: ECDSA on explicit parameters, only RSA";
    super::assert_cause!(refusal(new_key, ""), BadCertificate, text);
}

#[test]
fn refuses_a_signature_over_sha_224() {
    let refusal = refusal("ec -pkeyopt ec_paramgen_curve:P-256", "-sha224");
    let text = "signature algorithm not accepted: ecdsa-with-SHA224, only RSA";
    super::assert_cause!(refusal, BadCertificate, text);
}

/// As `openssl x509 -req` makes it without `-extfile`.
#[test]
fn refuses_a_certificate_of_version_1() {
    let (guest, openssl) = (Guest::new(), Openssl::new());
    let context = guest.context_trusting(&openssl.authority());
    let context = context.expect("a certificate");
    openssl.run(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key \
         -out server.csr -subj /CN=localhost",
    );
    openssl.run(
        "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
         -out server.pem",
    );
    let (chain, key) = (openssl.path("server.pem"), openssl.path("server.key"));
    let server = Real::openssl_with(&chain, &key, "-www");
    let connection = to_localhost(&guest, server.port(), &context);
    let refusal = cause(failure(connection.connect()));
    let text = "certificate version not accepted: X.509 version 1, only version 3";
    super::assert_cause!(refusal, BadCertificate, text);
}

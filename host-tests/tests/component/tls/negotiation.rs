//! What the two ends agree on: versions, cipher suites, groups, ALPN.

use harness::component::{Guest, Result, TlsSession};
use harness::peer::Peer;
use harness::tls::{Authority, Identity, KeyType, ServerTls};
use rustls::{CipherSuite, NamedGroup};

use super::connect;
use crate::support::OK;

/// The session with a server of this kind, after a request over it.
fn session(
    key: KeyType,
    server: impl for<'a> FnOnce(ServerTls<'a>) -> ServerTls<'a>,
) -> (TlsSession, Identity) {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.request(&["localhost"]).key(key).issue();
    let peer = Peer::reply_tls(server(ServerTls::new(&identity)).build(), OK);
    let context = guest.context_trusting(&authority.pem());
    let context = context.expect("a certificate");
    let connection = connect(&guest, "localhost", peer.port(), &context);
    assert!(connection.tls_session().is_none(), "it is not connected");
    let response = connection.fetch("GET", "/").expect("it is accepted");
    let session = connection.tls_session().expect("it is connected");
    assert_eq!(response.read(None).expect("a whole body"), b"ok");
    (session, identity)
}

#[test]
fn tells_what_was_agreed_on() {
    let (session, identity) = session(KeyType::P256, |tls| tls.alpn(&["http/1.1"]));
    assert_eq!(session.version, "TLSv1.3");
    assert_eq!(session.alpn.as_deref(), Some("http/1.1"));
    assert!(!session.resumed);
    let chain: Vec<_> = identity.chain().iter().map(|it| it.to_vec()).collect();
    assert_eq!(session.peer_certificates, chain);
}

#[test]
fn does_without_alpn() {
    let (session, _) = session(KeyType::P256, |tls| tls);
    assert_eq!(session.alpn, None);
}

#[test]
fn prefers_chacha20_and_tls_1_3() {
    let (session, _) = session(KeyType::P256, |tls| tls);
    assert_eq!(session.version, "TLSv1.3");
    assert_eq!(session.group.as_deref(), Some("x25519"));
}

#[test]
fn speaks_tls_1_2() {
    let (session, _) = session(KeyType::P256, |tls| tls.tls12_only());
    assert_eq!(session.version, "TLSv1.2");
}

#[test]
fn speaks_tls_1_3() {
    let (session, _) = session(KeyType::P256, |tls| tls.tls13_only());
    assert_eq!(session.version, "TLSv1.3");
}

#[test]
fn has_no_session_without_tls() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.connect()?;
    assert!(connection.tls_session().is_none());
    Ok(())
}

/// A test for each cipher suite: its name in rustls and in IANA's registry, and the server's key.
macro_rules! suites {
    ($($claim:ident: $suite:ident = $name:literal with $key:ident;)*) => {
        $(#[test] fn $claim() {
            let version = if $name.contains("_WITH_") { "TLSv1.2" } else { "TLSv1.3" };
            let (session, _) = session(KeyType::$key, move |tls| match version {
                "TLSv1.2" => tls.cipher_suite(CipherSuite::$suite).tls12_only(),
                _ => tls.cipher_suite(CipherSuite::$suite).tls13_only(),
            });
            assert_eq!(session.cipher_suite, $name);
            assert_eq!(session.version, version);
        })*
    };
}

suites! {
    agrees_on_chacha20_poly1305:
        TLS13_CHACHA20_POLY1305_SHA256 = "TLS_CHACHA20_POLY1305_SHA256" with P256;
    agrees_on_aes_128_gcm:
        TLS13_AES_128_GCM_SHA256 = "TLS_AES_128_GCM_SHA256" with P256;
    agrees_on_aes_256_gcm:
        TLS13_AES_256_GCM_SHA384 = "TLS_AES_256_GCM_SHA384" with P256;
    agrees_on_ecdsa_with_chacha20_poly1305:
        TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
        = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" with P256;
    agrees_on_ecdsa_with_aes_128_gcm:
        TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
        = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" with P384;
    agrees_on_ecdsa_with_aes_256_gcm:
        TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
        = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" with Ed25519;
    agrees_on_rsa_with_chacha20_poly1305:
        TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
        = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" with Rsa2048;
    agrees_on_rsa_with_aes_128_gcm:
        TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" with Rsa2048;
    agrees_on_rsa_with_aes_256_gcm:
        TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
        = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" with Rsa2048;
}

/// A test for each group, in each version.
macro_rules! groups {
    ($($claim:ident: $group:ident = $name:literal;)*) => {
        $(#[test] fn $claim() {
            for tls12 in [false, true] {
                let (session, _) = session(KeyType::P256, |tls| {
                    let tls = tls.group(NamedGroup::$group);
                    if tls12 { tls.tls12_only() } else { tls.tls13_only() }
                });
                assert_eq!(session.group.as_deref(), Some($name));
            }
        })*
    };
}

groups! {
    agrees_on_x25519: X25519 = "x25519";
    agrees_on_p256: secp256r1 = "secp256r1";
    agrees_on_p384: secp384r1 = "secp384r1";
}

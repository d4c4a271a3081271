//! Every version, suite, group and kind of key.

use alloc::boxed::Box;

use rustls::crypto::ring::{cipher_suite, kx_group};
use rustls::crypto::{ActiveKeyExchange, CompletedKeyExchange, SupportedKxGroup};
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, SupportedCipherSuite};

use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256,
    PKCS_RSA_SHA384, PKCS_RSA_SHA512, SignatureAlgorithm,
};

use super::*;

/// An RSA key, because ring makes none.
pub(super) const RSA_KEY: &str = include_str!("keys/rsa2048.pem");
pub(super) const RSA_KEY_PKCS1: &str = include_str!("keys/rsa2048-pkcs1.pem");

pub(super) fn rsa_key(algorithm: &'static SignatureAlgorithm) -> KeyPair {
    KeyPair::from_pem_and_sign_algo(RSA_KEY, algorithm).unwrap()
}

/// The bundled groups that a server may choose.
fn groups() -> [(&'static dyn SupportedKxGroup, &'static str); 3] {
    [
        (kx_group::X25519, "x25519"),
        (kx_group::SECP256R1, "secp256r1"),
        (kx_group::SECP384R1, "secp384r1"),
    ]
}

fn check(version: Version, suite: SupportedCipherSuite, name: &str, rsa: bool) {
    let authority = Authority::new();
    let leaf = if rsa {
        authority.issue_for(HOST, rsa_key(&PKCS_RSA_SHA256), |_| {})
    } else {
        authority.leaf(HOST)
    };
    for (group, group_name) in groups() {
        let config = server_config(&leaf, &[version], |provider| {
            provider.cipher_suites = vec![suite];
            provider.kx_groups = vec![group];
        });
        let (mut stream, mut server) = connect(config, &mut authority.trusting());
        let session = stream.session();
        assert_eq!(session.cipher_suite, name);
        assert_eq!(session.group.as_deref(), Some(group_name));
        assert_eq!(
            session.version,
            if version == &TLS12 {
                "TLSv1.2"
            } else {
                "TLSv1.3"
            }
        );
        assert_eq!(session.alpn, None);
        assert!(!session.resumed);
        assert_eq!(session.peer_certificates, [leaf.chain[0].to_vec()]);
        talk(&mut stream, &mut server);
        talk(&mut stream, &mut server);
    }
}

#[test]
fn speaks_every_suite_of_tls13_over_every_group() {
    for (suite, name) in [
        (
            cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            "TLS_CHACHA20_POLY1305_SHA256",
        ),
        (
            cipher_suite::TLS13_AES_128_GCM_SHA256,
            "TLS_AES_128_GCM_SHA256",
        ),
        (
            cipher_suite::TLS13_AES_256_GCM_SHA384,
            "TLS_AES_256_GCM_SHA384",
        ),
    ] {
        check(&TLS13, suite, name, false);
    }
}

#[test]
fn speaks_every_suite_of_tls12_over_every_group() {
    for (suite, name, rsa) in [
        (
            cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            false,
        ),
        (
            cipher_suite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            true,
        ),
        (
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            false,
        ),
        (
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            true,
        ),
        (
            cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            false,
        ),
        (
            cipher_suite::TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            true,
        ),
    ] {
        check(&TLS12, suite, name, rsa);
    }
}

#[test]
fn chacha20_is_offered_first_and_x25519_with_the_hybrid() {
    for version in VERSIONS {
        let (mut config, mut context) = usual(version);
        config.ignore_client_order = false;
        let (stream, _) = connect(config, &mut context);
        let name = stream.session().cipher_suite.clone();
        assert!(name.contains("CHACHA20"), "{name}");
    }
    let provider = super::super::provider::provider();
    assert_eq!(
        provider.cipher_suites[0].suite(),
        CipherSuite::TLS13_CHACHA20_POLY1305_SHA256
    );
    let share = provider.kx_groups[0].start().unwrap();
    let (group, classical) = share.hybrid_component().unwrap();
    assert_eq!(group, rustls::NamedGroup::X25519);
    assert!(share.pub_key().ends_with(classical));
}

#[test]
fn a_server_without_the_hybrid_needs_no_second_hello() {
    let (config, mut context) = usual(&TLS13);
    let (stream, server) = connect(config, &mut context);
    assert_eq!(stream.session().group.as_deref(), Some("x25519"));
    let kind = server.connection.handshake_kind();
    assert_eq!(kind, Some(rustls::HandshakeKind::Full));
}

#[test]
fn believes_every_kind_of_certificate() {
    let keys: [(KeyPair, &'static SignatureAlgorithm); 6] = [
        (rsa_key(&PKCS_RSA_SHA256), &PKCS_RSA_SHA256),
        (rsa_key(&PKCS_RSA_SHA384), &PKCS_RSA_SHA384),
        (rsa_key(&PKCS_RSA_SHA512), &PKCS_RSA_SHA512),
        (
            KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap(),
            &PKCS_ECDSA_P256_SHA256,
        ),
        (
            KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap(),
            &PKCS_ECDSA_P384_SHA384,
        ),
        (KeyPair::generate_for(&PKCS_ED25519).unwrap(), &PKCS_ED25519),
    ];
    for (key, algorithm) in keys {
        let leaf_key = KeyPair::from_pem_and_sign_algo(&key.serialize_pem(), algorithm).unwrap();
        let authority = Authority::with_key(key);
        let leaf = authority.issue_for(HOST, leaf_key, |_| {});
        for version in VERSIONS {
            let config = server_config(&leaf, &[version], |_| {});
            let (mut stream, mut server) = connect(config, &mut authority.trusting());
            talk(&mut stream, &mut server);
        }
    }
}

#[test]
fn shows_a_client_certificate_of_every_kind() {
    let p256 = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let p384 = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).unwrap();
    let ed25519 = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let authority = Authority::new();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(authority.der().to_vec().into()).unwrap();
    let roots = Arc::new(roots);
    for key in [rsa_key(&PKCS_RSA_SHA256), p256, p384, ed25519] {
        let client = authority.issue_for("client.example", key, |_| {});
        for version in VERSIONS {
            let leaf = authority.leaf(HOST);
            let provider = Arc::new(ring::default_provider());
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
                Arc::clone(&roots),
                Arc::clone(&provider),
            );
            let config = ServerConfig::builder_with_provider(provider)
                .with_protocol_versions(&[version])
                .unwrap()
                .with_client_cert_verifier(verifier.build().unwrap())
                .with_single_cert(leaf.chain, leaf.key)
                .unwrap();
            let mut context = authority.trusting();
            context
                .load_cert_chain(client.pem.as_bytes(), client.key_pem.as_bytes())
                .unwrap();
            let (mut stream, mut server) = connect(config, &mut context);
            let seen = server.connection.peer_certificates().unwrap();
            assert_eq!(seen[0], client.chain[0]);
            talk(&mut stream, &mut server);
        }
    }
}

#[test]
fn agrees_on_http_1_1_by_alpn() {
    for version in VERSIONS {
        let (mut config, mut context) = usual(version);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let (stream, _) = connect(config, &mut context);
        assert_eq!(stream.session().alpn.as_deref(), Some("http/1.1"));
    }
}

#[test]
fn names_the_server_unless_it_is_an_address() {
    let authority = Authority::new();
    for (name, sni) in [(HOST, Some(HOST)), ("127.0.0.1", None), ("::1", None)] {
        let leaf = authority.leaf(name);
        let config = server_config(&leaf, &VERSIONS, |_| {});
        let mut context = authority.trusting();
        let (stream, server) = shake_with(config, &mut context, name, |_| {});
        stream.unwrap();
        assert_eq!(server.connection.server_name(), sni);
    }
}

#[test]
fn a_flight_leaves_in_one_write() {
    for version in VERSIONS {
        let (config, mut context) = usual(version);
        let (stream, mut server) = shake(config, &mut context);
        let mut stream = stream.unwrap();
        let flights = if version == &TLS12 { 2 } else { 1 };
        assert_eq!(server.peer.wire().writes.len(), flights);
        // TLS 1.3's last flight and the first data go together.
        write_all(&mut stream, &mut server, b"ping");
        assert_eq!(server.peer.wire().writes.len(), flights + 1);
        assert_eq!(server.received, b"ping");
    }
}

#[test]
fn the_last_flight_leaves_when_the_answer_is_awaited_first() {
    let (config, mut context) = usual(&TLS13);
    let (stream, mut server) = shake(config, &mut context);
    let mut stream = stream.unwrap();
    assert_eq!(stream.poll_fill(), Poll::Pending);
    server.pump();
    assert!(!server.connection.is_handshaking());
    server.send(b"hello");
    assert_eq!(read(&mut stream, 5), b"hello");
}

#[test]
fn shakes_hands_byte_by_byte() {
    for version in VERSIONS {
        let (config, mut context) = usual(version);
        let (stream, mut server) = shake_with(config, &mut context, HOST, |peer| {
            peer.wire().piece = 1;
        });
        let mut stream = stream.unwrap();
        talk(&mut stream, &mut server);
    }
}

/// A server's half of the hybrid: ML-KEM's crate is ours, X25519 is ring's.
#[derive(Debug)]
struct ServerHybrid;

impl SupportedKxGroup for ServerHybrid {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, rustls::Error> {
        unreachable!("a server completes at once")
    }

    fn start_and_complete(&self, share: &[u8]) -> Result<CompletedKeyExchange, rustls::Error> {
        use ml_kem::kem::TryKeyInit;

        let (key, point) = share.split_at(1184);
        let key = ml_kem::EncapsulationKey::<ml_kem::MlKem768>::new_from_slice(key).unwrap();
        let (ciphertext, secret) = key.encapsulate_deterministic(&[9; 32].into());
        let classical = kx_group::X25519.start_and_complete(point)?;
        let secret = [secret.as_slice(), classical.secret.secret_bytes()].concat();
        Ok(CompletedKeyExchange {
            group: self.name(),
            pub_key: [ciphertext.as_slice(), &classical.pub_key].concat(),
            secret: secret.into(),
        })
    }

    fn ffdhe_group(&self) -> Option<rustls::ffdhe_groups::FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> rustls::NamedGroup {
        rustls::NamedGroup::X25519MLKEM768
    }
}

#[test]
fn speaks_the_hybrid() {
    let authority = Authority::new();
    let config = server_config(&authority.leaf(HOST), &[&TLS13], |provider| {
        provider.kx_groups = vec![&ServerHybrid];
    });
    let (mut stream, mut server) = connect(config, &mut authority.trusting());
    assert_eq!(stream.session().group.as_deref(), Some("X25519MLKEM768"));
    talk(&mut stream, &mut server);
}

#[test]
fn puts_a_flight_together_that_came_in_small_records() {
    for version in VERSIONS {
        for piece in [1, 100, 65_536] {
            let (mut config, mut context) = usual(version);
            config.max_fragment_size = Some(64);
            let (stream, mut server) = shake_with(config, &mut context, HOST, |peer| {
                peer.wire().piece = piece;
            });
            let mut stream = stream.unwrap();
            talk(&mut stream, &mut server);
        }
    }
}

#[test]
fn a_refusal_in_small_records_is_one_too() {
    let (_, mut context) = usual(&TLS13);
    for version in VERSIONS {
        for size in [33, 64, 200] {
            let (mut config, _) = usual(version);
            config.max_fragment_size = Some(size);
            let (outcome, server) = shake(config, &mut context);
            assert!(outcome.is_err());
            assert!(matches!(
                server.failure,
                Some(rustls::Error::AlertReceived(_))
            ));
        }
    }
}

//! What is left of secrets in the component's memory once they have served. The host looks into it.
//!
//! Each test looks while the secret is in use as well: a search that finds nothing then would prove nothing later.

mod witness;

use std::sync::Arc;

use harness::component::{Connection, Guest, PemSource, Result, TlsContext, TlsOptions};
use harness::peer::Peer;
use harness::tls::{Authority, Identity, ServerTls};
use rustls::CipherSuite;

use witness::{Secret, Witness};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

const TLS13: [CipherSuite; 3] = [
    CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS13_AES_256_GCM_SHA384,
];
const TLS12: [CipherSuite; 3] = [
    CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
];

/// A guest whose memory can be looked into, with a connection that has made a request.
struct Visit {
    guest: Guest,
    context: TlsContext,
    connection: Connection,
    secrets: Vec<Secret>,
}

impl Visit {
    fn new(suite: CipherSuite) -> Result<Self> {
        let authority = Authority::new();
        let identity = authority.issue(&["localhost"]);
        let client = authority.request(&["client"]).for_client().issue();
        let tls = ServerTls::new(&identity).cipher_suite(suite);
        let mut config = Arc::unwrap_or_clone(tls.clients_of(&authority).build());
        let witness = Arc::new(Witness::default());
        config.key_log = witness.clone();
        let peer = Peer::reply_tls(Arc::new(config), OK);

        let guest = Guest::builder().inspectable().build();
        let context = guest.context_trusting(&authority.pem())?;
        load(&context, &client)?;
        let tls = TlsOptions::with(&context);
        let connection = guest.https("localhost", peer.port(), None, Some(tls))?;
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
        Ok(Self {
            guest,
            context,
            connection,
            secrets: witness.secrets(),
        })
    }

    /// Whether one with such a name is in memory.
    fn holds(&self, name: &str) -> bool {
        let mut secrets = self.secrets.iter().filter(|it| it.name.starts_with(name));
        secrets.any(|secret| is_in(&self.guest, &secret.bytes))
    }

    /// The names of those that are in memory when the connection is gone, and the context is not.
    fn left(self) -> (Vec<String>, TlsContext) {
        drop(self.connection);
        let left = self
            .secrets
            .iter()
            .filter(|it| is_in(&self.guest, &it.bytes));
        (left.map(|it| it.name.clone()).collect(), self.context)
    }
}

fn is_in(guest: &Guest, secret: &[u8]) -> bool {
    !guest.find(secret).is_empty()
}

fn load(context: &TlsContext, identity: &Identity) -> Result<()> {
    let [chain, key] =
        [identity.chain_pem(), identity.key_pem()].map(|it| PemSource::Bytes(it.into()));
    context.load_cert_chain(&chain, Some(&key))
}

#[test]
fn nothing_of_the_handshake_outlives_it() -> Result<()> {
    for suite in TLS13 {
        let visit = Visit::new(suite)?;
        assert!(visit.holds("CLIENT_TRAFFIC_SECRET_0"), "{suite:?}");
        for name in [
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
            "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        ] {
            assert!(!visit.holds(name), "{suite:?}: {name}");
        }
    }
    Ok(())
}

#[test]
fn nothing_of_a_connection_outlives_it() -> Result<()> {
    for suite in TLS13 {
        let visit = Visit::new(suite)?;
        assert!(visit.holds("CLIENT_TRAFFIC_SECRET_0"), "{suite:?}");
        assert_eq!(visit.left().0, [""; 0], "{suite:?}");
    }
    Ok(())
}

#[test]
fn a_session_of_tls_1_2_stays_for_the_next_connection_and_goes_with_the_context() -> Result<()> {
    for suite in TLS12 {
        let visit = Visit::new(suite)?;
        let (guest, secrets) = (visit.guest.clone(), visit.secrets.clone());
        let (left, context) = visit.left();
        assert_eq!(left, ["CLIENT_RANDOM"], "{suite:?}");
        drop(context);
        let is_left = secrets.iter().any(|it| is_in(&guest, &it.bytes));
        assert!(!is_left, "{suite:?}");
    }
    Ok(())
}

#[test]
fn a_private_key_is_not_left_in_the_form_in_which_it_came() -> Result<()> {
    let guest = Guest::builder().inspectable().build();
    let identity = Authority::new().request(&["client"]).for_client().issue();
    let (pem, der) = (identity.key_pem(), identity.key_der());
    // RFC 5915: the scalar stands in a structure of 138 bytes, 36 bytes from its beginning.
    let der = der.secret_der();
    assert_eq!(der.len(), 138);
    let scalar = &der[36..68];
    let line = pem.lines().nth(1).expect("it has lines of base64");
    let context = guest.create_default_context()?;
    load(&context, &identity)?;
    for secret in [line.as_bytes(), der, scalar] {
        assert!(!is_in(&guest, secret), "{} bytes", secret.len());
    }
    // The certificate, which is no secret, came the same way: it is there.
    let certificate = &identity.chain()[0];
    assert!(is_in(&guest, certificate));
    Ok(())
}

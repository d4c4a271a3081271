//! Other people's TLS: OpenSSL, nginx, Node, Python and tlslite-ng, with each version, suite, group and habit that
//! they and this component have.

use harness::LIMIT;
use harness::component::{
    Connection, ConnectionOptions, Guest, PemSource, Result, TlsContext, TlsOptions, TlsSession,
};
use harness::real::Real;
use harness::tls::{Authority, Identity, KeyType};

mod found;
mod nginx;
mod node;
mod openssl;
mod python;
mod tlslite;

/// A guest that trusts an authority, and that authority's server.
struct Pair {
    guest: Guest,
    context: TlsContext,
    server: Real,
}

impl Pair {
    fn new(start: impl FnOnce(&Identity) -> Real) -> Self {
        Self::with_key(KeyType::P256, start)
    }

    fn with_key(key: KeyType, start: impl FnOnce(&Identity) -> Real) -> Self {
        let (guest, authority) = (Guest::new(), Authority::new());
        let context = guest.context_trusting(&authority.pem());
        let context = context.expect("a certificate");
        let below = authority.intermediate();
        let server = start(&below.request(&["localhost"]).key(key).issue());
        Self {
            guest,
            context,
            server,
        }
    }

    /// A connection to the server.
    fn connection(&self) -> Connection {
        let options = ConnectionOptions {
            timeout: u64::try_from(LIMIT.as_nanos()).ok(),
            ..ConnectionOptions::default()
        };
        let connection = self.guest.https(
            "localhost",
            self.server.port(),
            Some(&options),
            Some(TlsOptions::with(&self.context)),
        );
        connection.expect("a valid address")
    }

    /// Fetches a page over a fresh connection.
    #[track_caller]
    fn visit(&self, page: &str) -> (TlsSession, Vec<u8>) {
        let connection = self.connection();
        connection.connect().expect("a handshake");
        let session = connection.tls_session().expect("it is connected");
        let response = connection.fetch("GET", page).expect("an answer");
        assert_eq!(response.status(), 200);
        (session, response.read(None).expect("a whole body"))
    }

    /// Asserts that the second connection resumes what the first has begun.
    #[track_caller]
    fn assert_resumes(&self, version: &str) {
        let (first, _) = self.visit("/");
        assert_eq!((first.resumed, first.version.as_str()), (false, version));
        for _ in 0..2 {
            let (next, _) = self.visit("/");
            assert_eq!((next.resumed, next.version.as_str()), (true, version));
        }
    }
}

/// The key that a suite needs, by its IANA name.
fn key_for(suite: &str) -> KeyType {
    match suite.contains("_RSA_") {
        true => KeyType::Rsa2048,
        false => KeyType::P256,
    }
}

/// Shows this certificate to servers that ask.
fn show(context: &TlsContext, identity: &Identity) -> Result<()> {
    let source = |text: String| PemSource::Bytes(text.into());
    let chain = source(identity.chain_pem());
    context.load_cert_chain(&chain, Some(&source(identity.key_pem())))
}

/// A test for each suite: OpenSSL's name of it and IANA's.
macro_rules! suites {
    ($check:ident: $($claim:ident: $openssl:literal = $iana:literal;)*) => {
        $(#[test] fn $claim() { $check($openssl, $iana); })*
    };
}

/// Those of TLS 1.3.
macro_rules! suites_of_tls13 {
    ($check:ident) => {
        crate::tls_peers::suites! { $check:
            agrees_on_chacha20_poly1305:
                "TLS_CHACHA20_POLY1305_SHA256" = "TLS_CHACHA20_POLY1305_SHA256";
            agrees_on_aes_128_gcm: "TLS_AES_128_GCM_SHA256" = "TLS_AES_128_GCM_SHA256";
            agrees_on_aes_256_gcm: "TLS_AES_256_GCM_SHA384" = "TLS_AES_256_GCM_SHA384";
        }
    };
}

/// Those of TLS 1.2.
macro_rules! suites_of_tls12 {
    ($check:ident) => {
        crate::tls_peers::suites! { $check:
            agrees_on_ecdsa_with_chacha20_poly1305:
                "ECDHE-ECDSA-CHACHA20-POLY1305" = "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256";
            agrees_on_ecdsa_with_aes_128_gcm:
                "ECDHE-ECDSA-AES128-GCM-SHA256" = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
            agrees_on_ecdsa_with_aes_256_gcm:
                "ECDHE-ECDSA-AES256-GCM-SHA384" = "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";
            agrees_on_rsa_with_chacha20_poly1305:
                "ECDHE-RSA-CHACHA20-POLY1305" = "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";
            agrees_on_rsa_with_aes_128_gcm:
                "ECDHE-RSA-AES128-GCM-SHA256" = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
            agrees_on_rsa_with_aes_256_gcm:
                "ECDHE-RSA-AES256-GCM-SHA384" = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
        }
    };
}
use {suites, suites_of_tls12, suites_of_tls13};

/// Whether a suite is TLS 1.3's, by its IANA name.
fn is_tls13(iana: &str) -> bool {
    !iana.contains("_WITH_")
}

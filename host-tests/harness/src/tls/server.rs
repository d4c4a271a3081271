//! The TLS side of a server.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::{TLS12, TLS13};
use rustls::{CipherSuite, NamedGroup, RootCertStore, ServerConfig, SupportedProtocolVersion};

use super::{Authority, Identity};

/// What a TLS server speaks and asks for. It begins with all that rustls does, and asks for nothing.
pub struct ServerTls<'a> {
    identity: &'a Identity,
    provider: CryptoProvider,
    versions: Vec<&'static SupportedProtocolVersion>,
    clients: Option<RootCertStore>,
    alpn: Vec<Vec<u8>>,
    resumption: bool,
    gives_keys_away: bool,
}

impl<'a> ServerTls<'a> {
    /// A server with this certificate.
    #[must_use]
    pub fn new(identity: &'a Identity) -> Self {
        Self {
            identity,
            provider: default_provider(),
            versions: vec![&TLS13, &TLS12],
            clients: None,
            alpn: Vec::new(),
            resumption: true,
            gives_keys_away: false,
        }
    }

    /// TLS 1.2 only.
    #[must_use]
    pub fn tls12_only(mut self) -> Self {
        self.versions = vec![&TLS12];
        self
    }

    /// TLS 1.3 only.
    #[must_use]
    pub fn tls13_only(mut self) -> Self {
        self.versions = vec![&TLS13];
        self
    }

    /// This cipher suite only.
    #[must_use]
    pub fn cipher_suite(mut self, suite: CipherSuite) -> Self {
        self.provider
            .cipher_suites
            .retain(|known| known.suite() == suite);
        assert!(
            !self.provider.cipher_suites.is_empty(),
            "ring does not know {suite:?}"
        );
        self
    }

    /// This key exchange group only.
    #[must_use]
    pub fn group(mut self, group: NamedGroup) -> Self {
        self.provider
            .kx_groups
            .retain(|known| known.name() == group);
        assert!(
            !self.provider.kx_groups.is_empty(),
            "ring does not know {group:?}"
        );
        self
    }

    /// Requires a client certificate that this authority issued.
    #[must_use]
    pub fn clients_of(mut self, authority: &Authority) -> Self {
        let mut roots = RootCertStore::empty();
        roots
            .add(authority.der().clone())
            .expect("the authority's certificate is well-formed");
        self.clients = Some(roots);
        self
    }

    /// Offers these protocols by ALPN.
    #[must_use]
    pub fn alpn(mut self, protocols: &[&str]) -> Self {
        self.alpn = protocols
            .iter()
            .map(|protocol| protocol.as_bytes().to_vec())
            .collect();
        self
    }

    /// Resumes no session.
    #[must_use]
    pub fn without_resumption(mut self) -> Self {
        self.resumption = false;
        self
    }

    /// For [`Flood::records`](crate::peer::Flood::records). Resumes no session.
    #[must_use]
    pub fn giving_keys_away(mut self) -> Self {
        self.gives_keys_away = true;
        self.without_resumption()
    }

    /// The configuration that servers and peers take.
    #[must_use]
    pub fn build(self) -> Arc<ServerConfig> {
        let provider = Arc::new(self.provider);
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&self.versions)
            .expect("the cipher suite belongs to the version");
        let builder = match self.clients {
            Some(roots) => builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                    .build()
                    .expect("there is a root"),
            ),
            None => builder.with_no_client_auth(),
        };
        let mut config = builder
            .with_single_cert(self.identity.chain(), self.identity.key_der())
            .expect("the key belongs to the certificate");
        config.alpn_protocols = self.alpn;
        config.enable_secret_extraction = self.gives_keys_away;
        if !self.resumption {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        }
        Arc::new(config)
    }
}

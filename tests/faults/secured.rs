//! A server behind TLS: rustls with ring, which is not the client's provider.

use std::cell::RefCell;
use std::io::{ErrorKind, Read, Write};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use httplib::transport::tls::{Config, Context};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, PKCS_ED25519};
use rustls::SupportedProtocolVersion;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::server::{ServerConfig, ServerConnection};
use rustls::time_provider::DefaultTimeProvider;

use super::host::Host;

/// How much plaintext a record carries: little, so that there are several.
const RECORD: usize = 24;

/// What the server has sent, by where its records end.
#[derive(Clone, Debug, Default)]
pub struct Records {
    /// Behind how many bytes the client has all of the handshake.
    pub shaken: usize,
    /// Where records with plaintext end, and how much plaintext is sent by then.
    pub plain: Vec<(usize, usize)>,
    /// Where the `close_notify` ends.
    pub closed: Option<usize>,
}

impl Records {
    /// How much plaintext is in the records that end with this byte, or before it.
    pub fn plain_before(&self, at: usize) -> usize {
        let whole = self.plain.iter().rev().find(|(end, _)| *end <= at);
        whole.map_or(0, |(_, plain)| *plain)
    }
}

/// Who shares the records of a server.
pub type Log = Rc<RefCell<Records>>;

/// A host whose bytes are protected.
pub struct Secured<H> {
    behind: H,
    connection: ServerConnection,
    saying: Vec<u8>,
    /// How many bytes were said, and how many of them were plaintext.
    said: usize,
    plain: usize,
    has_failed: bool,
    log: Log,
}

impl<H: Host> Secured<H> {
    pub fn new(behind: H, version: &'static SupportedProtocolVersion, log: Log) -> Self {
        let config = Arc::clone(server_config(version));
        Self {
            behind,
            connection: ServerConnection::new(config).expect("a valid configuration"),
            saying: Vec::new(),
            said: 0,
            plain: 0,
            has_failed: false,
            log,
        }
    }

    /// Moves what the connection has to send.
    fn put(&mut self) {
        let before = self.saying.len();
        while self.connection.wants_write() {
            let written = self.connection.write_tls(&mut self.saying);
            written.expect("a vector takes everything");
        }
        self.said += self.saying.len() - before;
    }

    /// Takes the plaintext that has come.
    fn open(&mut self) {
        let mut plain = Vec::new();
        match self.connection.reader().read_to_end(&mut plain) {
            Ok(_) => {}
            Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock),
        }
        if !plain.is_empty() && self.behind.heard().is_empty() {
            self.log.borrow_mut().shaken = self.said;
        }
        self.behind.hear(&plain);
    }

    fn protect(&mut self, said: &[u8]) {
        for piece in said.chunks(RECORD) {
            let written = self.connection.writer().write_all(piece);
            written.expect("the buffer is not full");
            self.put();
            self.plain += piece.len();
            self.log.borrow_mut().plain.push((self.said, self.plain));
        }
    }
}

impl<H: Host> Host for Secured<H> {
    fn hear(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.has_failed {
            let read = self.connection.read_tls(&mut bytes);
            read.expect("a slice can be read");
            self.has_failed = self.connection.process_new_packets().is_err();
            self.open();
            self.put();
        }
        if self.has_failed {
            return;
        }
        let said = self.behind.say();
        self.protect(&said);
        if self.behind.has_ended() && self.log.borrow().closed.is_none() {
            self.connection.send_close_notify();
            self.put();
            self.log.borrow_mut().closed = Some(self.said);
        }
    }

    fn say(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.saying)
    }

    fn has_ended(&self) -> bool {
        (self.has_failed || self.behind.has_ended()) && self.saying.is_empty()
    }

    fn heard(&self) -> &[u8] {
        self.behind.heard()
    }
}

/// An authority's certificate and the servers that have one of it. Its keys sign in a fixed number of bytes, so that
/// each handshake is as long as the others.
struct Trust {
    pem: String,
    tls12: Arc<ServerConfig>,
    tls13: Arc<ServerConfig>,
}

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let key = || KeyPair::generate_for(&PKCS_ED25519).expect("a key");
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, key()).expect("a certificate");
    let server_key = key();
    let names = vec!["server.example".to_owned()];
    let server = CertificateParams::new(names).expect("a valid name");
    let server = server.signed_by(&server_key, &authority);
    let server = server.expect("a certificate");
    let config = |version| configure(server.der(), &server_key, version);
    Trust {
        pem: authority.pem(),
        tls12: config(&rustls::version::TLS12),
        tls13: config(&rustls::version::TLS13),
    }
});

fn configure(
    certificate: &CertificateDer<'static>,
    key: &KeyPair,
    version: &'static SupportedProtocolVersion,
) -> Arc<ServerConfig> {
    let key = PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .expect("a version that ring has")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into());
    Arc::new(config.expect("a key that fits"))
}

fn server_config(version: &'static SupportedProtocolVersion) -> &'static Arc<ServerConfig> {
    match version.version {
        rustls::ProtocolVersion::TLSv1_2 => &TRUST.tls12,
        _ => &TRUST.tls13,
    }
}

/// A client's configuration that knows no session.
pub fn client_config() -> Config {
    let mut context = Context::create_bare(Arc::new(DefaultTimeProvider));
    let loaded = context.load_verify_locations(TRUST.pem.as_bytes());
    loaded.expect("the authority's certificate");
    context.config().expect("a valid configuration")
}

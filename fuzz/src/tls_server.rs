//! A TLS server of rustls' and ring's, in memory, that gives its keys away: what it says after the handshake, anybody says.

use std::sync::{Arc, LazyLock};

use httplib::transport::scripted::Peer;
use ring::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use rustls::crypto::ring::{cipher_suite, default_provider, kx_group, sign};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::server::{NoServerSessionStorage, ServerConfig, ServerConnection};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ConnectionTrafficSecrets, SupportedCipherSuite};

/// What a server may speak.
const SUITES: [SupportedCipherSuite; 6] = [
    cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
    cipher_suite::TLS13_AES_128_GCM_SHA256,
    cipher_suite::TLS13_AES_256_GCM_SHA384,
    cipher_suite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    cipher_suite::TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
];

static CONFIGS: LazyLock<Vec<Arc<ServerConfig>>> = LazyLock::new(|| {
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).expect("a key");
    let params = rcgen::CertificateParams::new(vec!["server.example".to_owned()]);
    let certificate = params
        .and_then(|it| it.self_signed(&key))
        .expect("a certificate");
    let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
    let key = sign::any_supported_type(&key).expect("a key for signatures");
    let identity = Arc::new(CertifiedKey::new(vec![certificate.der().clone()], key));
    SUITES
        .iter()
        .map(|suite| Arc::new(config(*suite, Arc::clone(&identity))))
        .collect()
});

fn config(suite: SupportedCipherSuite, identity: Arc<CertifiedKey>) -> ServerConfig {
    let mut provider = default_provider();
    provider.cipher_suites = vec![suite];
    provider.kx_groups = vec![kx_group::X25519];
    let builder = ServerConfig::builder_with_provider(Arc::new(provider));
    let versions = [suite.version()];
    let builder = builder
        .with_protocol_versions(&versions)
        .expect("a version");
    let identity = SingleCertAndKey::from(identity);
    let mut config = builder
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(identity));
    config.enable_secret_extraction = true;
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config
}

/// The server's end.
pub struct Server {
    connection: ServerConnection,
    /// It has said so many bytes.
    said: usize,
    /// These of them are changed on their way: which, and by what.
    pub tampering: Vec<(u16, u8)>,
}

impl Server {
    /// One that speaks one of six suites, three of TLS 1.3 and then three of TLS 1.2.
    pub fn new(suite: u8) -> Self {
        let config = &CONFIGS[usize::from(suite) % CONFIGS.len()];
        let connection = ServerConnection::new(Arc::clone(config)).expect("a configuration");
        Self {
            connection,
            said: 0,
            tampering: Vec::new(),
        }
    }

    /// Reads what has come and puts the answers on the wire.
    pub fn pump(&mut self, peer: &Peer) {
        let bytes = std::mem::take(&mut peer.wire().outbound);
        let mut bytes = bytes.as_slice();
        while !bytes.is_empty() {
            self.connection
                .read_tls(&mut bytes)
                .expect("bytes in memory");
            if self.connection.process_new_packets().is_err() {
                break;
            }
        }
        let mut answer = Vec::new();
        while self.connection.wants_write() {
            self.connection
                .write_tls(&mut answer)
                .expect("room in memory");
        }
        for (at, change) in &self.tampering {
            let at = usize::from(*at).checked_sub(self.said);
            if let Some(byte) = at.and_then(|at| answer.get_mut(at)) {
                *byte ^= change;
            }
        }
        self.said += answer.len();
        peer.say(answer);
    }

    /// The keys with which it would go on; none while its handshake is not over.
    pub fn keys(self) -> Option<Keys> {
        if self.connection.is_handshaking() {
            return None;
        }
        let is_tls12 = self.connection.protocol_version() == Some(rustls::ProtocolVersion::TLSv1_2);
        let (sequence, secrets) = self.connection.dangerous_extract_secrets().ok()?.tx;
        let (algorithm, key, iv): (&'static Algorithm, _, _) = match secrets {
            ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (&CHACHA20_POLY1305, key, iv),
            ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (&AES_128_GCM, key, iv),
            ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (&AES_256_GCM, key, iv),
            _ => return None,
        };
        let key = UnboundKey::new(algorithm, key.as_ref()).expect("a key of that length");
        let explicit = if is_tls12 && algorithm != &CHACHA20_POLY1305 {
            8
        } else {
            0
        };
        Some(Keys {
            key: LessSafeKey::new(key),
            iv: iv.as_ref().try_into().expect("an IV's length"),
            sequence,
            is_tls12,
            explicit,
        })
    }
}

/// Seals records in the server's name.
pub struct Keys {
    key: LessSafeKey,
    iv: [u8; 12],
    sequence: u64,
    /// Whether that is the version.
    pub is_tls12: bool,
    /// How many bytes of the nonce stand in a record.
    explicit: usize,
}

impl Keys {
    /// A record with this type inside and, in TLS 1.3, so much padding.
    pub fn seal(&mut self, content: u8, plaintext: &[u8], padding: u8) -> Vec<u8> {
        let mut data = plaintext.to_vec();
        let mut nonce = self.iv;
        for (byte, sequence) in nonce[4..].iter_mut().zip(self.sequence.to_be_bytes()) {
            *byte ^= sequence;
        }
        let outer = if self.is_tls12 { content } else { 23 };
        if !self.is_tls12 {
            data.push(content);
            data.resize(data.len() + usize::from(padding), 0);
        }
        let length = self.explicit + data.len() + 16;
        let length = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
        let header = [outer, 3, 3, length[0], length[1]];
        let mut associated = header.to_vec();
        if self.is_tls12 {
            let length = u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes();
            associated = self.sequence.to_be_bytes().to_vec();
            associated.extend_from_slice(&[content, 3, 3, length[0], length[1]]);
        }
        self.sequence += 1;
        let sealed = Nonce::assume_unique_for_key(nonce);
        self.key
            .seal_in_place_append_tag(sealed, Aad::from(associated), &mut data)
            .expect("a record's length");
        [&header, &nonce[12 - self.explicit..], &data].concat()
    }
}

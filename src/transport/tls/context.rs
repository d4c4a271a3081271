//! `ssl.SSLContext`: whom to trust, who we are, and the sessions to resume.
//!
//! A context is changed by its methods and turned into a configuration when it is used; the
//! configuration, and with it the session cache, lives until the next change. Nothing in the
//! environment weakens it.

use std::sync::Arc;

use rustls::client::{ClientSessionMemoryCache, Resumption};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore};

use super::error::from_rustls;
use super::provider::provider;
use super::trust;
use crate::transport::TlsError;

/// How many servers' sessions are kept.
const SESSIONS: usize = 256;

/// Whether the peer's certificates are checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verification {
    /// Chain, dates, usage and name.
    Full,
    /// Only that the peer has the key of whatever certificate it shows.
    None,
}

/// Trust, identity and session cache for any number of connections.
#[derive(Clone)]
pub struct Context {
    verification: Verification,
    roots: RootCertStore,
    /// The certificates that were loaded on top of the bundled ones, as they were given.
    trusted: Vec<CertificateDer<'static>>,
    identity: Option<Arc<CertifiedKey>>,
    config: Option<Arc<ClientConfig>>,
}

impl Context {
    /// `ssl.create_default_context()`: certificates are required and names checked, and Mozilla's
    /// authorities are trusted.
    pub fn create_default() -> Self {
        let mut context = Self::create_bare();
        let bundled = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        context.roots.extend(bundled);
        context
    }

    /// The same without any authority: those that are loaded are the only ones.
    pub fn create_bare() -> Self {
        Self {
            verification: Verification::Full,
            roots: RootCertStore::empty(),
            trusted: Vec::new(),
            identity: None,
            config: None,
        }
    }

    /// `ssl._create_unverified_context()`: whoever answers is accepted.
    pub fn create_unverified() -> Self {
        Self {
            verification: Verification::None,
            ..Self::create_bare()
        }
    }

    /// Trusts the certificates in `bytes`, any number in PEM or one in DER, in addition.
    pub fn load_verify_locations(&mut self, bytes: &[u8]) -> Result<(), TlsError> {
        let certificates = certificates(bytes)?;
        // All of them or none.
        let mut roots = self.roots.clone();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(|error| {
                configuration(format!("a certificate to be trusted is malformed: {error}"))
            })?;
        }
        self.roots = roots;
        self.trusted.extend(certificates);
        self.config = None;
        Ok(())
    }

    /// Shows the certificates in `chain`, its own first, to servers that ask, and signs with `key`;
    /// both in PEM or DER, and both may be the same bytes.
    pub fn load_cert_chain(&mut self, chain: &[u8], key: &[u8]) -> Result<(), TlsError> {
        let chain = certificates(chain)?;
        let key = private_key(key)?;
        let identity = CertifiedKey::from_der(chain, key, &provider()).map_err(|error| {
            match from_rustls(error) {
                fitting @ TlsError::Configuration(_) => fitting,
                TlsError::Other(text) => configuration(text),
                _ => configuration("the client's certificate is malformed".to_owned()),
            }
        })?;
        self.identity = Some(Arc::new(identity));
        self.config = None;
        Ok(())
    }

    /// The configuration for a handshake, the same until the context is changed.
    pub fn config(&mut self) -> Result<Arc<ClientConfig>, TlsError> {
        if let Some(config) = &self.config {
            return Ok(Arc::clone(config));
        }
        let config = Arc::new(self.build()?);
        self.config = Some(Arc::clone(&config));
        Ok(config)
    }

    fn build(&self) -> Result<ClientConfig, TlsError> {
        let provider = Arc::new(provider());
        let verifier = match self.verification {
            Verification::Full => {
                trust::verifier(self.roots.clone(), self.trusted.clone(), &provider)?
            }
            Verification::None => trust::anyone(&provider),
        };
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(from_rustls)?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match &self.identity {
            Some(identity) => {
                let identity = SingleCertAndKey::from(Arc::clone(identity));
                builder.with_client_cert_resolver(Arc::new(identity))
            }
            None => builder.with_no_client_auth(),
        };
        // Our record layer takes the keys after the handshake.
        config.enable_secret_extraction = true;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        config.resumption = Resumption::store(Arc::new(ClientSessionMemoryCache::new(SESSIONS)));
        Ok(config)
    }
}

fn configuration(text: String) -> TlsError {
    TlsError::Configuration(text)
}

/// Whether the bytes are DER: a SEQUENCE, which no text begins with.
fn is_der(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
}

fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    if is_der(bytes) {
        return Ok(vec![CertificateDer::from(bytes.to_vec())]);
    }
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(bytes).collect();
    let found = found.map_err(|error| configuration(format!("bad pem: {}", describe(&error))))?;
    if found.is_empty() {
        return Err(configuration(
            "no certificate found: neither pem nor der".to_owned(),
        ));
    }
    Ok(found)
}

fn private_key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    if is_der(bytes) {
        return PrivateKeyDer::try_from(bytes)
            .map(|key| key.clone_key())
            .map_err(|_| configuration("the private key's der has an unknown form".to_owned()));
    }
    if is_encrypted(bytes) {
        return Err(configuration(
            "the private key is encrypted: decrypt it before it is loaded".to_owned(),
        ));
    }
    match PrivateKeyDer::from_pem_slice(bytes) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) => Err(configuration(
            "no private key found: neither pem nor der".to_owned(),
        )),
        Err(error) => Err(configuration(format!("bad pem: {}", describe(&error)))),
    }
}

/// PKCS#8's own encryption has a label, the older kind a header inside the section.
fn is_encrypted(pem: &[u8]) -> bool {
    [
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----".as_slice(),
        b"Proc-Type: 4,ENCRYPTED",
    ]
    .iter()
    .any(|mark| pem.windows(mark.len()).any(|window| window == *mark))
}

fn describe(error: &pem::Error) -> String {
    match error {
        pem::Error::MissingSectionEnd { .. } => "a section has no end".to_owned(),
        pem::Error::IllegalSectionStart { .. } => "a section's first line is malformed".to_owned(),
        pem::Error::Base64Decode(_) => "a section is no base64".to_owned(),
        other => other.to_string(),
    }
}

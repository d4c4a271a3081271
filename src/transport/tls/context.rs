//! `ssl.SSLContext`: whom to trust, who we are, and the sessions to resume.
//!
//! A context is changed by its methods and turned into a configuration when it is used; the
//! configuration, and with it the session cache, lives until the next change. So no session outlives
//! the rules by which its certificates were judged. Nothing in the environment weakens it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use rustls::client::Resumption;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{IpAddr, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, Error, NoKeyLog, RootCertStore};
use webpki::{CertRevocationList, OwnedCertRevocationList};

use super::der;
use super::error::from_rustls;
use super::key_log::{KeyLog, KeyLogSink};
use super::name::Host;
use super::offer::Offer;
use super::pem::{self, configuration};
use super::provider::provider;
use super::resumption::ResumableSessions;
use super::stack;
use super::trust::{self, Rules, Trust};
use super::unverified;
use super::verdict::{self, Refusal};
use super::version::TlsVersion;
use crate::transport::TlsError;

/// How many bytes the names of all protocols may have: with the rest they must fit into one message.
const ALPN_TOTAL: usize = 16 * 1024;

/// `ssl.VerifyMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VerifyMode {
    /// The certificates are not checked.
    CertNone,
    /// The same as [`VerifyMode::CertRequired`]: a server always has a certificate.
    CertOptional,
    /// The certificates must lead to an authority that is trusted.
    CertRequired,
}

/// `ValueError`: an argument that no context takes. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(pub String);

/// What connections are made with. Those that share one share its sessions.
#[derive(Clone, Debug)]
pub struct Config {
    pub(super) rustls: Arc<ClientConfig>,
    /// Why the last certificate was refused, where rustls can't say it.
    pub(super) refusal: Arc<Refusal>,
    /// What servers choose from.
    pub(super) offer: Offer,
    /// Who is believed; none if anybody is.
    trust: Option<Trust>,
}

impl Config {
    /// rustls' configuration and name for a host. One that it has no name for is told to the verifier
    /// alone; its sessions are not kept, as there is no name to keep them under.
    pub(super) fn for_host(&self, host: Host) -> (Arc<ClientConfig>, ServerName<'static>) {
        let host = match host {
            Host::Strict(name) => return (Arc::clone(&self.rustls), name),
            Host::Loose(host) => host,
        };
        let mut config = ClientConfig::clone(&self.rustls);
        config.resumption = Resumption::disabled();
        if let Some(trust) = &self.trust {
            let verifier = Arc::new(trust.for_host(host));
            config.dangerous().set_certificate_verifier(verifier);
        }
        // An address, for which a hello has no name.
        let nobody = IpAddr::V4([0; 4].into());
        (Arc::new(config), ServerName::IpAddress(nobody))
    }
}

/// Trust, identity and session cache for any number of connections.
#[derive(Clone)]
pub struct Context {
    clock: Arc<dyn TimeProvider>,
    verify_mode: VerifyMode,
    rules: Rules,
    offer: Offer,
    alpn: Vec<Vec<u8>>,
    identity: Option<Arc<CertifiedKey>>,
    key_log: Option<Arc<KeyLogSink>>,
    config: Option<Config>,
}

impl Context {
    /// `ssl.create_default_context()`: certificates are required and names checked, and Mozilla's
    /// authorities are trusted. `clock` says whether a certificate is valid yet, or still.
    pub fn create_default(clock: Arc<dyn TimeProvider>) -> Self {
        let mut context = Self::create_bare(clock);
        context.load_bundled();
        context
    }

    /// `ssl.SSLContext(PROTOCOL_TLS_CLIENT)`: the same without any authority. Those that are loaded
    /// are the only ones.
    pub fn create_bare(clock: Arc<dyn TimeProvider>) -> Self {
        Self {
            clock,
            verify_mode: VerifyMode::CertRequired,
            rules: Rules {
                roots: RootCertStore::empty(),
                trusted: Vec::new(),
                revoked: Vec::new(),
                pins: Vec::new(),
                check_hostname: true,
            },
            offer: Offer::default(),
            alpn: vec![b"http/1.1".to_vec()],
            identity: None,
            key_log: None,
            config: None,
        }
    }

    /// `ssl._create_unverified_context()`: whoever answers is accepted.
    pub fn create_unverified(clock: Arc<dyn TimeProvider>) -> Self {
        let mut context = Self::create_bare(clock);
        context.verify_mode = VerifyMode::CertNone;
        context.rules.check_hostname = false;
        context
    }

    /// Whether the certificate must be for the server's name; this needs certificates that are
    /// checked at all.
    pub fn set_check_hostname(&mut self, check: bool) {
        self.rules.check_hostname = check;
        if check && self.verify_mode == VerifyMode::CertNone {
            self.verify_mode = VerifyMode::CertRequired;
        }
        self.config = None;
    }

    /// Whether certificates are checked.
    pub fn set_verify_mode(&mut self, mode: VerifyMode) -> Result<(), ValueError> {
        if mode == VerifyMode::CertNone && self.rules.check_hostname {
            return Err(ValueError(
                "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.".to_owned(),
            ));
        }
        self.verify_mode = mode;
        self.config = None;
        Ok(())
    }

    /// The oldest version that is offered.
    pub fn set_minimum_version(&mut self, version: TlsVersion) {
        self.offer.minimum_version = version;
        self.config = None;
    }

    /// The cipher suites that are offered, by their names in IANA's registry, the most wanted first.
    pub fn set_cipher_suites(&mut self, names: &[String]) -> Result<(), ValueError> {
        self.offer.set_suites(names).map_err(ValueError)?;
        self.config = None;
        Ok(())
    }

    /// What is offered by ALPN, the most wanted first; nothing if there is nothing.
    pub fn set_alpn_protocols(&mut self, protocols: Vec<String>) -> Result<(), ValueError> {
        if protocols.iter().any(|it| !(1..=255).contains(&it.len())) {
            return Err(ValueError(
                "ALPN protocols must be 1 to 255 in length".to_owned(),
            ));
        }
        let total: usize = protocols.iter().map(|it| it.len() + 1).sum();
        if total > ALPN_TOTAL {
            return Err(ValueError(format!(
                "ALPN protocols of {total} bytes together, at most {ALPN_TOTAL} can be offered"
            )));
        }
        self.alpn = protocols.into_iter().map(String::into_bytes).collect();
        self.config = None;
        Ok(())
    }

    /// `SSLContext.load_default_certs`: trusts Mozilla's authorities in addition.
    pub fn load_bundled(&mut self) {
        let bundled = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
        self.rules.roots.extend(bundled);
        self.config = None;
    }

    /// The same with the authorities of a system in Mozilla's place: the certificates in `files`.
    /// Those that are no authority's in webpki's eyes are passed over; one at least must be left.
    pub fn load_system(&mut self, files: &[(String, Vec<u8>)]) -> Result<(), TlsError> {
        let mut rules = self.rules.clone();
        let mut found = false;
        for (name, bytes) in files {
            let authorities = pem::authorities_if_any(bytes).map_err(|it| within(name, it))?;
            for certificate in authorities.into_iter().flatten() {
                // Systems bring more than webpki can read.
                found |= rules.trust(certificate).is_ok();
            }
        }
        if !found {
            let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
            let names = names.join(", ");
            return Err(configuration(format!("no certificate found in {names}")));
        }
        self.rules = rules;
        self.config = None;
        Ok(())
    }

    /// How many authorities are trusted.
    pub fn authorities(&self) -> usize {
        self.rules.roots.len()
    }

    /// Trusts the certificates in `bytes`, any number in PEM or one in DER, in addition.
    pub fn load_verify_locations(&mut self, bytes: &[u8]) -> Result<(), TlsError> {
        // All of them or none.
        let mut rules = self.rules.clone();
        for certificate in pem::authorities(bytes)? {
            rules.trust(certificate)?;
        }
        self.rules = rules;
        self.config = None;
        Ok(())
    }

    /// The same for a directory's files, each with its name. Files without a certificate are passed
    /// over; there must be one with.
    pub fn load_verify_directory(&mut self, files: &[(String, Vec<u8>)]) -> Result<(), TlsError> {
        let mut rules = self.rules.clone();
        let mut found = false;
        for (name, bytes) in files {
            let authorities = pem::authorities_if_any(bytes).map_err(|it| within(name, it))?;
            found |= authorities.is_some();
            for certificate in authorities.into_iter().flatten() {
                rules.trust(certificate).map_err(|it| within(name, it))?;
            }
        }
        if !found {
            return Err(configuration("no certificate found in the directory"));
        }
        self.rules = rules;
        self.config = None;
        Ok(())
    }

    /// Refuses the certificates on these lists, any number in PEM or one in DER.
    pub fn load_crls(&mut self, bytes: &[u8]) -> Result<(), TlsError> {
        let lists = pem::revocation_lists(bytes)?
            .iter()
            .map(|der| match OwnedCertRevocationList::from_der(der) {
                Ok(list) => Ok(Arc::new(CertRevocationList::from(list))),
                Err(error) => Err(configuration(format!(
                    "a certificate revocation list can't be used: {}",
                    verdict::of_list(&error)
                ))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.rules.revoked.extend(lists);
        self.config = None;
        Ok(())
    }

    /// Accepts only chains with this key among theirs, or with another key that was pinned.
    pub fn add_pin(&mut self, sha256: &[u8]) -> Result<(), ValueError> {
        let pin = sha256.try_into().map_err(|_| {
            let length = sha256.len();
            ValueError(format!("a SHA-256 has 32 bytes, the pin has {length}"))
        })?;
        self.rules.pins.push(pin);
        self.config = None;
        Ok(())
    }

    /// Shows the certificates in `chain`, its own first, to servers that ask, and signs with `key`;
    /// both in PEM or DER, and both may be the same bytes. Only the servers judge the certificates:
    /// here the key must fit the first one.
    pub fn load_cert_chain(&mut self, chain: &[u8], key: &[u8]) -> Result<(), TlsError> {
        let identity = stack::wiped(|| identity(chain, key))?;
        self.identity = Some(identity);
        self.config = None;
        Ok(())
    }

    /// Gives the secrets of each connection to `sink`, line by line.
    pub fn set_key_log(&mut self, sink: Option<Arc<KeyLogSink>>) {
        self.key_log = sink;
        self.config = None;
    }

    /// The configuration for a handshake, the same until the context is changed.
    pub fn config(&mut self) -> Result<Config, TlsError> {
        if let Some(config) = &self.config {
            return Ok(config.clone());
        }
        let config = self.build()?;
        self.config = Some(config.clone());
        Ok(config)
    }

    fn build(&self) -> Result<Config, TlsError> {
        let provider = Arc::new(CryptoProvider {
            cipher_suites: self.offer.suites(),
            ..provider()
        });
        let refusal = Arc::new(Refusal::default());
        let trust = match self.verify_mode {
            VerifyMode::CertRequired | VerifyMode::CertOptional => {
                let rules = self.rules.clone();
                Some(trust::verifier(rules, &provider, Arc::clone(&refusal))?)
            }
            VerifyMode::CertNone => None,
        };
        let verifier: Arc<dyn ServerCertVerifier> = match &trust {
            Some(trust) => Arc::new(trust.clone()),
            None => unverified::anyone(self.rules.pins.clone(), Arc::clone(&refusal)),
        };
        let builder = ClientConfig::builder_with_details(provider, Arc::clone(&self.clock))
            .with_protocol_versions(&self.offer.versions()?)
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
        config.alpn_protocols.clone_from(&self.alpn);
        config.resumption = Resumption::store(Arc::new(ResumableSessions::default()));
        config.key_log = match &self.key_log {
            Some(sink) => Arc::new(KeyLog(Arc::clone(sink))),
            None => Arc::new(NoKeyLog {}),
        };
        Ok(Config {
            rustls: Arc::new(config),
            refusal,
            offer: self.offer.clone(),
            trust,
        })
    }
}

/// What a client shows, and signs with.
fn identity(chain: &[u8], key: &[u8]) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain = pem::certificates(chain)?;
    let key = pem::private_key(key)?;
    let key = provider().key_provider.load_private_key(key);
    let key = key.map_err(|error| match error {
        Error::General(text) => configuration(text),
        other => from_rustls(other),
    })?;
    let Some(certified) = der::public_key(&chain[0]) else {
        return Err(configuration("the client's certificate is malformed"));
    };
    if key.public_key().is_some_and(|own| own != certified) {
        return Err(configuration(
            "the private key does not fit the certificate",
        ));
    }
    Ok(Arc::new(CertifiedKey::new(chain, key)))
}

/// The same error with the file that it is about.
fn within(file: &str, error: TlsError) -> TlsError {
    match error {
        TlsError::Configuration(text) => configuration(format!("{file}: {text}")),
        other => other,
    }
}

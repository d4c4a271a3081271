//! A throw-away certificate authority, what it issues, and TLS servers that use it.
//!
//! ```no_run
//! use harness::tls::{Authority, ServerTls};
//!
//! let authority = Authority::new();
//! let identity = authority.issue(&["localhost", "127.0.0.1"]);
//! let config = ServerTls::new(&identity).tls12_only().build();
//! ```

use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertificateRevocationListParams, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, PublicKeyData,
    RevokedCertParams, SerialNumber, date_time_ymd,
};
use ring::digest::{SHA256, digest};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

mod server;

pub use server::ServerTls;

/// An RSA key of 2048 bits that protects nothing: ring makes no RSA keys.
const RSA_2048: &str = include_str!("rsa-2048.pem");

/// The kind of a certificate's key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyType {
    /// ECDSA on P-256.
    #[default]
    P256,
    /// ECDSA on P-384.
    P384,
    /// Ed25519.
    Ed25519,
    /// RSA with 2048 bits; always the same key.
    Rsa2048,
}

impl KeyType {
    fn generate(self) -> KeyPair {
        let key = match self {
            Self::P256 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
            Self::P384 => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384),
            Self::Ed25519 => KeyPair::generate_for(&rcgen::PKCS_ED25519),
            Self::Rsa2048 => KeyPair::from_pem(RSA_2048),
        };
        key.expect("ring knows each of these")
    }
}

/// A certificate authority that exists for one test.
pub struct Authority {
    name: String,
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
    serial: SerialNumber,
    /// The certificates between this authority and the root, this one's own first; none for a root.
    intermediates: Vec<Certificate>,
}

impl Authority {
    /// A root with a key on P-256.
    #[must_use]
    pub fn new() -> Self {
        Self::with_key(KeyType::default())
    }

    /// A root with this kind of key, and a name that no other has.
    #[must_use]
    pub fn with_key(key: KeyType) -> Self {
        static ROOTS: AtomicUsize = AtomicUsize::new(0);
        let number = ROOTS.fetch_add(1, Ordering::Relaxed);
        Self::root(&format!("throw-away root {number}"), key)
    }

    /// Another root that has the name of this one.
    #[must_use]
    pub fn impostor(&self) -> Self {
        Self::root(&self.name, KeyType::default())
    }

    fn root(name: &str, key: KeyType) -> Self {
        let (params, key) = (authority_params(name), key.generate());
        let serial = params.serial_number.clone().expect("each has one");
        let certificate = params
            .self_signed(&key)
            .expect("the parameters are complete");
        Self {
            name: name.to_owned(),
            issuer: Issuer::new(params, key),
            certificate,
            serial,
            intermediates: Vec::new(),
        }
    }

    /// An authority below this one.
    #[must_use]
    pub fn intermediate(&self) -> Self {
        self.intermediate_with(|_| {})
    }

    /// An authority below this one, with whatever rcgen knows changed.
    #[must_use]
    pub fn intermediate_with(&self, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let name = format!("below {}", self.name);
        let (mut params, key) = (authority_params(&name), KeyType::default().generate());
        change(&mut params);
        let serial = params.serial_number.clone().expect("each has one");
        let signed = params.signed_by(&key, &self.issuer);
        let certificate = signed.expect("the parameters are complete");
        let mut intermediates = vec![certificate.clone()];
        intermediates.extend_from_slice(&self.intermediates);
        Self {
            name,
            issuer: Issuer::new(params, key),
            certificate,
            serial,
            intermediates,
        }
    }

    /// Its certificate.
    #[must_use]
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// Its certificate's number.
    #[must_use]
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// The SHA-256 of its key, as a pin.
    #[must_use]
    pub fn pin(&self) -> Vec<u8> {
        pin(self.issuer.key())
    }

    /// Its list of these revoked certificates, in PEM, which is current until `year`.
    #[must_use]
    pub fn revoke(&self, serials: &[&SerialNumber], until: i32) -> String {
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: (*serial).clone(),
            revocation_time: date_time_ymd(2020, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2020, 1, 1),
            next_update: date_time_ymd(until, 1, 1),
            crl_number: SerialNumber::from(1),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let signed = list.signed_by(&self.issuer).expect("it may sign lists");
        signed.pem().expect("a list in DER")
    }

    /// Its certificate in PEM.
    #[must_use]
    pub fn pem(&self) -> String {
        self.certificate.pem()
    }

    /// Its certificate in DER.
    #[must_use]
    pub fn der(&self) -> &CertificateDer<'static> {
        self.certificate.der()
    }

    /// A valid server certificate for these names and addresses.
    #[must_use]
    pub fn issue(&self, names: &[&str]) -> Identity {
        self.request(names).issue()
    }

    /// A certificate for these names and addresses, with more to choose.
    #[must_use]
    pub fn request(&self, names: &[&str]) -> Request<'_> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        let mut params = CertificateParams::new(names).expect("names are ASCII");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(next_serial());
        Request {
            authority: self,
            params,
            key: KeyType::default(),
        }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

/// A number that no other certificate of this process has.
fn next_serial() -> SerialNumber {
    static SERIALS: AtomicUsize = AtomicUsize::new(1);
    SerialNumber::from(SERIALS.fetch_add(1, Ordering::Relaxed) as u64)
}

fn pin(key: &KeyPair) -> Vec<u8> {
    digest(&SHA256, &key.subject_public_key_info())
        .as_ref()
        .to_vec()
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.serial_number = Some(next_serial());
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// A certificate before it is signed.
pub struct Request<'a> {
    authority: &'a Authority,
    params: CertificateParams,
    key: KeyType,
}

impl Request<'_> {
    /// Valid from 2000 to 2001.
    #[must_use]
    pub fn expired(mut self) -> Self {
        self.params.not_before = date_time_ymd(2000, 1, 1);
        self.params.not_after = date_time_ymd(2001, 1, 1);
        self
    }

    /// Valid from 3000 to 3001.
    #[must_use]
    pub fn not_yet_valid(mut self) -> Self {
        self.params.not_before = date_time_ymd(3000, 1, 1);
        self.params.not_after = date_time_ymd(3001, 1, 1);
        self
    }

    /// For a client, not for a server.
    #[must_use]
    pub fn for_client(mut self) -> Self {
        self.params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self
    }

    /// With this common name, which says nothing about whom the certificate is for.
    #[must_use]
    pub fn common_name(mut self, name: &str) -> Self {
        self.params
            .distinguished_name
            .push(DnType::CommonName, name);
        self
    }

    /// With this kind of key.
    #[must_use]
    pub fn key(mut self, key: KeyType) -> Self {
        self.key = key;
        self
    }

    /// Changes whatever else rcgen knows.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut CertificateParams)) -> Self {
        change(&mut self.params);
        self
    }

    /// Signs it.
    #[must_use]
    pub fn issue(self) -> Identity {
        let key = self.key.generate();
        let serial = self.params.serial_number.clone().expect("each has one");
        let signed = self.params.signed_by(&key, &self.authority.issuer);
        let mut chain = vec![signed.expect("the parameters are complete")];
        chain.extend_from_slice(&self.authority.intermediates);
        Identity { chain, key, serial }
    }

    /// Signs it with its own key.
    #[must_use]
    pub fn self_signed(self) -> Identity {
        let key = self.key.generate();
        let serial = self.params.serial_number.clone().expect("each has one");
        let signed = self.params.self_signed(&key);
        let chain = vec![signed.expect("the parameters are complete")];
        Identity { chain, key, serial }
    }
}

/// A certificate with its chain and its key.
pub struct Identity {
    chain: Vec<Certificate>,
    key: KeyPair,
    serial: SerialNumber,
}

impl Identity {
    /// Shows other certificates, or in another order.
    #[must_use]
    pub fn with_chain(mut self, change: impl FnOnce(&mut Vec<Certificate>)) -> Self {
        change(&mut self.chain);
        self
    }

    /// The certificate's number.
    #[must_use]
    pub fn serial(&self) -> &SerialNumber {
        &self.serial
    }

    /// The SHA-256 of its key, as a pin.
    #[must_use]
    pub fn pin(&self) -> Vec<u8> {
        pin(&self.key)
    }

    /// The certificate and those between it and the root, in PEM.
    #[must_use]
    pub fn chain_pem(&self) -> String {
        self.chain.iter().map(Certificate::pem).collect()
    }

    /// The key as PKCS#8 in PEM.
    #[must_use]
    pub fn key_pem(&self) -> String {
        self.key.serialize_pem()
    }

    /// The certificate and those between it and the root, in DER.
    #[must_use]
    pub fn chain(&self) -> Vec<CertificateDer<'static>> {
        self.chain
            .iter()
            .map(|certificate| certificate.der().clone())
            .collect()
    }

    /// Its key, in DER.
    #[must_use]
    pub fn key_der(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.serialize_der()).into()
    }
}

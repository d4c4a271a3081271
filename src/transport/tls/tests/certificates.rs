//! Certificates of every kind for the tests.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use std::sync::atomic::{AtomicUsize, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PKCS_ECDSA_P256_SHA256, SignatureAlgorithm, date_time_ymd,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

use super::clock;
use crate::transport::tls::Context;

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// An authority of a test's own.
pub(super) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate with its key.
pub(super) struct Leaf {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
    pub(super) pem: String,
    pub(super) key_pem: String,
}

impl Authority {
    pub(super) fn new() -> Self {
        Self::of(&PKCS_ECDSA_P256_SHA256)
    }

    pub(super) fn of(algorithm: &'static SignatureAlgorithm) -> Self {
        Self::with_key(KeyPair::generate_for(algorithm).unwrap())
    }

    pub(super) fn with_key(key: KeyPair) -> Self {
        Self(CertifiedIssuer::self_signed(Self::params(), key).unwrap())
    }

    fn params() -> CertificateParams {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // Each has a name of its own, so that none passes for another with a wrong signature.
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        params
            .distinguished_name
            .push(DnType::CommonName, format!("authority {number}"));
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params
    }

    /// An authority below this one.
    pub(super) fn below(&self, adjust: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = Self::params();
        adjust(&mut params);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        Self(CertifiedIssuer::signed_by(params, key, &self.0).unwrap())
    }

    pub(super) fn pem(&self) -> String {
        self.0.pem()
    }

    pub(super) fn der(&self) -> &[u8] {
        self.0.der()
    }

    /// A context that trusts this authority only.
    pub(super) fn trusting(&self) -> Context {
        let mut context = Context::create_bare(clock());
        context
            .load_verify_locations(self.pem().as_bytes())
            .unwrap();
        context
    }

    pub(super) fn leaf(&self, name: &str) -> Leaf {
        self.issue(name, &PKCS_ECDSA_P256_SHA256, |_| {})
    }

    pub(super) fn issue(
        &self,
        name: &str,
        algorithm: &'static SignatureAlgorithm,
        adjust: impl FnOnce(&mut CertificateParams),
    ) -> Leaf {
        self.issue_for(name, KeyPair::generate_for(algorithm).unwrap(), adjust)
    }

    pub(super) fn issue_for(
        &self,
        name: &str,
        key: KeyPair,
        adjust: impl FnOnce(&mut CertificateParams),
    ) -> Leaf {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        adjust(&mut params);
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Leaf::new(certificate, &key)
    }
}

impl Leaf {
    /// A certificate that nobody but its own key has signed.
    pub(super) fn self_signed(name: &str, adjust: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        adjust(&mut params);
        Self::new(params.self_signed(&key).unwrap(), &key)
    }

    fn new(certificate: rcgen::Certificate, key: &KeyPair) -> Self {
        Self {
            pem: certificate.pem(),
            chain: vec![certificate.der().clone()],
            key: PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            key_pem: key.serialize_pem(),
        }
    }
}

pub(super) fn expired(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2019, 1, 1);
    params.not_after = date_time_ymd(2020, 2, 29);
}

pub(super) fn future(params: &mut CertificateParams) {
    params.not_before = date_time_ymd(2999, 1, 1);
    params.not_after = date_time_ymd(3000, 1, 1);
}

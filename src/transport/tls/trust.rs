//! Who is believed: webpki's rules, plus OpenSSL's for a certificate that was itself loaded.
//!
//! webpki wants a chain from a server's certificate to an authority; [`copy`] has what it is shown.
//! Users of `ssl` load a server's self-signed certificate with `load_verify_locations` and expect to
//! reach that server. So a certificate that was loaded, byte for byte, needs no issuer; its dates, its
//! usage and its names are checked as ever.
//!
//! Pins are looked for in the chain that was verified, not in what the server sent: anybody can send
//! a certificate that they have no key for.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::fmt;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, ExtendedKeyPurpose, RootCertStore,
    SignatureScheme,
};
use sha2::{Digest, Sha256};
use webpki::{
    CertRevocationList, EndEntityCert, ExpirationPolicy, KeyUsage, RevocationCheckDepth,
    RevocationOptions, RevocationOptionsBuilder, UnknownStatusPolicy, VerifiedPath,
    spki_for_anchor,
};

use super::certificate;
use super::copy::{self, Chain, Issued};
use super::der;
use super::key_log::hex;
use super::name;
use super::pem::configuration;
use super::verdict::{self, Reason, Refusal, Verdict};
use crate::transport::TlsError;

/// The SHA-256 of a public key's `SubjectPublicKeyInfo`.
pub(super) type Pin = [u8; 32];

/// What a certificate is judged by.
#[derive(Clone)]
pub(super) struct Rules {
    pub(super) roots: RootCertStore,
    /// The certificates that were loaded on top of the bundled ones, as they were given.
    pub(super) trusted: Vec<CertificateDer<'static>>,
    pub(super) revoked: Vec<Arc<CertRevocationList<'static>>>,
    pub(super) pins: Vec<Pin>,
    pub(super) check_hostname: bool,
}

impl Rules {
    /// Trusts a certificate, once.
    pub(super) fn trust(&mut self, certificate: CertificateDer<'static>) -> Result<(), TlsError> {
        if self.trusted.contains(&certificate) {
            return Ok(());
        }
        let added = self.roots.add(certificate.clone());
        added.map_err(|_| configuration("a certificate to be trusted is malformed"))?;
        self.trusted.push(certificate);
        Ok(())
    }

    fn pinned(&self, key: &SubjectPublicKeyInfoDer<'_>) -> bool {
        self.pins.is_empty() || self.pins.contains(&pin_of(key))
    }
}

/// Checks chain, dates, usage, revocation, pins and, unless that is switched off, the name.
pub(super) fn verifier(
    rules: Rules,
    provider: &CryptoProvider,
    refusal: Arc<Refusal>,
) -> Result<Trust, TlsError> {
    if rules.roots.is_empty() {
        return Err(configuration(
            "no certificate authority is trusted: load one first",
        ));
    }
    let algorithms = provider.signature_verification_algorithms;
    Ok(Trust {
        rules: Arc::new(rules),
        algorithms,
        refusal,
        host: None,
    })
}

/// Why there is no chain that will do.
enum NoChain {
    /// There is one that lacks nothing but a pinned key.
    Unpinned,
    Webpki(webpki::Error),
}

/// Who is believed, by these rules.
#[derive(Clone)]
pub(super) struct Trust {
    rules: Arc<Rules>,
    algorithms: WebPkiSupportedAlgorithms,
    refusal: Arc<Refusal>,
    /// Whom the certificate must be for, where rustls has no such name.
    host: Option<String>,
}

// rustls wants it; derived, it would link how webpki prints each list and each authority.
impl fmt::Debug for Trust {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Trust")
    }
}

impl Trust {
    /// The same for that host, whatever name rustls gives.
    pub(super) fn for_host(&self, host: String) -> Self {
        Self {
            host: Some(host),
            ..self.clone()
        }
    }

    /// Looks for a chain to an authority that satisfies every rule but the name's.
    fn verify_chain(
        &self,
        server: &EndEntityCert<'_>,
        chain: &Chain<'_>,
        now: UnixTime,
    ) -> Result<(), NoChain> {
        let algorithms = chain.algorithms(self.algorithms.all);
        let algorithms: Vec<_> = algorithms.iter().map(Issued::as_dyn).collect();
        let lists: Vec<_> = self.rules.revoked.iter().map(|list| &**list).collect();
        let unpinned = Cell::new(false);
        let is_pinned = |path: &VerifiedPath<'_>| {
            let pinned = path_keys(path).any(|key| self.rules.pinned(&key));
            unpinned.set(!pinned);
            // Whatever this says, it is replaced below.
            pinned.then_some(()).ok_or(webpki::Error::UnknownIssuer)
        };
        let verdict = server.verify_for_usage(
            &algorithms,
            &self.rules.roots.roots,
            &chain.intermediates,
            now,
            KeyUsage::server_auth(),
            revocation(&lists),
            Some(&is_pinned),
        );
        match verdict {
            Err(_) if unpinned.get() => Err(NoChain::Unpinned),
            Err(error) => Err(NoChain::Webpki(error)),
            Ok(_) => Ok(()),
        }
    }

    fn verify_name(
        &self,
        server: &EndEntityCert<'_>,
        name: &ServerName<'_>,
    ) -> Result<(), Verdict> {
        if !self.rules.check_hostname {
            return Ok(());
        }
        let certificate = server.der();
        let mismatch = |host: &str| Reason::mismatch(name::mismatch(&host, &certificate)).into();
        match &self.host {
            Some(host) if name::is_for(&certificate, host) => Ok(()),
            Some(host) => Err(mismatch(host)),
            None => match server.verify_is_valid_for_subject_name(name) {
                Err(webpki::Error::CertNotValidForName(_)) => Err(mismatch(&name::text(name))),
                outcome => outcome.map_err(verdict::of),
            },
        }
    }

    /// Checks a certificate that is trusted for its own sake.
    fn verify_itself(
        &self,
        certificate: &CertificateDer<'_>,
        key: &SubjectPublicKeyInfoDer<'_>,
        now: UnixTime,
    ) -> Result<(), Verdict> {
        let facts = der::facts(certificate).ok_or(CertificateError::BadEncoding)?;
        if now < facts.not_before {
            return Err(Verdict::from(CertificateError::NotValidYetContext {
                time: now,
                not_before: facts.not_before,
            }));
        }
        if now > facts.not_after {
            return Err(Verdict::from(CertificateError::ExpiredContext {
                time: now,
                not_after: facts.not_after,
            }));
        }
        if !facts.for_servers {
            return Err(Verdict::from(CertificateError::InvalidPurposeContext {
                required: ExtendedKeyPurpose::ServerAuth,
                presented: Vec::new(),
            }));
        }
        match self.rules.pinned(key) {
            true => Ok(()),
            false => Err(unpinned(key)),
        }
    }

    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Verdict> {
        let chain = Chain::of(end_entity, intermediates, &self.rules.trusted);
        let server = EndEntityCert::try_from(&chain.server);
        let server =
            server.map_err(|error| verdict::explain(error, &chain, &self.rules.roots.roots))?;
        let key = server.subject_public_key_info();
        match self.verify_chain(&server, &chain, now) {
            Ok(())
                if chain.is_led_by_authority
                    && certificate::shakes_hands(end_entity) != Some(true) =>
            {
                return Err(Reason::only_issues().into());
            }
            Ok(()) => {}
            Err(NoChain::Unpinned) => return Err(unpinned(&key)),
            Err(NoChain::Webpki(error)) => {
                if !lacks_issuer(&error) || !self.rules.trusted.contains(end_entity) {
                    return Err(verdict::explain(error, &chain, &self.rules.roots.roots));
                }
                self.verify_itself(end_entity, &key, now)?;
            }
        }
        self.verify_name(&server, server_name)?;
        match verdict::weakness(&key) {
            Some(weak) => Err(weak.into()),
            None => Ok(()),
        }
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verify(end_entity, intermediates, server_name, now)
            .map(|()| ServerCertVerified::assertion())
            .map_err(|verdict| self.refusal.announce(verdict))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let certificate = copy::readable(certificate);
        verify_tls12_signature(message, &certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let certificate = copy::readable(certificate);
        verify_tls13_signature(message, &certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

pub(super) fn unpinned(key: &SubjectPublicKeyInfoDer<'_>) -> Verdict {
    Reason::unpinned(&hex(&pin_of(key))).into()
}

/// Which revocation lists are asked: those of each issuer in the chain that has one, while they are
/// current. An issuer without a list has revoked nothing.
fn revocation<'a>(lists: &'a [&'a CertRevocationList<'a>]) -> Option<RevocationOptions<'a>> {
    // An error means that there are none.
    let builder = RevocationOptionsBuilder::new(lists).ok()?;
    let options = builder
        .with_depth(RevocationCheckDepth::Chain)
        .with_status_policy(UnknownStatusPolicy::Allow)
        .with_expiration_policy(ExpirationPolicy::Enforce)
        .build();
    Some(options)
}

/// The keys of a chain, from the server's to the authority's.
fn path_keys(path: &VerifiedPath<'_>) -> impl Iterator<Item = SubjectPublicKeyInfoDer<'static>> {
    let server = path.end_entity().subject_public_key_info();
    let between: Vec<_> = path
        .intermediate_certificates()
        .map(|certificate| certificate.subject_public_key_info())
        .collect();
    let authority = spki_for_anchor(path.anchor());
    [server].into_iter().chain(between).chain([authority])
}

pub(super) fn pin_of(key: &SubjectPublicKeyInfoDer<'_>) -> Pin {
    Sha256::digest(key).into()
}

/// Whether webpki missed nothing but a way to an authority.
fn lacks_issuer(error: &webpki::Error) -> bool {
    matches!(
        error,
        webpki::Error::UnknownIssuer | webpki::Error::CaUsedAsEndEntity
    )
}

//! `ssl.CERT_NONE`: whoever answers is believed.
//!
//! Nothing of a certificate is judged, and nothing of it is read but the key: what verification is
//! switched off for are certificates of all versions, with whatever extensions, and short RSA keys.
//! The peer must still have that key, or the pin would mean nothing.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, PeerMisbehaved, SignatureScheme};
use webpki::RawPublicKeyEntity;

use super::der;
use super::provider::UNJUDGED;
use super::trust::{Pin, pin_of, unpinned};
use super::verdict::Refusal;

/// Accepts any certificate, or any with a pinned key; the peer must still have its key.
pub(super) fn anyone(pins: Vec<Pin>, refusal: Arc<Refusal>) -> Arc<dyn ServerCertVerifier> {
    Arc::new(Anyone { pins, refusal })
}

struct Anyone {
    pins: Vec<Pin>,
    refusal: Arc<Refusal>,
}

impl fmt::Debug for Anyone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Anyone")
    }
}

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // Without a verified chain, the server's own key is the only one that it has shown to have.
        let key = key_of(end_entity)?;
        if !self.pins.is_empty() && !self.pins.contains(&pin_of(&key)) {
            return Err(self.refusal.announce(unpinned(&key)));
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, &key_of(certificate)?, signature, &UNJUDGED)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let key = key_of(certificate)?;
        verify_tls13_signature_with_raw_key(message, &key, signature, &UNJUDGED)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        UNJUDGED.supported_schemes()
    }
}

fn key_of<'a>(certificate: &'a CertificateDer<'_>) -> Result<SubjectPublicKeyInfoDer<'a>, Error> {
    der::public_key(certificate).ok_or_else(|| CertificateError::BadEncoding.into())
}

/// What rustls does with a certificate, for a bare key: TLS 1.2 does not tie a scheme to a curve, so
/// that all that a scheme may mean are tried.
fn verify_tls12_signature(
    message: &[u8],
    key: &SubjectPublicKeyInfoDer<'_>,
    signature: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
) -> Result<HandshakeSignatureValid, Error> {
    let mut mapping = algorithms.mapping.iter();
    let (_, candidates) = mapping
        .find(|(scheme, _)| *scheme == signature.scheme)
        .ok_or(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme)?;
    let key = RawPublicKeyEntity::try_from(key).map_err(|_| CertificateError::BadEncoding)?;
    let signed = |algorithm| key.verify_signature(algorithm, message, signature.signature());
    match candidates
        .iter()
        .any(|algorithm| signed(*algorithm).is_ok())
    {
        true => Ok(HandshakeSignatureValid::assertion()),
        false => Err(CertificateError::BadSignature.into()),
    }
}

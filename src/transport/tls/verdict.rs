//! webpki's verdicts on a chain, as the errors that rustls knows and answers with an alert.

use std::fmt;
use std::sync::Arc;

use rustls::{CertRevocationListError, CertificateError, Error, ExtendedKeyPurpose, OtherError};

/// What is wrong with a certificate where rustls has no error for it.
#[derive(Debug)]
pub(super) struct Reason(String);

impl Reason {
    fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// No key of the chain is pinned; names the server's own.
    pub(super) fn unpinned(pin: &str) -> Self {
        Self(format!(
            "no key of the chain is pinned, the SHA-256 of the server's is {pin}"
        ))
    }

    /// An RSA key too short to mean anything.
    pub(super) fn weak_key(bits: usize) -> Self {
        Self(format!(
            "key too weak: RSA with {bits} bits, at least 2048 are wanted"
        ))
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Reason {}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        CertificateError::Other(OtherError(Arc::new(reason))).into()
    }
}

/// The same verdict in rustls' words. What has none there is told in OpenSSL's, where it has some.
pub(super) fn of(error: webpki::Error) -> Error {
    use webpki::Error as Webpki;
    match error {
        Webpki::CertExpired { time, not_after } => {
            CertificateError::ExpiredContext { time, not_after }.into()
        }
        Webpki::CertNotValidYet { time, not_before } => {
            CertificateError::NotValidYetContext { time, not_before }.into()
        }
        Webpki::InvalidCertValidity => CertificateError::Expired.into(),
        Webpki::UnknownIssuer => CertificateError::UnknownIssuer.into(),
        Webpki::CertRevoked => CertificateError::Revoked.into(),
        Webpki::CrlExpired { time, next_update } => {
            CertificateError::ExpiredRevocationListContext { time, next_update }.into()
        }
        Webpki::RequiredEkuNotFoundContext(context) => purpose(&context),
        Webpki::InvalidSignatureForPublicKey => CertificateError::BadSignature.into(),
        Webpki::UnsupportedSignatureAlgorithmContext(context) => {
            CertificateError::UnsupportedSignatureAlgorithmContext {
                signature_algorithm_id: context.signature_algorithm_id,
                supported_algorithms: context.supported_algorithms,
            }
            .into()
        }
        Webpki::BadDer | Webpki::BadDerTime | Webpki::TrailingData(_) => {
            CertificateError::BadEncoding.into()
        }
        Webpki::InvalidCrlSignatureForPublicKey => {
            Error::InvalidCertRevocationList(CertRevocationListError::BadSignature)
        }
        Webpki::IssuerNotCrlSigner => {
            Error::InvalidCertRevocationList(CertRevocationListError::IssuerInvalidForCrl)
        }
        other => Reason::new(words(&other)).into(),
    }
}

fn words(error: &webpki::Error) -> String {
    use webpki::Error as Webpki;
    match error {
        Webpki::CaUsedAsEndEntity => "a certificate authority's certificate is no server's".into(),
        Webpki::EndEntityUsedAsCa => "invalid CA certificate: the issuer is no authority".into(),
        Webpki::PathLenConstraintViolated => "path length constraint exceeded".into(),
        Webpki::NameConstraintViolation => {
            "permitted subtree violation: an authority of the chain may not name this host".into()
        }
        Webpki::MaximumPathBuildCallsExceeded
        | Webpki::MaximumPathDepthExceeded
        | Webpki::MaximumSignatureChecksExceeded
        | Webpki::MaximumNameConstraintComparisonsExceeded => {
            format!("certificate chain too long: {error}")
        }
        Webpki::UnsupportedCriticalExtension => "unhandled critical extension".into(),
        other => other.to_string(),
    }
}

fn purpose(context: &webpki::RequiredEkuNotFoundContext) -> Error {
    let presented = context.present.iter();
    CertificateError::InvalidPurposeContext {
        required: ExtendedKeyPurpose::ServerAuth,
        presented: presented
            .map(|purpose| match purpose.as_slice() {
                [1, 3, 6, 1, 5, 5, 7, 3, 1] => ExtendedKeyPurpose::ServerAuth,
                [1, 3, 6, 1, 5, 5, 7, 3, 2] => ExtendedKeyPurpose::ClientAuth,
                other => ExtendedKeyPurpose::Other(other.to_vec()),
            })
            .collect(),
    }
    .into()
}

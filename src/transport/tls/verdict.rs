//! webpki's verdicts on a chain, as the errors that rustls knows and answers with an alert.
//!
//! Some are none of rustls' errors, and those of its errors that hold any text need the standard
//! library. Then rustls gets the error whose alert fits, and the handshake the [`Reason`], which waits
//! for it in the configuration's [`Refusal`].

use alloc::string::{String, ToString};
use core::fmt::Display;

use rustls::{CertRevocationListError, CertificateError, Error, ExtendedKeyPurpose};
use spin::Mutex;

use crate::transport::TlsError;

/// Why a certificate is refused.
pub(super) enum Verdict {
    /// For a reason that rustls knows.
    Known(Error),
    /// For another.
    Other(Reason),
}

impl<E: Into<Error>> From<E> for Verdict {
    fn from(error: E) -> Self {
        Self::Known(error.into())
    }
}

/// What is wrong with a certificate where rustls has no error for it.
pub(super) struct Reason {
    error: TlsError,
    /// What rustls is told.
    stand_in: CertificateError,
}

impl Reason {
    /// Answered with `bad_certificate`.
    fn new(text: impl Display) -> Self {
        Self {
            error: failed(text),
            stand_in: CertificateError::BadEncoding,
        }
    }

    /// It is for other names; says which. Answered with `bad_certificate`.
    pub(super) fn mismatch(text: String) -> Self {
        Self {
            error: TlsError::HostnameMismatch(text),
            stand_in: CertificateError::NotValidForName,
        }
    }

    /// No key of the chain is pinned; names the server's own. Answered with `access_denied`.
    pub(super) fn unpinned(pin: &str) -> Self {
        let text = format!("no key of the chain is pinned, the SHA-256 of the server's is {pin}");
        Self {
            error: failed(text),
            stand_in: CertificateError::ApplicationVerificationFailure,
        }
    }

    /// An authority's key that may do nothing but issue. Answered with `unsupported_certificate`.
    pub(super) fn only_issues() -> Self {
        let text = "unsuitable certificate purpose: an authority's certificate, \
                    whose key may sign other certificates but no handshake";
        Self {
            error: TlsError::WrongUsage(text.into()),
            stand_in: CertificateError::InvalidPurpose,
        }
    }

    /// An RSA key too short to mean anything.
    pub(super) fn weak_key(bits: usize) -> Self {
        Self::new(format!(
            "key too weak: RSA with {bits} bits, at least 2048 are wanted"
        ))
    }
}

impl From<Reason> for Verdict {
    fn from(reason: Reason) -> Self {
        Self::Other(reason)
    }
}

/// The reason for which the last certificate was refused, until the handshake takes it. It does so
/// before anything else happens.
#[derive(Debug, Default)]
pub(super) struct Refusal(Mutex<Option<TlsError>>);

impl Refusal {
    /// What rustls is told.
    pub(super) fn announce(&self, verdict: Verdict) -> Error {
        match verdict {
            Verdict::Known(error) => error,
            Verdict::Other(Reason { error, stand_in }) => {
                *self.0.lock() = Some(error);
                stand_in.into()
            }
        }
    }

    /// What the caller is told, if rustls can't say it.
    pub(super) fn take(&self) -> Option<TlsError> {
        self.0.lock().take()
    }
}

fn failed(text: impl Display) -> TlsError {
    TlsError::BadCertificate(format!("certificate verify failed: {text}"))
}

/// webpki's verdict in rustls' words. What has none there is told in OpenSSL's, where it has some.
pub(super) fn of(error: webpki::Error) -> Verdict {
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
        Webpki::RequiredEkuNotFoundContext(context) => purpose(&context).into(),
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
            Error::InvalidCertRevocationList(CertRevocationListError::BadSignature).into()
        }
        Webpki::IssuerNotCrlSigner => {
            Error::InvalidCertRevocationList(CertRevocationListError::IssuerInvalidForCrl).into()
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
        Webpki::MalformedDnsIdentifier => {
            "permitted subtree violation: an authority of the chain may name some hosts only, \
             and a name of the certificate can't be held against them"
                .into()
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

fn purpose(context: &webpki::RequiredEkuNotFoundContext) -> CertificateError {
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
}

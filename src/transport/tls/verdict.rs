//! webpki's verdicts on a chain, as the errors that rustls knows and answers with an alert.
//!
//! Some are none of rustls' errors, and those of its errors that hold any text need the standard
//! library. Then rustls gets the error whose alert fits, and the handshake the [`Reason`], which waits
//! for it in the configuration's [`Refusal`].

use alloc::string::String;
use core::fmt::Display;

use rustls::pki_types::{SubjectPublicKeyInfoDer, TrustAnchor};
use rustls::{CertRevocationListError, CertificateError, Error, ExtendedKeyPurpose};
use spin::Mutex;
use webpki::{EndEntityCert, spki_for_anchor};

use super::copy::Chain;
use super::words;
use super::{certificate, der, provider};
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

    /// An RSA key too short to mean anything, or longer than anybody waits for.
    pub(super) fn key_length(bits: usize) -> Self {
        Self::new(match bits {
            ..2048 => format!("key too weak: RSA with {bits} bits, at least 2048 are wanted"),
            _ => format!("key too long: RSA with {bits} bits, at most 8192 are accepted"),
        })
    }

    /// A key of another kind than those that are accepted; by its algorithm's identifier.
    pub(super) fn key(algorithm: &[u8]) -> Self {
        Self::new(words::key_refused(algorithm))
    }

    /// A certificate of another version than 3.
    pub(super) fn version(version: u8) -> Self {
        Self::new(format!(
            "certificate version not accepted: X.509 version {version}, only version 3"
        ))
    }

    /// A critical extension, by its identifier, that is not understood.
    pub(super) fn extension(id: &[u8]) -> Self {
        let extension = words::extension(id);
        Self::new(format!("unhandled critical extension: {extension}"))
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

/// webpki's verdict, with the cause where it gives only the effect.
pub(super) fn explain(
    error: webpki::Error,
    chain: &Chain<'_>,
    roots: &[TrustAnchor<'_>],
) -> Verdict {
    let certificates = || [&chain.server].into_iter().chain(&chain.intermediates);
    let reason = match error {
        webpki::Error::InvalidSignatureForPublicKey => weak_issuer(chain, roots),
        webpki::Error::UnsupportedCertVersion => certificates()
            .find_map(|it| certificate::version(it).filter(|version| *version != 3))
            .map(Reason::version),
        webpki::Error::UnsupportedCriticalExtension => certificates()
            .find_map(|it| certificate::unhandled_extension(it))
            .map(Reason::extension),
        webpki::Error::UnsupportedSignatureAlgorithmForPublicKeyContext(ref context) => {
            let refused = words::key_unfit(&context.public_key_algorithm_id);
            Some(Reason::new(refused))
        }
        _ => None,
    };
    reason.map_or_else(|| of(error), Verdict::from)
}

/// What is wrong with the length of an authority's key that may have signed one of these.
fn weak_issuer(chain: &Chain<'_>, roots: &[TrustAnchor<'_>]) -> Option<Reason> {
    let certificates = [&chain.server].into_iter().chain(&chain.intermediates);
    for certificate in certificates {
        let Ok(certificate) = EndEntityCert::try_from(certificate) else {
            continue;
        };
        let mut issuers = roots
            .iter()
            .filter(|root| *root.subject == *certificate.issuer())
            .map(spki_for_anchor);
        let reason = issuers
            .find_map(|key| bad_length(&key))
            .or_else(|| bad_length(&certificate.subject_public_key_info()));
        if reason.is_some() {
            return reason;
        }
    }
    None
}

/// What is wrong with a key that no signature would be accepted from.
pub(super) fn weakness(key: &SubjectPublicKeyInfoDer<'_>) -> Option<Reason> {
    match der::key_algorithm(key) {
        Some(foreign) if !provider::accepts(foreign) => Some(Reason::key(foreign)),
        _ => bad_length(key),
    }
}

fn bad_length(key: &SubjectPublicKeyInfoDer<'_>) -> Option<Reason> {
    let bits = der::rsa_bits(key)?;
    (!(2048..=8192).contains(&bits)).then(|| Reason::key_length(bits))
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

fn words(error: &webpki::Error) -> &'static str {
    use webpki::Error as Webpki;
    match error {
        Webpki::CaUsedAsEndEntity => "a certificate authority's certificate is no server's",
        Webpki::EndEntityUsedAsCa => "invalid CA certificate: the issuer is no authority",
        Webpki::PathLenConstraintViolated => "path length constraint exceeded",
        Webpki::NameConstraintViolation => {
            "permitted subtree violation: an authority of the chain may not name this host"
        }
        Webpki::MalformedDnsIdentifier => {
            "permitted subtree violation: an authority of the chain may name some hosts only, \
             and a name of the certificate can't be held against them"
        }
        Webpki::InvalidNetworkMaskConstraint | Webpki::MalformedNameConstraint => {
            "an authority of the chain may name some hosts only, and which is malformed"
        }
        Webpki::MaximumPathDepthExceeded => {
            "certificate chain too long: at most 6 certificates may stand between the server's \
             and a trusted one"
        }
        Webpki::MaximumPathBuildCallsExceeded
        | Webpki::MaximumSignatureChecksExceeded
        | Webpki::MaximumNameConstraintComparisonsExceeded => {
            "certificate chain too long: it takes too many signatures or names to verify"
        }
        Webpki::CertDistrusted => "the key of an authority of the chain is distrusted",
        Webpki::UnsupportedCriticalExtension => "unhandled critical extension",
        Webpki::SignatureAlgorithmMismatch => "malformed: it names two signature algorithms",
        Webpki::UnsupportedCrlSignatureAlgorithmContext(_)
        | Webpki::UnsupportedCrlSignatureAlgorithmForPublicKeyContext(_) => {
            "the signature algorithm of its issuer's revocation list is not accepted"
        }
        _ => "malformed certificate or revocation list",
    }
}

/// Why a revocation list can't be used.
pub(super) fn of_list(error: &webpki::Error) -> &'static str {
    use webpki::Error as Webpki;
    match error {
        Webpki::UnsupportedCrlVersion => "it is not of version 2",
        Webpki::UnsupportedDeltaCrl => "it has only what has changed since another",
        Webpki::UnsupportedIndirectCrl => "it is for certificates of other issuers",
        Webpki::UnsupportedCrlIssuingDistributionPoint
        | Webpki::UnsupportedRevocationReason
        | Webpki::UnsupportedRevocationReasonsPartitioning => {
            "it is for some reasons or some certificates only"
        }
        Webpki::UnsupportedCriticalExtension => "unhandled critical extension",
        _ => "it is malformed",
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

//! What rustls reports, as the causes that a caller can act on.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt::{Debug, Write as _};

use rustls::pki_types::UnixTime;
use rustls::{
    AlertDescription, CertRevocationListError, CertificateError, Error, ExtendedKeyPurpose,
    PeerIncompatible,
};

use super::alert;
use super::offer::Offer;
use super::provider::{GROUPS, KEYS};
use super::words::{self, plain};
use crate::transport::TlsError;

const NO_ISSUER: &str = "unable to get local issuer certificate: \
    the chain leads to no trusted certificate authority";

/// Sorts an error of rustls' by its cause.
pub(super) fn from_rustls(error: Error) -> TlsError {
    match error {
        Error::InvalidCertificate(cause) => from_certificate(cause),
        Error::AlertReceived(description) => TlsError::HandshakeAlert(format!(
            "the peer broke the handshake off: {}",
            alert::name(description)
        )),
        Error::NoApplicationProtocol => TlsError::HandshakeAlert(
            "the peer shares no application protocol: no_application_protocol".to_owned(),
        ),
        Error::PeerIncompatible(cause) => TlsError::HandshakeAlert(
            match cause {
                PeerIncompatible::ServerDoesNotSupportTls12Or13
                | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig => {
                    "the peer speaks no version of tls that was offered"
                }
                PeerIncompatible::NoCertificateRequestSignatureSchemesInCommon => {
                    "the peer takes no signature of the client certificate's key"
                }
                _ => "the peer is incompatible",
            }
            .to_owned(),
        ),
        Error::InvalidCertRevocationList(cause) => TlsError::Configuration(
            match cause {
                CertRevocationListError::BadSignature => {
                    "bad certificate revocation list: certificate signature failure"
                }
                CertRevocationListError::IssuerInvalidForCrl => {
                    "bad certificate revocation list: its issuer's key may sign none"
                }
                _ => "bad certificate revocation list",
            }
            .to_owned(),
        ),
        Error::NoCertificatesPresented => {
            TlsError::BadCertificate("the peer presented no certificate".to_owned())
        }
        Error::DecryptError => TlsError::Protocol("decryption failed or bad record mac".to_owned()),
        Error::PeerSentOversizedRecord => protocol("an over-long record"),
        Error::PeerMisbehaved(cause) => {
            let cause = plain(&cause);
            TlsError::Protocol(format!("the peer broke the protocol: {cause}"))
        }
        Error::InvalidMessage(cause) => protocol(&format!("a bad message: {}", plain(&cause))),
        Error::InappropriateMessage { got_type, .. } => unexpected(&got_type),
        Error::InappropriateHandshakeMessage { got_type, .. } => unexpected(&got_type),
        Error::General(text) => TlsError::Other(text),
        Error::FailedToGetRandomBytes => TlsError::Other("the host gives no randomness".to_owned()),
        Error::FailedToGetCurrentTime => TlsError::Other("the host tells no time".to_owned()),
        // Nothing of the rest happens to a client.
        _ => TlsError::Other("tls failed for a reason that is not foreseen".to_owned()),
    }
}

/// The same for a handshake: what this end had offered, where nothing of it suited the peer.
pub(super) fn from_handshake(error: Error, offer: &Offer) -> TlsError {
    use AlertDescription::{HandshakeFailure, InsufficientSecurity, ProtocolVersion};
    let nothing_suits = matches!(
        error,
        Error::PeerIncompatible(_)
            | Error::AlertReceived(HandshakeFailure | InsufficientSecurity | ProtocolVersion)
    );
    match from_rustls(error) {
        TlsError::HandshakeAlert(text) if nothing_suits => {
            let offered = offer.words();
            TlsError::HandshakeAlert(format!(
                "{text}; offered were {offered}, \
                 keys exchanged over {GROUPS}, and signatures of {KEYS}"
            ))
        }
        other => other,
    }
}

fn protocol(what: &str) -> TlsError {
    TlsError::Protocol(format!("the peer sent {what}"))
}

fn unexpected(what: &dyn Debug) -> TlsError {
    protocol(&format!("an unexpected message: {}", plain(what)))
}

fn from_certificate(cause: CertificateError) -> TlsError {
    use CertificateError as Cause;
    match cause {
        Cause::ExpiredContext { time, not_after } => {
            let (then, now) = (date(not_after), date(time));
            let text = format!("certificate has expired: it was valid until {then}, it is {now}");
            TlsError::CertificateExpired(text)
        }
        Cause::NotValidYetContext { time, not_before } => {
            let (then, now) = (date(not_before), date(time));
            let text = format!("certificate is not yet valid: it will be from {then}, it is {now}");
            TlsError::CertificateNotYetValid(text)
        }
        Cause::InvalidPurposeContext {
            required,
            presented,
        } => TlsError::WrongUsage(purposes(&required, &presented)),
        Cause::ExpiredRevocationListContext { time, next_update } => {
            let (then, now) = (date(next_update), date(time));
            TlsError::BadCertificate(format!(
                "CRL has expired: its successor was due {then}, it is {now}"
            ))
        }
        Cause::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id,
            ..
        } => {
            let refused = words::signature_refused(&signature_algorithm_id);
            TlsError::BadCertificate(format!("certificate {refused}"))
        }
        Cause::UnsupportedSignatureAlgorithmForPublicKeyContext {
            public_key_algorithm_id,
            ..
        } => TlsError::BadCertificate(words::key_unfit(&public_key_algorithm_id)),
        Cause::Expired => TlsError::CertificateExpired("certificate has expired".into()),
        Cause::NotValidYet => {
            TlsError::CertificateNotYetValid("certificate is not yet valid".into())
        }
        Cause::UnknownIssuer => TlsError::UnknownIssuer(NO_ISSUER.into()),
        Cause::NotValidForName => TlsError::HostnameMismatch("hostname mismatch".into()),
        Cause::Revoked => TlsError::CertificateRevoked("certificate revoked".into()),
        Cause::InvalidPurpose => TlsError::WrongUsage("unsuitable certificate purpose".into()),
        Cause::BadSignature => TlsError::BadCertificate("certificate signature failure".into()),
        Cause::BadEncoding => TlsError::BadCertificate("malformed certificate".into()),
        _ => TlsError::BadCertificate("certificate verify failed".into()),
    }
}

fn purposes(required: &ExtendedKeyPurpose, presented: &[ExtendedKeyPurpose]) -> String {
    let mut text = format!("unsuitable certificate purpose: it is not for {required}");
    for (index, purpose) in presented.iter().enumerate() {
        let joint = if index == 0 { " but for" } else { "," };
        let _ = write!(text, "{joint} {purpose}");
    }
    text
}

/// `2026-02-28 23:59:59 UTC`.
fn date(time: UnixTime) -> String {
    let seconds = time.as_secs();
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02} UTC",
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The Gregorian date so many days after 1970-01-01. Years are counted from March, so that the leap
/// day is a year's last.
fn civil(days: u64) -> (u64, u64, u64) {
    /// Days from 0000-03-01 to 1970-01-01, in 400 years, in 100, in 4.
    const EPOCH: u64 = 719_468;
    const ERA: u64 = 146_097;
    let days = days + EPOCH;
    let (era, day) = (days / ERA, days % ERA);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + u64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn dates_are_gregorian() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00 UTC"),
            (951_782_399, "2000-02-28 23:59:59 UTC"),
            (951_782_400, "2000-02-29 00:00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59:59 UTC"),
            (1_735_689_600, "2025-01-01 00:00:00 UTC"),
            (4_107_542_400, "2100-03-01 00:00:00 UTC"),
        ] {
            let time = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
            assert_eq!(date(time), expected);
        }
    }
}

//! Alerts: their names, and the faults of a peer that are answered with one.

use alloc::borrow::ToOwned;
use alloc::string::String;

use rustls::AlertDescription;

use super::words::separated;
use crate::transport::TlsError;

/// The level byte of a warning and of a fatal alert.
pub(super) const WARNING: u8 = 1;
const FATAL: u8 = 2;

/// The peer broke the protocol: what it is told, and what the caller is told.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) alert: Option<AlertDescription>,
    pub(super) error: TlsError,
}

impl Fault {
    /// A breach of the protocol.
    pub(super) fn protocol(alert: AlertDescription, text: impl Into<String>) -> Self {
        Self {
            alert: Some(alert),
            error: TlsError::Protocol(text.into()),
        }
    }

    /// An end after which there is nobody to tell.
    pub(super) fn silent(error: TlsError) -> Self {
        Self { alert: None, error }
    }
}

/// The two bytes of an alert.
pub(super) fn encode(alert: AlertDescription) -> [u8; 2] {
    let level = match alert {
        AlertDescription::CloseNotify
        | AlertDescription::NoRenegotiation
        | AlertDescription::UserCanceled => WARNING,
        _ => FATAL,
    };
    [level, alert.into()]
}

/// The alert's name in the registry, `certificate_unknown` for example.
pub(super) fn name(alert: AlertDescription) -> String {
    let text = match alert {
        // Abbreviations, which the rule below would spell letter by letter.
        AlertDescription::UnknownCA => "unknown_ca",
        AlertDescription::UnknownPSKIdentity => "unknown_psk_identity",
        AlertDescription::UnrecognisedName => "unrecognized_name",
        AlertDescription::Unknown(code) => return format!("alert {code}"),
        other => return separated(&other, '_'),
    };
    text.to_owned()
}

/// The number of the alert whose name a text ends with, as that of a
/// [`HandshakeAlert`](crate::transport::TlsError::HandshakeAlert) may.
#[must_use]
pub fn alert_code(text: &str) -> Option<u8> {
    let (_, last) = text.rsplit_once(": ")?;
    (0..=u8::MAX).find(|code| name(AlertDescription::from(*code)) == last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_bear_the_names_of_the_registry() {
        for (code, expected) in [
            (0, "close_notify"),
            (10, "unexpected_message"),
            (20, "bad_record_mac"),
            (40, "handshake_failure"),
            (46, "certificate_unknown"),
            (48, "unknown_ca"),
            (70, "protocol_version"),
            (112, "unrecognized_name"),
            (116, "certificate_required"),
            (120, "no_application_protocol"),
            (200, "alert 200"),
        ] {
            assert_eq!(name(AlertDescription::from(code)), expected);
            assert_eq!(alert_code(&format!("why: {expected}")), Some(code));
        }
        assert_eq!(alert_code("the peer speaks no version of tls"), None);
    }
}

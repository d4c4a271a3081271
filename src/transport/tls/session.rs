//! What a handshake agreed on.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use rustls::{CipherSuite, HandshakeKind, NamedGroup, ProtocolVersion};

/// What a handshake agreed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// The suite's name in IANA's registry.
    pub cipher_suite: String,
    /// The group's name in IANA's registry; none where a session was resumed without a key exchange.
    pub group: Option<String>,
    /// The protocol chosen by ALPN, if any.
    pub alpn: Option<String>,
    /// Whether an earlier session went on; then the certificates are that session's.
    pub resumed: bool,
    /// The peer's certificates in DER, its own first.
    pub peer_certificates: Vec<Vec<u8>>,
}

impl Session {
    /// Reads it from a connection that has finished its handshake.
    pub(super) fn of(connection: &rustls::client::UnbufferedClientConnection) -> Self {
        let suite = connection
            .negotiated_cipher_suite()
            .expect("invariant: the handshake is complete");
        let certificates = connection.peer_certificates().unwrap_or_default();
        Self {
            version: match connection.protocol_version() {
                Some(ProtocolVersion::TLSv1_2) => "TLSv1.2",
                _ => "TLSv1.3",
            },
            cipher_suite: suite_name(suite.suite()),
            group: connection
                .negotiated_key_exchange_group()
                .map(|group| group_name(group.name())),
            alpn: connection
                .alpn_protocol()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
            resumed: connection.handshake_kind() == Some(HandshakeKind::Resumed),
            peer_certificates: certificates.iter().map(|der| der.to_vec()).collect(),
        }
    }
}

/// rustls writes `TLS13_` where the registry has `TLS_`.
pub(super) fn suite_name(suite: CipherSuite) -> String {
    format!("{suite:?}").replacen("TLS13_", "TLS_", 1)
}

fn group_name(group: NamedGroup) -> String {
    match group {
        NamedGroup::X25519 => "x25519".to_owned(),
        // X25519MLKEM768, secp256r1, secp384r1 and secp521r1 are spelled as in the registry.
        other => format!("{other:?}"),
    }
}

//! What a peer says besides data once the handshake is over: tickets, key updates, alerts.
//!
//! Each record becomes one [`Event`] for the stream, which owns the keys. A peer that sends record
//! after record without a byte of data is stopped: there is no honest use for more than a few.

use alloc::vec::Vec;

use rustls::client::ClientConnectionData;
use rustls::kernel::KernelConnection;
use rustls::{AlertDescription, HandshakeType};

use super::alert::{self, Fault};
use super::records::Content;
use super::version::TlsVersion;
use super::words::separated;
use crate::transport::TlsError;

/// How many records in a row may carry no data. OpenSSL's bound for empty and warning records.
const MAX_IDLE: u8 = 32;
/// The longest handshake message that is put together; a ticket is the only long one.
const MAX_MESSAGE: usize = 64 * 1024;
/// A message's type and its length in three bytes.
const MESSAGE_HEADER: usize = 4;

/// What a record means to the stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Plaintext for the caller.
    Data,
    /// Dealt with.
    Nothing,
    /// The peer sends with new keys from its next record on.
    NewKeys {
        /// It wants the same of us.
        requested: bool,
    },
    /// The peer would like to negotiate anew (TLS 1.2): to be declined.
    HelloRequest,
    /// `close_notify`: no data will come any more.
    Closed,
}

/// Keeps what one record leaves to the next.
pub(super) struct PostHandshake {
    version: TlsVersion,
    kernel: KernelConnection<ClientConnectionData>,
    /// The beginning of a handshake message that goes on in the next record.
    partial: Vec<u8>,
    idle: u8,
}

impl PostHandshake {
    pub(super) fn new(version: TlsVersion, kernel: KernelConnection<ClientConnectionData>) -> Self {
        Self {
            version,
            kernel,
            partial: Vec::new(),
            idle: 0,
        }
    }

    /// The key schedule.
    pub(super) fn kernel(&mut self) -> &mut KernelConnection<ClientConnectionData> {
        &mut self.kernel
    }

    /// Takes a record's plaintext.
    pub(super) fn receive(&mut self, content: Content, plaintext: &[u8]) -> Result<Event, Fault> {
        if content != Content::Handshake && !self.partial.is_empty() {
            return Err(unexpected("a record in the midst of a handshake message"));
        }
        if content == Content::ApplicationData && !plaintext.is_empty() {
            self.idle = 0;
            return Ok(Event::Data);
        }
        self.idle += 1;
        if self.idle > MAX_IDLE {
            return Err(unexpected("too many records in a row without data"));
        }
        match content {
            Content::ApplicationData => Ok(Event::Nothing),
            Content::Alert => self.alert(plaintext),
            Content::Handshake => self.handshake(plaintext),
            Content::ChangeCipherSpec => Err(unexpected("change_cipher_spec")),
        }
    }

    fn alert(&self, plaintext: &[u8]) -> Result<Event, Fault> {
        let [level, code] = *plaintext else {
            return Err(Fault::protocol(
                AlertDescription::DecodeError,
                format!("the peer sent an alert of {} bytes", plaintext.len()),
            ));
        };
        let description = AlertDescription::from(code);
        match (description, self.version) {
            (AlertDescription::CloseNotify, _) => Ok(Event::Closed),
            // Followed by close_notify: RFC 8446, section 6.1.
            (AlertDescription::UserCanceled, _) => Ok(Event::Nothing),
            // TLS 1.3 has no warnings but these two: section 6.
            (_, TlsVersion::Tls12) if level == alert::WARNING => Ok(Event::Nothing),
            _ => Err(Fault::silent(TlsError::HandshakeAlert(format!(
                "the peer broke the connection off: {}",
                alert::name(description)
            )))),
        }
    }

    fn handshake(&mut self, plaintext: &[u8]) -> Result<Event, Fault> {
        if plaintext.is_empty() {
            return Err(unexpected("an empty handshake record"));
        }
        let mut bytes = core::mem::take(&mut self.partial);
        bytes.extend_from_slice(plaintext);
        let mut rest = bytes.as_slice();
        let mut event = Event::Nothing;
        while let Some((kind, body, after)) = split_message(rest)? {
            event = self.message(kind, body)?;
            // RFC 8446, section 5.1: no message spans a change of keys.
            if matches!(event, Event::NewKeys { .. }) && !after.is_empty() {
                return Err(unexpected("a message after key_update in one record"));
            }
            rest = after;
        }
        self.partial = rest.to_vec();
        Ok(event)
    }

    fn message(&mut self, kind: HandshakeType, body: &[u8]) -> Result<Event, Fault> {
        match (self.version, kind) {
            (TlsVersion::Tls13, HandshakeType::NewSessionTicket) => {
                self.kernel.handle_new_session_ticket(body).map_err(|_| {
                    Fault::protocol(
                        AlertDescription::DecodeError,
                        "the peer sent a bad session ticket",
                    )
                })?;
                Ok(Event::Nothing)
            }
            (TlsVersion::Tls13, HandshakeType::KeyUpdate) => match body {
                [0] => Ok(Event::NewKeys { requested: false }),
                [1] => Ok(Event::NewKeys { requested: true }),
                _ => Err(Fault::protocol(
                    AlertDescription::IllegalParameter,
                    "the peer sent a malformed key_update",
                )),
            },
            (TlsVersion::Tls12, HandshakeType::HelloRequest) => Ok(Event::HelloRequest),
            (_, other) => Err(unexpected(&format!(
                "{} after the handshake",
                separated(&other, '_')
            ))),
        }
    }
}

fn unexpected(what: &str) -> Fault {
    Fault::protocol(
        AlertDescription::UnexpectedMessage,
        format!("the peer sent {what}"),
    )
}

/// A handshake message: its type, its body, and the bytes after it.
type Message<'a> = (HandshakeType, &'a [u8], &'a [u8]);

/// The whole message that `bytes` begin with, if it is all there.
fn split_message(bytes: &[u8]) -> Result<Option<Message<'_>>, Fault> {
    let Some((header, rest)) = bytes.split_first_chunk::<MESSAGE_HEADER>() else {
        return Ok(None);
    };
    let length = u32::from_be_bytes([0, header[1], header[2], header[3]]) as usize;
    if length > MAX_MESSAGE {
        return Err(unexpected("an over-long handshake message"));
    }
    Ok(rest
        .split_at_checked(length)
        .map(|(body, after)| (HandshakeType::from(header[0]), body, after)))
}

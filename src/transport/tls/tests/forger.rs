//! A server that breaks the protocol.

use alloc::vec::Vec;

use super::super::TlsVersion as Format;
use super::super::record::{Opener, Sealer};
use super::super::records::Content;
use super::*;
use crate::transport::TlsError;

/// A server that has given its keys away: any record can be sent in its name.
pub(super) struct Forger {
    pub(super) peer: Peer,
    pub(super) sealer: Sealer,
    pub(super) opener: Opener,
}

impl Forger {
    /// A client's connection to one.
    pub(super) fn connect(version: Version) -> (TlsStream<Scripted>, Self) {
        let (config, context) = usual(version);
        Self::connect_to(config, context, version)
    }

    pub(super) fn connect_to(
        mut config: ServerConfig,
        mut context: Context,
        version: Version,
    ) -> (TlsStream<Scripted>, Self) {
        config.enable_secret_extraction = true;
        config.send_tls13_tickets = 0;
        let (stream, server) = connect(config, &mut context);
        let secrets = server.connection.dangerous_extract_secrets().unwrap();
        let format = if version == &TLS12 {
            Format::Tls12
        } else {
            Format::Tls13
        };
        let forger = Self {
            peer: server.peer,
            sealer: Sealer::new(format, secrets.tx).unwrap(),
            opener: Opener::new(format, secrets.rx).unwrap(),
        };
        (stream, forger)
    }

    pub(super) fn seal(&mut self, content: Content, plaintext: &[u8]) -> Vec<u8> {
        let mut record = Vec::new();
        self.sealer
            .seal(content, &mut record, |out| out.extend_from_slice(plaintext))
            .unwrap();
        record
    }

    pub(super) fn send(&mut self, content: Content, plaintext: &[u8]) {
        let record = self.seal(content, plaintext);
        self.send_raw(&record);
    }

    pub(super) fn send_raw(&mut self, bytes: &[u8]) {
        self.peer.wire().inbound.extend(bytes);
    }

    /// The next record of the client's.
    pub(super) fn receive(&mut self) -> Option<(Content, Vec<u8>)> {
        let mut wire = self.peer.wire();
        let length = super::super::records::length(&wire.outbound).ok()??;
        let mut record: Vec<u8> = wire.outbound.drain(..length).collect();
        let (content, range) = self.opener.open(&mut record).unwrap();
        Some((content, record[range].to_vec()))
    }
}

/// Forgeries that end a connection: what is sent, the alert that answers, a word of the error.
pub(super) fn fatal(
    version: Version,
    forge: impl FnOnce(&mut Forger),
    alert: Option<u8>,
    word: &str,
) {
    let (mut stream, mut forger) = Forger::connect(version);
    forge(&mut forger);
    let error = loop {
        match stream.poll_fill() {
            Poll::Ready(Ok(amount)) => stream.consume(amount),
            Poll::Ready(Err(error)) => break error,
            Poll::Pending => panic!("{word}: nothing came of it"),
        }
    };
    let Error::Tls(TlsError::Protocol(text) | TlsError::HandshakeAlert(text)) = &error else {
        panic!("{error:?}");
    };
    assert!(text.contains(word), "{text}");
    let answer = alert.map(|alert| (Content::Alert, vec![2, alert]));
    assert_eq!(forger.receive(), answer, "{word}");
    // Nothing goes on, whatever else comes.
    forger.send(Content::ApplicationData, b"more");
    assert_eq!(stream.poll_fill(), Poll::Ready(Err(error.clone())));
    assert_eq!(stream.poll_write(&[b"more"]), Poll::Ready(Err(error)));
    assert_eq!(forger.receive(), None);
}

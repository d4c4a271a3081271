//! A server that has given its keys away: it sends any record, whatever the protocol says.

use rustls::crypto::cipher::{AeadKey, Iv, MessageEncrypter, OutboundPlainMessage};
use rustls::{
    ConnectionTrafficSecrets, ContentType, ProtocolVersion, ServerConnection, SupportedCipherSuite,
};

/// Protects records with a server's keys.
pub(super) struct Forger {
    encrypter: Box<dyn MessageEncrypter>,
    sequence: u64,
}

impl Forger {
    /// Takes the keys of a connection that has shaken hands and has nothing left to send. Its configuration has
    /// `enable_secret_extraction`.
    pub(super) fn new(connection: ServerConnection) -> Result<Self, rustls::Error> {
        let suite = connection
            .negotiated_cipher_suite()
            .expect("the handshake is over");
        let (sequence, secrets) = connection.dangerous_extract_secrets()?.tx;
        let (key, iv) = parts(secrets);
        let encrypter = match suite {
            SupportedCipherSuite::Tls13(suite) => suite.aead_alg.encrypter(key, iv),
            SupportedCipherSuite::Tls12(suite) => {
                let fixed = suite.aead_alg.key_block_shape().fixed_iv_len;
                let (fixed, explicit) = iv.as_ref().split_at(fixed);
                suite.aead_alg.encrypter(key, fixed, explicit)
            }
        };
        Ok(Self {
            encrypter,
            sequence,
        })
    }

    /// Appends a record with this content to `wire`.
    pub(super) fn seal(&mut self, content: ContentType, plaintext: &[u8], wire: &mut Vec<u8>) {
        let message = OutboundPlainMessage {
            typ: content,
            version: ProtocolVersion::TLSv1_2,
            payload: plaintext.into(),
        };
        let sealed = self.encrypter.encrypt(message, self.sequence);
        self.sequence += 1;
        let sealed = sealed.expect("the plaintext fits a record");
        wire.extend_from_slice(&sealed.encode());
    }
}

fn parts(secrets: ConnectionTrafficSecrets) -> (AeadKey, Iv) {
    match secrets {
        ConnectionTrafficSecrets::Aes128Gcm { key, iv }
        | ConnectionTrafficSecrets::Aes256Gcm { key, iv }
        | ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => (key, iv),
        _ => unreachable!("rustls has no other ciphers"),
    }
}

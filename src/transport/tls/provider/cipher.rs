//! rustls' view of the AEADs: records of the handshake, and the keys for the time after it.
//!
//! One type stands for an algorithm in TLS 1.3 and 1.2; the record layer has formats of its own
//! for what comes after the handshake.

use alloc::boxed::Box;

use rustls::crypto::cipher::{
    AeadKey, InboundOpaqueMessage, InboundPlainMessage, Iv, KeyBlockShape, MessageDecrypter,
    MessageEncrypter, Nonce, OutboundOpaqueMessage, OutboundPlainMessage, PrefixedPayload,
    Tls12AeadAlgorithm, Tls13AeadAlgorithm, UnsupportedOperationError, make_tls12_aad,
    make_tls13_aad,
};
use rustls::{ConnectionTrafficSecrets, ContentType, Error, ProtocolVersion};

use super::aead::{Aead, Algorithm, NONCE_LEN, TAG_LEN};

/// The part of a TLS 1.2 GCM nonce that each record carries: RFC 5288, section 3.
const EXPLICIT_LEN: usize = 8;
/// The most plaintext in one record.
const MAX_PLAINTEXT: usize = 1 << 14;

/// An algorithm as rustls wants to see it.
pub(super) struct Cipher(pub(super) Algorithm);

impl Cipher {
    fn secrets(&self, key: AeadKey, iv: Iv) -> ConnectionTrafficSecrets {
        match self.0 {
            Algorithm::ChaCha20Poly1305 => ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv },
            Algorithm::Aes128Gcm => ConnectionTrafficSecrets::Aes128Gcm { key, iv },
            Algorithm::Aes256Gcm => ConnectionTrafficSecrets::Aes256Gcm { key, iv },
        }
    }

    /// What each TLS 1.2 record carries of its nonce.
    const fn explicit_len(&self) -> usize {
        match self.0 {
            Algorithm::ChaCha20Poly1305 => 0,
            Algorithm::Aes128Gcm | Algorithm::Aes256Gcm => EXPLICIT_LEN,
        }
    }

    fn tls12(&self, key: &AeadKey, fixed: &[u8], explicit: &[u8]) -> Tls12 {
        Tls12 {
            aead: Aead::new(self.0, key.as_ref()),
            iv: tls12_iv(fixed, explicit),
            explicit_len: self.explicit_len(),
        }
    }
}

/// The fixed part, then the explicit part's start; zeros where the peer will send it.
fn tls12_iv(fixed: &[u8], explicit: &[u8]) -> Iv {
    let mut iv = [0; NONCE_LEN];
    iv[..fixed.len()].copy_from_slice(fixed);
    iv[fixed.len()..fixed.len() + explicit.len()].copy_from_slice(explicit);
    Iv::new(iv)
}

impl Tls13AeadAlgorithm for Cipher {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        let aead = Aead::new(self.0, key.as_ref());
        Box::new(Tls13 { aead, iv })
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        let aead = Aead::new(self.0, key.as_ref());
        Box::new(Tls13 { aead, iv })
    }

    fn key_len(&self) -> usize {
        self.0.key_len()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: Iv,
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        Ok(self.secrets(key, iv))
    }
}

impl Tls12AeadAlgorithm for Cipher {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        Box::new(self.tls12(&key, iv, extra))
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        Box::new(self.tls12(&key, iv, &[]))
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        KeyBlockShape {
            enc_key_len: self.0.key_len(),
            fixed_iv_len: NONCE_LEN - self.explicit_len(),
            explicit_nonce_len: self.explicit_len(),
        }
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        Ok(self.secrets(key, tls12_iv(iv, explicit)))
    }
}

/// Seals or opens TLS 1.3 records.
struct Tls13 {
    aead: Aead,
    iv: Iv,
}

impl MessageEncrypter for Tls13 {
    fn encrypt(
        &mut self,
        message: OutboundPlainMessage<'_>,
        sequence: u64,
    ) -> Result<OutboundOpaqueMessage, Error> {
        let length = self.encrypted_payload_len(message.payload.len());
        let mut payload = PrefixedPayload::with_capacity(length);
        payload.extend_from_chunks(&message.payload);
        payload.extend_from_slice(&[message.typ.into()]);
        let nonce = Nonce::new(&self.iv, sequence).0;
        let tag = self
            .aead
            .seal(&nonce, &make_tls13_aad(length), payload.as_mut());
        payload.extend_from_slice(&tag);
        Ok(OutboundOpaqueMessage::new(
            ContentType::ApplicationData,
            // RFC 8446, section 5.2: the outer version stays 1.2's.
            ProtocolVersion::TLSv1_2,
            payload,
        ))
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        length + 1 + TAG_LEN
    }
}

impl MessageDecrypter for Tls13 {
    fn decrypt<'a>(
        &mut self,
        mut message: InboundOpaqueMessage<'a>,
        sequence: u64,
    ) -> Result<InboundPlainMessage<'a>, Error> {
        let payload = &mut message.payload;
        // The header as it came: one with another type or version does not open.
        let mut associated = make_tls13_aad(payload.len());
        associated[0] = message.typ.into();
        associated[1..3].copy_from_slice(&message.version.to_array());
        let nonce = Nonce::new(&self.iv, sequence).0;
        let Some((data, tag)) = payload.split_last_chunk_mut() else {
            return Err(Error::DecryptError);
        };
        self.aead
            .open(&nonce, &associated, data, tag)
            .map_err(|_| Error::DecryptError)?;
        let length = data.len();
        payload.truncate(length);
        message.into_tls13_unpadded_message()
    }
}

/// Seals or opens TLS 1.2 records.
struct Tls12 {
    aead: Aead,
    iv: Iv,
    explicit_len: usize,
}

impl MessageEncrypter for Tls12 {
    fn encrypt(
        &mut self,
        message: OutboundPlainMessage<'_>,
        sequence: u64,
    ) -> Result<OutboundOpaqueMessage, Error> {
        let length = message.payload.len();
        let nonce = Nonce::new(&self.iv, sequence).0;
        let associated = make_tls12_aad(sequence, message.typ, message.version, length);
        let mut payload = PrefixedPayload::with_capacity(self.encrypted_payload_len(length));
        payload.extend_from_slice(&nonce[NONCE_LEN - self.explicit_len..]);
        payload.extend_from_chunks(&message.payload);
        let data = &mut payload.as_mut()[self.explicit_len..];
        let tag = self.aead.seal(&nonce, &associated, data);
        payload.extend_from_slice(&tag);
        Ok(OutboundOpaqueMessage::new(
            message.typ,
            message.version,
            payload,
        ))
    }

    fn encrypted_payload_len(&self, length: usize) -> usize {
        self.explicit_len + length + TAG_LEN
    }
}

impl MessageDecrypter for Tls12 {
    fn decrypt<'a>(
        &mut self,
        mut message: InboundOpaqueMessage<'a>,
        sequence: u64,
    ) -> Result<InboundPlainMessage<'a>, Error> {
        let explicit_len = self.explicit_len;
        let Some(length) = message.payload.len().checked_sub(explicit_len + TAG_LEN) else {
            return Err(Error::DecryptError);
        };
        if length > MAX_PLAINTEXT {
            return Err(Error::PeerSentOversizedRecord);
        }
        let associated = make_tls12_aad(sequence, message.typ, message.version, length);
        let mut nonce = Nonce::new(&self.iv, sequence).0;
        let (explicit, rest) = message.payload.split_at_mut(explicit_len);
        nonce[NONCE_LEN - explicit_len..].copy_from_slice(explicit);
        let (data, tag) = rest
            .split_last_chunk_mut()
            .expect("invariant: the length has been checked");
        self.aead
            .open(&nonce, &associated, data, tag)
            .map_err(|_| Error::DecryptError)?;
        Ok(message.into_plain_message_range(explicit_len..explicit_len + length))
    }
}

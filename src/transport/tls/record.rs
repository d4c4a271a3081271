//! Records after the handshake, opened and sealed where they lie (RFC 8446, section 5; RFC 5246,
//! section 6.2.3.3).
//!
//! Rules of this file: bytes in, ranges out. It knows keys and sequence numbers, and neither streams
//! nor what a record means. A record that does not open ends its stream: nothing here recovers.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::ops::Range;

use rustls::crypto::cipher::{AeadKey, Iv};
use rustls::{AlertDescription, ConnectionTrafficSecrets};

use super::alert::Fault;
use super::provider::aead::{Aead, Algorithm, NONCE_LEN, TAG_LEN};
use super::records::{
    Content, HEADER_LEN, MAX_EXPANSION, MAX_PLAINTEXT, VERSION, not_tls, overlong,
};
use super::version::TlsVersion;
use crate::transport::TlsError;

/// The most that a TLS 1.3 record may be longer.
const MAX_EXPANSION_13: usize = 256;
/// The part of a TLS 1.2 GCM nonce that each record carries.
const EXPLICIT_LEN: usize = 8;

const fn max_payload(version: TlsVersion) -> usize {
    match version {
        TlsVersion::Tls12 => MAX_PLAINTEXT + MAX_EXPANSION,
        TlsVersion::Tls13 => MAX_PLAINTEXT + MAX_EXPANSION_13,
    }
}

fn bad_mac() -> Fault {
    Fault::protocol(
        AlertDescription::BadRecordMac,
        "decryption failed or bad record mac",
    )
}

/// One direction's key, and how many records it was used for.
struct Keys {
    algorithm: Algorithm,
    aead: Aead,
    iv: [u8; NONCE_LEN],
    sequence: u64,
}

impl Keys {
    fn new((sequence, secrets): (u64, ConnectionTrafficSecrets)) -> Result<Self, TlsError> {
        let (algorithm, key, iv): (Algorithm, AeadKey, Iv) = match secrets {
            ConnectionTrafficSecrets::Chacha20Poly1305 { key, iv } => {
                (Algorithm::ChaCha20Poly1305, key, iv)
            }
            ConnectionTrafficSecrets::Aes128Gcm { key, iv } => (Algorithm::Aes128Gcm, key, iv),
            ConnectionTrafficSecrets::Aes256Gcm { key, iv } => (Algorithm::Aes256Gcm, key, iv),
            _ => return Err(TlsError::Other("keys of an unknown cipher".to_owned())),
        };
        Ok(Self {
            algorithm,
            aead: Aead::new(algorithm, key.as_ref()),
            iv: iv.as_ref().try_into().expect("invariant: a nonce's length"),
            sequence,
        })
    }

    /// The IV combined with the sequence number.
    fn nonce(&self) -> [u8; NONCE_LEN] {
        let mut nonce = self.iv;
        for (byte, sequence) in nonce[4..].iter_mut().zip(self.sequence.to_be_bytes()) {
            *byte ^= sequence;
        }
        nonce
    }

    /// TLS 1.2's associated data; the length is the plaintext's.
    fn associated_12(&self, content: u8, length: usize) -> [u8; 13] {
        let mut data = [0; 13];
        data[..8].copy_from_slice(&self.sequence.to_be_bytes());
        data[8] = content;
        data[9..11].copy_from_slice(&VERSION);
        data[11..].copy_from_slice(&length_bytes(length));
        data
    }

    const fn explicit_len(&self, version: TlsVersion) -> usize {
        match (version, self.algorithm) {
            (TlsVersion::Tls13, _) | (_, Algorithm::ChaCha20Poly1305) => 0,
            (TlsVersion::Tls12, Algorithm::Aes128Gcm | Algorithm::Aes256Gcm) => EXPLICIT_LEN,
        }
    }
}

fn length_bytes(length: usize) -> [u8; 2] {
    u16::try_from(length)
        .expect("invariant: a record's length fits its header")
        .to_be_bytes()
}

/// Opens the peer's records, in order.
pub(super) struct Opener {
    version: TlsVersion,
    keys: Keys,
}

impl Opener {
    pub(super) fn new(
        version: TlsVersion,
        secrets: (u64, ConnectionTrafficSecrets),
    ) -> Result<Self, TlsError> {
        let keys = Keys::new(secrets)?;
        Ok(Self { version, keys })
    }

    /// Opens `record`, a whole one, in place: what it carries, and where in it.
    pub(super) fn open(&mut self, record: &mut [u8]) -> Result<(Content, Range<usize>), Fault> {
        let payload = record.len() - HEADER_LEN;
        if payload > max_payload(self.version) {
            return Err(overlong(payload));
        }
        let opened = match self.version {
            TlsVersion::Tls12 => self.open_12(record)?,
            TlsVersion::Tls13 => self.open_13(record)?,
        };
        self.keys.sequence = self.keys.sequence.checked_add(1).ok_or_else(|| {
            Fault::protocol(
                AlertDescription::InternalError,
                "the key's last record was used",
            )
        })?;
        Ok(opened)
    }

    fn open_12(&self, record: &mut [u8]) -> Result<(Content, Range<usize>), Fault> {
        let content = Content::from_byte(record[0]).ok_or_else(|| not_tls(record))?;
        let start = HEADER_LEN + self.keys.explicit_len(self.version);
        let Some(length) = record.len().checked_sub(start + TAG_LEN) else {
            return Err(bad_mac());
        };
        if length > MAX_PLAINTEXT {
            return Err(overlong(length));
        }
        let nonce = if start == HEADER_LEN {
            self.keys.nonce()
        } else {
            let mut nonce = self.keys.iv;
            nonce[NONCE_LEN - EXPLICIT_LEN..].copy_from_slice(&record[HEADER_LEN..start]);
            nonce
        };
        let associated = self.keys.associated_12(record[0], length);
        self.decrypt(&nonce, &associated, &mut record[start..])?;
        Ok((content, start..start + length))
    }

    fn open_13(&self, record: &mut [u8]) -> Result<(Content, Range<usize>), Fault> {
        // Everything after the handshake is protected: a plain alert may be anybody's, and
        // change_cipher_spec is only to be ignored before the peer's Finished.
        if record[0] != Content::ApplicationData as u8 {
            return Err(Fault::protocol(
                AlertDescription::UnexpectedMessage,
                format!("the peer sent an unprotected record of type {}", record[0]),
            ));
        }
        let (header, payload) = record.split_at_mut(HEADER_LEN);
        self.decrypt(&self.keys.nonce(), header, payload)?;
        let inner = &payload[..payload.len() - TAG_LEN];
        if inner.len() > MAX_PLAINTEXT + 1 {
            return Err(overlong(inner.len()));
        }
        let content = inner.iter().rposition(|byte| *byte != 0);
        let kind = content.and_then(|index| Content::from_byte(inner[index]));
        match content.zip(kind) {
            Some((index, kind)) if kind != Content::ChangeCipherSpec => {
                Ok((kind, HEADER_LEN..HEADER_LEN + index))
            }
            _ => Err(Fault::protocol(
                AlertDescription::UnexpectedMessage,
                "the peer sent a record without a content type",
            )),
        }
    }

    fn decrypt(
        &self,
        nonce: &[u8; NONCE_LEN],
        associated: &[u8],
        protected: &mut [u8],
    ) -> Result<(), Fault> {
        let (data, tag) = protected.split_last_chunk_mut().ok_or_else(bad_mac)?;
        self.keys
            .aead
            .open(nonce, associated, data, tag)
            .map_err(|_| bad_mac())
    }
}

/// Seals our own records, in order.
pub(super) struct Sealer {
    version: TlsVersion,
    keys: Keys,
}

impl Sealer {
    /// The most bytes that a record is longer than what it carries.
    pub(super) const OVERHEAD: usize = HEADER_LEN + EXPLICIT_LEN + 1 + TAG_LEN;

    pub(super) fn new(
        version: TlsVersion,
        secrets: (u64, ConnectionTrafficSecrets),
    ) -> Result<Self, TlsError> {
        let keys = Keys::new(secrets)?;
        Ok(Self { version, keys })
    }

    /// Whether the key has one record left before too much would be known about it.
    pub(super) const fn wants_new_keys(&self) -> bool {
        self.keys.sequence >= self.keys.algorithm.confidentiality_limit() - 1
    }

    /// Appends a record to `out`; `fill` appends its plaintext, [`MAX_PLAINTEXT`] at the most.
    pub(super) fn seal(
        &mut self,
        content: Content,
        out: &mut Vec<u8>,
        fill: impl FnOnce(&mut Vec<u8>),
    ) -> Result<(), TlsError> {
        if self.keys.sequence >= self.keys.algorithm.confidentiality_limit() {
            return Err(TlsError::Protocol(format!(
                "the connection has sent the {} records that its key is good for",
                self.keys.sequence
            )));
        }
        let nonce = self.keys.nonce();
        let start = out.len();
        let explicit = self.keys.explicit_len(self.version);
        out.extend_from_slice(&[content as u8, VERSION[0], VERSION[1], 0, 0]);
        out.extend_from_slice(&nonce[NONCE_LEN - explicit..]);
        let data = out.len();
        fill(out);
        debug_assert!(out.len() - data <= MAX_PLAINTEXT, "a record's plaintext");
        match self.version {
            TlsVersion::Tls12 => self.seal_12(content, &nonce, out, start, data),
            TlsVersion::Tls13 => self.seal_13(content, &nonce, out, start),
        }
        self.keys.sequence += 1;
        Ok(())
    }

    fn seal_12(
        &self,
        content: Content,
        nonce: &[u8; NONCE_LEN],
        out: &mut Vec<u8>,
        start: usize,
        data: usize,
    ) {
        let associated = self.keys.associated_12(content as u8, out.len() - data);
        let length = length_bytes(out.len() - start - HEADER_LEN + TAG_LEN);
        out[start + 3..start + HEADER_LEN].copy_from_slice(&length);
        let tag = self.keys.aead.seal(nonce, &associated, &mut out[data..]);
        out.extend_from_slice(&tag);
    }

    fn seal_13(&self, content: Content, nonce: &[u8; NONCE_LEN], out: &mut Vec<u8>, start: usize) {
        out.push(content as u8);
        let length = length_bytes(out.len() - start - HEADER_LEN + TAG_LEN);
        let (header, data) = out[start..].split_at_mut(HEADER_LEN);
        header[0] = Content::ApplicationData as u8;
        header[3..].copy_from_slice(&length);
        let tag = self.keys.aead.seal(nonce, header, data);
        out.extend_from_slice(&tag);
    }
}

#[cfg(test)]
impl Opener {
    /// Goes to another sequence number.
    pub(super) fn skip_to(&mut self, sequence: u64) {
        self.keys.sequence = sequence;
    }
}

#[cfg(test)]
impl Sealer {
    /// Goes to another sequence number.
    pub(super) fn skip_to(&mut self, sequence: u64) {
        self.keys.sequence = sequence;
    }

    /// A TLS 1.3 record around any inner plaintext, its type and padding included.
    pub(super) fn seal_padded(&mut self, out: &mut Vec<u8>, inner: &[u8]) {
        let nonce = self.keys.nonce();
        let length = length_bytes(inner.len() + TAG_LEN);
        let header = [23, VERSION[0], VERSION[1], length[0], length[1]];
        out.extend_from_slice(&header);
        let start = out.len();
        out.extend_from_slice(inner);
        let tag = self.keys.aead.seal(&nonce, &header, &mut out[start..]);
        out.extend_from_slice(&tag);
        self.keys.sequence += 1;
    }
}

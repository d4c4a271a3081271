//! X25519MLKEM768 (draft-ietf-tls-ecdhe-mlkem): safe while either half is.
//!
//! The hello carries the X25519 share a second time on its own, so that a server which doesn't know
//! the hybrid answers without another round trip. ML-KEM comes first in shares and secrets.

use alloc::boxed::Box;
use alloc::vec::Vec;

use ml_kem::kem::{Decapsulate, KeyExport};
use ml_kem::{DecapsulationKey, MlKem768, Seed};
use rustls::crypto::{ActiveKeyExchange, CompletedKeyExchange, SharedSecret, SupportedKxGroup};
use rustls::ffdhe_groups::FfdheGroup;
use rustls::{Error, NamedGroup, ProtocolVersion};
use zeroize::Zeroize;

use super::kx::{INVALID_SHARE, X25519, X25519_LEN, X25519Share};

/// The length of an ML-KEM-768 ciphertext, the first part of the server's share.
const CIPHERTEXT_LEN: usize = 1088;

#[derive(Debug)]
pub(super) struct X25519MlKem768;

impl SupportedKxGroup for X25519MlKem768 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let mut seed = Seed::default();
        super::random(&mut seed)?;
        let share = Share::new(seed, X25519::generate()?);
        seed.zeroize();
        Ok(Box::new(share))
    }

    /// Only a server encapsulates.
    fn start_and_complete(&self, _peer: &[u8]) -> Result<CompletedKeyExchange, Error> {
        Err(Error::General(
            "x25519mlkem768 is implemented for clients".into(),
        ))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X25519MLKEM768
    }

    fn usable_for_version(&self, version: ProtocolVersion) -> bool {
        version == ProtocolVersion::TLSv1_3
    }
}

pub(super) struct Share {
    key: Box<DecapsulationKey<MlKem768>>,
    x25519: X25519Share,
    public: Vec<u8>,
}

impl Share {
    pub(super) fn new(seed: Seed, x25519: X25519Share) -> Self {
        let key = DecapsulationKey::from_seed(seed);
        let mut public = key.encapsulation_key().to_bytes().to_vec();
        public.extend_from_slice(&x25519.public);
        Self {
            key: Box::new(key),
            x25519,
            public,
        }
    }
}

impl ActiveKeyExchange for Share {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        if peer.len() != CIPHERTEXT_LEN + X25519_LEN {
            return Err(INVALID_SHARE);
        }
        let (ciphertext, point) = peer.split_at(CIPHERTEXT_LEN);
        let ciphertext = ciphertext.try_into().map_err(|_| INVALID_SHARE)?;
        let mut quantum = self.key.decapsulate(ciphertext);
        let classical = self.x25519.agree(point)?;
        let mut secret = Vec::with_capacity(quantum.len() + classical.len());
        secret.extend_from_slice(&quantum);
        secret.extend_from_slice(&classical[..]);
        quantum.zeroize();
        Ok(SharedSecret::from(secret))
    }

    fn hybrid_component(&self) -> Option<(NamedGroup, &[u8])> {
        Some((NamedGroup::X25519, &self.x25519.public))
    }

    fn complete_hybrid_component(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        Box::new(self.x25519).complete(peer)
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519MLKEM768
    }
}

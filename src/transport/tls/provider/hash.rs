//! SHA-256 and SHA-384 as rustls' transcript hashes and HMACs.
//!
//! HKDF (TLS 1.3) and the PRF (TLS 1.2) are rustls' own constructions on top of these HMACs.

use alloc::boxed::Box;
use core::marker::PhantomData;

use hmac::{Hmac, KeyInit, Mac};
use rustls::crypto::{hash, hmac as tls_hmac};
use sha2::digest::Digest;
use sha2::{Sha256, Sha384};

pub(super) static SHA256: Transcript<Sha256> = Transcript {
    algorithm: hash::HashAlgorithm::SHA256,
    digest: PhantomData,
};
pub(super) static SHA384: Transcript<Sha384> = Transcript {
    algorithm: hash::HashAlgorithm::SHA384,
    digest: PhantomData,
};
pub(super) static HMAC_SHA256: Mac256 = Mac256;
pub(super) static HMAC_SHA384: Mac384 = Mac384;

/// A hash, running over the handshake's messages.
pub(super) struct Transcript<D> {
    algorithm: hash::HashAlgorithm,
    digest: PhantomData<D>,
}

impl<D> hash::Hash for Transcript<D>
where
    D: Digest + Clone + Send + Sync + 'static,
{
    fn start(&self) -> Box<dyn hash::Context> {
        Box::new(Running(D::new()))
    }

    fn hash(&self, data: &[u8]) -> hash::Output {
        hash::Output::new(&D::digest(data))
    }

    fn output_len(&self) -> usize {
        <D as Digest>::output_size()
    }

    fn algorithm(&self) -> hash::HashAlgorithm {
        self.algorithm
    }
}

struct Running<D>(D);

impl<D> hash::Context for Running<D>
where
    D: Digest + Clone + Send + Sync + 'static,
{
    fn fork_finish(&self) -> hash::Output {
        hash::Output::new(&self.0.clone().finalize())
    }

    fn fork(&self) -> Box<dyn hash::Context> {
        Box::new(Self(self.0.clone()))
    }

    fn finish(self: Box<Self>) -> hash::Output {
        hash::Output::new(&self.0.finalize())
    }

    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }
}

/// A keyed HMAC; it is copied for each message, so that the key is set up once.
struct Keyed<M>(M);

impl<M> tls_hmac::Key for Keyed<M>
where
    M: Mac + Clone + Send + Sync,
{
    fn sign_concat(&self, first: &[u8], middle: &[&[u8]], last: &[u8]) -> tls_hmac::Tag {
        let mut mac = self.0.clone();
        mac.update(first);
        for part in middle {
            mac.update(part);
        }
        mac.update(last);
        tls_hmac::Tag::new(&mac.finalize().into_bytes())
    }

    fn tag_len(&self) -> usize {
        M::output_size()
    }
}

const ANY_LENGTH: &str = "invariant: HMAC takes keys of any length";

pub(super) struct Mac256;

impl tls_hmac::Hmac for Mac256 {
    fn with_key(&self, key: &[u8]) -> Box<dyn tls_hmac::Key> {
        Box::new(Keyed(
            Hmac::<Sha256>::new_from_slice(key).expect(ANY_LENGTH),
        ))
    }

    fn hash_output_len(&self) -> usize {
        32
    }
}

pub(super) struct Mac384;

impl tls_hmac::Hmac for Mac384 {
    fn with_key(&self, key: &[u8]) -> Box<dyn tls_hmac::Key> {
        Box::new(Keyed(
            Hmac::<Sha384>::new_from_slice(key).expect(ANY_LENGTH),
        ))
    }

    fn hash_output_len(&self) -> usize {
        48
    }
}

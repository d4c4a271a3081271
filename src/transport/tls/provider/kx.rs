//! Key exchange over X25519 (RFC 7748), P-256, P-384 and P-521.
//!
//! A peer's point is checked before use: on its curve, not the neutral element, and for X25519 a
//! shared secret that is not all zeros (RFC 8446, section 7.4.2).

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;

use getrandom::SysRng;
use p256::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use p256::elliptic_curve::{
    AffinePoint, CurveArithmetic, FieldBytesSize, Generate, PublicKey, SecretKey,
};
use rustls::crypto::{ActiveKeyExchange, SharedSecret, SupportedKxGroup};
use rustls::ffdhe_groups::FfdheGroup;
use rustls::{Error, NamedGroup, PeerMisbehaved};
use zeroize::Zeroizing;

pub(super) const INVALID_SHARE: Error = Error::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare);

/// The length of an X25519 share.
pub(super) const X25519_LEN: usize = 32;

#[derive(Debug)]
pub(super) struct X25519;

impl X25519 {
    pub(super) fn generate() -> Result<X25519Share, Error> {
        let mut scalar = Zeroizing::new([0; X25519_LEN]);
        super::random(scalar.as_mut())?;
        let public = x25519_dalek::x25519(*scalar, x25519_dalek::X25519_BASEPOINT_BYTES);
        Ok(X25519Share { scalar, public })
    }
}

impl SupportedKxGroup for X25519 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        Ok(Box::new(Self::generate()?))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

/// One end of an X25519 exchange; the scalar is wiped when it is dropped.
pub(super) struct X25519Share {
    pub(super) scalar: Zeroizing<[u8; X25519_LEN]>,
    pub(super) public: [u8; X25519_LEN],
}

impl X25519Share {
    pub(super) fn agree(&self, peer: &[u8]) -> Result<Zeroizing<[u8; X25519_LEN]>, Error> {
        let peer = peer.try_into().map_err(|_| INVALID_SHARE)?;
        let secret = Zeroizing::new(x25519_dalek::x25519(*self.scalar, peer));
        // All bytes are looked at, whatever they are.
        if secret.iter().fold(0, |all, byte| all | byte) == 0 {
            return Err(INVALID_SHARE);
        }
        Ok(secret)
    }
}

impl ActiveKeyExchange for X25519Share {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        Ok(SharedSecret::from(&self.agree(peer)?[..]))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::X25519
    }
}

pub(super) static SECP256R1: Weierstrass<p256::NistP256> = Weierstrass {
    name: NamedGroup::secp256r1,
    curve: PhantomData,
};
pub(super) static SECP384R1: Weierstrass<p384::NistP384> = Weierstrass {
    name: NamedGroup::secp384r1,
    curve: PhantomData,
};
pub(super) static SECP521R1: Weierstrass<p521::NistP521> = Weierstrass {
    name: NamedGroup::secp521r1,
    curve: PhantomData,
};

/// A NIST curve; shares are uncompressed points.
pub(super) struct Weierstrass<C> {
    name: NamedGroup,
    curve: PhantomData<C>,
}

impl<C> fmt::Debug for Weierstrass<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(formatter)
    }
}

impl<C> SupportedKxGroup for Weierstrass<C>
where
    C: CurveArithmetic + Send + Sync + 'static,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let secret = SecretKey::try_generate_from_rng(&mut SysRng)
            .map_err(|_| Error::FailedToGetRandomBytes)?;
        Ok(Box::new(self.share(secret)))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn name(&self) -> NamedGroup {
        self.name
    }
}

impl<C> Weierstrass<C>
where
    C: CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    pub(super) fn share(&self, secret: SecretKey<C>) -> WeierstrassShare<C> {
        let public = secret.public_key().to_sec1_point(false).as_bytes().to_vec();
        WeierstrassShare {
            name: self.name,
            secret,
            public,
        }
    }
}

/// One end of an exchange on a NIST curve; the secret is wiped when it is dropped.
pub(super) struct WeierstrassShare<C: CurveArithmetic> {
    name: NamedGroup,
    secret: SecretKey<C>,
    public: Vec<u8>,
}

impl<C> ActiveKeyExchange for WeierstrassShare<C>
where
    C: CurveArithmetic + Send + Sync,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        // RFC 8446, section 4.2.8.2: uncompressed points only.
        if peer.len() != self.public.len() {
            return Err(INVALID_SHARE);
        }
        let peer = PublicKey::<C>::from_sec1_bytes(peer).map_err(|_| INVALID_SHARE)?;
        let secret = self.secret.diffie_hellman(&peer);
        Ok(SharedSecret::from(secret.raw_secret_bytes().as_slice()))
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        None
    }

    fn group(&self) -> NamedGroup {
        self.name
    }
}

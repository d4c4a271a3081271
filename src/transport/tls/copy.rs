//! Certificates as webpki takes them.
//!
//! webpki refuses what OpenSSL and curl take: a critical extension on certificate policies, and a
//! server whose certificate is an authority's. It is shown a copy of such a certificate, without that
//! one extension.
//!
//! Nobody has signed the copy. So whenever webpki asks for the signature on it, [`Issued`] answers for
//! the original: the copy is as good as what its issuer has signed. What is left out takes nothing away:
//!
//! - Policies decide whether a chain is good only where one is required (RFC 5280, section 6.1). Nobody
//!   can here but an authority, by `policyConstraints`, and these are never left out.
//! - `basicConstraints` lets a certificate issue others. The copy, without it, can't.

use alloc::vec::Vec;

use rustls::pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, SignatureVerificationAlgorithm,
};

use super::certificate::{Extension, Parts, lets_issue};
use super::der;

/// 2.5.29.32, 33 and 54: `certificatePolicies`, `policyMappings`, `inhibitAnyPolicy`.
const POLICIES: [&[u8]; 3] = [&[0x55, 0x1d, 32], &[0x55, 0x1d, 33], &[0x55, 0x1d, 54]];

type Algorithms = &'static [&'static dyn SignatureVerificationAlgorithm];

/// A chain as webpki is shown it.
pub(super) struct Chain<'a> {
    pub(super) server: CertificateDer<'a>,
    pub(super) intermediates: Vec<CertificateDer<'a>>,
    copies: Vec<Copy>,
    /// The server's certificate is shown as no authority's, though it is one.
    pub(super) is_led_by_authority: bool,
}

impl<'a> Chain<'a> {
    /// Copies what must be copied. Those that are trusted for their own sake stay what they are.
    pub(super) fn of(
        server: &'a CertificateDer<'_>,
        intermediates: &'a [CertificateDer<'_>],
        trusted: &[CertificateDer<'_>],
    ) -> Self {
        let mut copies = Vec::new();
        let mut show = |certificate: &'a [u8], place| match copy(certificate, place) {
            Some((shown, copy)) => {
                copies.push(copy);
                shown
            }
            None => CertificateDer::from(certificate),
        };
        let is_led_by_authority = claims_authority(server) && !trusted.contains(server);
        let place = match is_led_by_authority {
            true => Place::Server,
            false => Place::Issuer,
        };
        let server = show(server, place);
        let intermediates = intermediates.iter();
        Self {
            server,
            intermediates: intermediates.map(|it| show(it, Place::Issuer)).collect(),
            copies,
            is_led_by_authority,
        }
    }

    /// The same algorithms, for this chain.
    pub(super) fn algorithms(&self, all: Algorithms) -> Vec<Issued<'_>> {
        let issued = |algorithm: &&'static _| Issued {
            algorithm: *algorithm,
            copies: &self.copies,
        };
        all.iter().map(issued).collect()
    }
}

/// A certificate as webpki can read it, to be asked for its key.
pub(super) fn readable<'a>(certificate: &'a CertificateDer<'_>) -> CertificateDer<'a> {
    match copy(certificate, Place::Issuer) {
        Some((shown, _)) => shown,
        None => CertificateDer::from(&certificate[..]),
    }
}

/// What becomes of `basicConstraints`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// The one that lets a server issue certificates is left out.
    Server,
    /// They stay.
    Issuer,
}

/// The signed part of a copy, and of the original.
#[derive(Debug)]
struct Copy {
    shown: Vec<u8>,
    signed: Vec<u8>,
}

/// The copy of a certificate that needs one.
fn copy(certificate: &[u8], place: Place) -> Option<(CertificateDer<'static>, Copy)> {
    let parts = Parts::of(certificate)?;
    let mut kept = Vec::new();
    let mut left_out = 0;
    for extension in parts.extensions {
        let extension = extension?;
        if is_policy(&extension) || place == Place::Server && lets_issue(&extension) {
            left_out += 1;
        } else {
            kept.push(extension.whole);
        }
    }
    if left_out == 0 {
        return None;
    }
    let kept = der::wrap(der::SEQUENCE, &kept);
    let kept = der::wrap(der::EXTENSIONS, &[&kept]);
    let shown = der::wrap(der::SEQUENCE, &[parts.fields, &kept]);
    let certificate = der::wrap(der::SEQUENCE, &[&shown, parts.signature]);
    let signed = parts.signed.to_vec();
    Some((certificate.into(), Copy { shown, signed }))
}

fn claims_authority(certificate: &[u8]) -> bool {
    Parts::of(certificate).is_some_and(|parts| parts.extensions.flatten().any(|it| lets_issue(&it)))
}

fn is_policy(extension: &Extension<'_>) -> bool {
    extension.is_critical && POLICIES.contains(&extension.id)
}

/// A signature algorithm that takes a copy's signature for the original's.
#[derive(Debug)]
pub(super) struct Issued<'a> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    copies: &'a [Copy],
}

impl Issued<'_> {
    pub(super) fn as_dyn(&self) -> &dyn SignatureVerificationAlgorithm {
        self
    }
}

impl SignatureVerificationAlgorithm for Issued<'_> {
    fn verify_signature(
        &self,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let copy = self.copies.iter().find(|copy| copy.shown == message);
        let signed = copy.map_or(message, |copy| &copy.signed);
        self.algorithm.verify_signature(key, signed, signature)
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}

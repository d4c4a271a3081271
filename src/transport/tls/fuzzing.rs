//! What `fuzz/` holds against other implementations, and nobody else sees. It decides nothing.

use alloc::vec::Vec;

use rustls::pki_types::CertificateDer;

use super::certificate::{self, AlternativeName};
use super::copy::Chain;
use super::{der, pem};

/// The certificates that are read from `bytes`; none where they are refused.
pub fn certificates(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let found = pem::certificates(bytes).ok()?;
    Some(found.iter().map(|it| it.to_vec()).collect())
}

/// The same for those that may vouch for servers.
pub fn authorities(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let found = pem::authorities(bytes).ok()?;
    Some(found.iter().map(|it| it.to_vec()).collect())
}

/// The same for revocation lists.
pub fn revocation_lists(bytes: &[u8]) -> Option<Vec<Vec<u8>>> {
    let found = pem::revocation_lists(bytes).ok()?;
    Some(found.iter().map(|it| it.to_vec()).collect())
}

/// The private key that is read from `bytes`; none where it is refused.
pub fn private_key(bytes: &[u8]) -> Option<Vec<u8>> {
    let key = pem::private_key(bytes).ok()?;
    Some(key.secret_der().to_vec())
}

/// What was understood of a certificate; each is none where it was not.
#[derive(Debug)]
pub struct Understood<'a> {
    /// Its dates, in seconds since 1970, and whether it may identify a server.
    pub facts: Option<(u64, u64, bool)>,
    /// Its `SubjectPublicKeyInfo`.
    pub public_key: Option<Vec<u8>>,
    /// The bits of that key, if it is an RSA key.
    pub rsa_bits: Option<usize>,
    /// 1, 2 or 3.
    pub version: Option<u8>,
    /// What its issuer has signed.
    pub signed: Option<&'a [u8]>,
    /// How many extensions it has.
    pub extensions: Option<usize>,
    /// The first critical extension that webpki does not know.
    pub unhandled_extension: Option<&'a [u8]>,
    /// Its alternative names, each with its tag; for all but names of hosts and addresses that is 0.
    pub alternative_names: Option<Vec<(u8, &'a [u8])>>,
    /// Whether its key may take part in a handshake.
    pub shakes_hands: Option<bool>,
    /// The certificate, if trust data may follow.
    pub without_trust_data: Option<&'a [u8]>,
    /// As webpki is shown it where it leads a chain, and where it is in one.
    pub shown: [Vec<u8>; 2],
}

/// Takes a certificate apart.
pub fn understand(bytes: &[u8]) -> Understood<'_> {
    let key = der::public_key(bytes).map(|key| key.to_vec());
    let names = certificate::alternative_names(bytes).map(|names| {
        let tagged = |name| match name {
            AlternativeName::Dns(name) => (0x82, name),
            AlternativeName::Address(name) => (0x87, name),
            AlternativeName::Other(name) => (0, name),
        };
        names.into_iter().map(tagged).collect()
    });
    let split = der::split_trust_data(bytes);
    if let Some((_, data)) = split {
        der::trusted_for_servers(data);
    }
    let der = CertificateDer::from(bytes);
    let chain = core::slice::from_ref(&der);
    let shown = Chain::of(&der, chain, &[]);
    Understood {
        facts: der::facts(bytes).map(|facts| {
            let (begin, end) = (facts.not_before.as_secs(), facts.not_after.as_secs());
            (begin, end, facts.for_servers)
        }),
        rsa_bits: key.as_deref().and_then(der::rsa_bits),
        public_key: key,
        version: certificate::version(bytes),
        signed: certificate::Parts::of(bytes).map(|parts| parts.signed),
        extensions: certificate::Parts::of(bytes).map(|parts| parts.extensions.count()),
        unhandled_extension: certificate::unhandled_extension(bytes),
        alternative_names: names,
        shakes_hands: certificate::shakes_hands(bytes),
        without_trust_data: split.map(|(certificate, _)| certificate),
        shown: [shown.server.to_vec(), shown.intermediates[0].to_vec()],
    }
}

//! Certificates, keys and revocation lists in the forms in which they are given: PEM or DER.
//!
//! PEM is read as OpenSSL reads it: behind a byte order mark as well, and under all names that
//! certificates have there.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

use super::der;
use crate::transport::TlsError;

/// What is passed over in front of what: byte order marks, and what OpenSSL calls certificates else:
/// `TRUSTED CERTIFICATE` where trust data follow, `X509 CERTIFICATE` of old.
const PASSED_OVER: [(&[u8], &[u8]); 3] = [
    (b"\xef\xbb\xbf", b"-----BEGIN "),
    (b"TRUSTED ", b"CERTIFICATE-----"),
    (b"X509 ", b"CERTIFICATE-----"),
];

pub(super) fn configuration(text: impl Into<String>) -> TlsError {
    TlsError::Configuration(text.into())
}

/// Any number of certificates in PEM, or one in DER.
pub(super) fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found = sections(bytes)?;
    if found.is_empty() {
        return Err(none_found());
    }
    Ok(found
        .into_iter()
        .map(|(certificate, _)| certificate)
        .collect())
}

/// The same for authorities, without those that OpenSSL's trust data keep from vouching for servers.
pub(super) fn authorities(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    authorities_if_any(bytes)?.ok_or_else(none_found)
}

/// The same from what may hold no certificate at all.
pub(super) fn authorities_if_any(
    bytes: &[u8],
) -> Result<Option<Vec<CertificateDer<'static>>>, TlsError> {
    let found = sections(bytes)?;
    if found.is_empty() {
        return Ok(None);
    }
    let trusted = found.into_iter().filter(|(_, for_servers)| *for_servers);
    Ok(Some(trusted.map(|(certificate, _)| certificate).collect()))
}

fn none_found() -> TlsError {
    configuration("no certificate found: neither pem nor der")
}

/// Certificates, each with whether its trust data, if it has any, let it vouch for servers.
fn sections(bytes: &[u8]) -> Result<Vec<(CertificateDer<'static>, bool)>, TlsError> {
    if is_der(bytes) {
        return Ok(vec![(CertificateDer::from(bytes.to_vec()), true)]);
    }
    CertificateDer::pem_slice_iter(&plain(bytes))
        .map(|section| section.map(without_trust_data).map_err(bad_pem))
        .collect()
}

fn without_trust_data(section: CertificateDer<'static>) -> (CertificateDer<'static>, bool) {
    match der::split_trust_data(&section) {
        Some((certificate, data)) if !data.is_empty() => {
            let for_servers = der::trusted_for_servers(data);
            (CertificateDer::from(certificate.to_vec()), for_servers)
        }
        _ => (section, true),
    }
}

/// Any number of revocation lists in PEM, or one in DER.
pub(super) fn revocation_lists(
    bytes: &[u8],
) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
    if is_der(bytes) {
        return Ok(vec![CertificateRevocationListDer::from(bytes.to_vec())]);
    }
    let found: Vec<_> = CertificateRevocationListDer::pem_slice_iter(&plain(bytes))
        .collect::<Result<_, _>>()
        .map_err(bad_pem)?;
    if found.is_empty() {
        return Err(configuration(
            "no certificate revocation list found: neither pem nor der",
        ));
    }
    Ok(found)
}

/// The first private key.
pub(super) fn private_key(bytes: &[u8]) -> Result<PrivateKeyDer<'static>, TlsError> {
    if is_der(bytes) {
        return PrivateKeyDer::try_from(bytes)
            .map(|key| key.clone_key())
            .map_err(|_| configuration("the private key's der has an unknown form"));
    }
    if is_encrypted(bytes) {
        return Err(configuration(
            "the private key is encrypted: decrypt it before it is loaded",
        ));
    }
    match PrivateKeyDer::from_pem_slice(&plain(bytes)) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) => {
            Err(configuration("no private key found: neither pem nor der"))
        }
        Err(error) => Err(bad_pem(error)),
    }
}

/// The same text without what is passed over.
fn plain(text: &[u8]) -> Cow<'_, [u8]> {
    let passed_over = |index: usize| {
        let rest = &text[index..];
        let found = PASSED_OVER.iter().find(|(words, next)| {
            let behind = rest.strip_prefix(*words);
            behind.is_some_and(|behind| behind.starts_with(next))
        });
        found.map(|(words, _)| words.len())
    };
    let Some(first) = (0..text.len()).find(|index| passed_over(*index).is_some()) else {
        return Cow::Borrowed(text);
    };
    let (mut plain, mut index) = (text[..first].to_vec(), first);
    while let Some(byte) = text.get(index) {
        if let Some(length) = passed_over(index) {
            index += length;
        } else {
            plain.push(*byte);
            index += 1;
        }
    }
    Cow::Owned(plain)
}

/// Whether the bytes are DER: a SEQUENCE, which no text begins with but one that begins with a 0.
fn is_der(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
}

/// PKCS#8's own encryption has a label, the older kind a header inside the section.
fn is_encrypted(pem: &[u8]) -> bool {
    [
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----".as_slice(),
        b"Proc-Type: 4,ENCRYPTED",
    ]
    .iter()
    .any(|mark| pem.windows(mark.len()).any(|window| window == *mark))
}

fn bad_pem(error: pem::Error) -> TlsError {
    let what = match error {
        pem::Error::MissingSectionEnd { .. } => "a section has no end".to_owned(),
        pem::Error::IllegalSectionStart { .. } => "a section's first line is malformed".to_owned(),
        pem::Error::Base64Decode(_) => "a section is no base64".to_owned(),
        other => other.to_string(),
    };
    configuration(format!("bad pem: {what}"))
}

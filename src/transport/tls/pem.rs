//! Certificates, keys and revocation lists in the forms in which they are given: PEM or DER.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

use crate::transport::TlsError;

pub(super) fn configuration(text: impl Into<String>) -> TlsError {
    TlsError::Configuration(text.into())
}

/// Any number of certificates in PEM, or one in DER.
pub(super) fn certificates(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let found = certificates_if_any(bytes)?;
    if found.is_empty() {
        return Err(configuration("no certificate found: neither pem nor der"));
    }
    Ok(found)
}

/// The same from what may hold none.
pub(super) fn certificates_if_any(bytes: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    if is_der(bytes) {
        return Ok(vec![CertificateDer::from(bytes.to_vec())]);
    }
    CertificateDer::pem_slice_iter(bytes)
        .collect::<Result<_, _>>()
        .map_err(bad_pem)
}

/// Any number of revocation lists in PEM, or one in DER.
pub(super) fn revocation_lists(
    bytes: &[u8],
) -> Result<Vec<CertificateRevocationListDer<'static>>, TlsError> {
    if is_der(bytes) {
        return Ok(vec![CertificateRevocationListDer::from(bytes.to_vec())]);
    }
    let found: Vec<_> = CertificateRevocationListDer::pem_slice_iter(bytes)
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
    match PrivateKeyDer::from_pem_slice(bytes) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) => {
            Err(configuration("no private key found: neither pem nor der"))
        }
        Err(error) => Err(bad_pem(error)),
    }
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

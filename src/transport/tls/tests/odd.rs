//! Certificates that webpki does not read.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use rcgen::CustomExtension;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::super::der;
use super::*;
use crate::transport::TlsError;

/// X.509 version 1, as `openssl x509 -req` makes it without an extension file.
const V1: &str = include_str!("keys/v1.pem");
/// Its key.
const V1_KEY: &str = include_str!("keys/p256-sec1.pem");

fn v1() -> Leaf {
    Leaf {
        chain: vec![CertificateDer::from_pem_slice(V1.as_bytes()).unwrap()],
        key: PemObject::from_pem_slice(V1_KEY.as_bytes()).unwrap(),
        pem: V1.to_owned(),
        key_pem: V1_KEY.to_owned(),
    }
}

/// A certificate that says that it is of version 2; nobody looks at the signature.
fn v2() -> Leaf {
    let mut leaf = Leaf::self_signed(HOST, |_| {});
    let mut der = leaf.chain[0].to_vec();
    let version = [0xa0, 3, 2, 1, 2];
    let at = der.windows(5).position(|bytes| bytes == version).unwrap();
    der[at + 4] = 1;
    leaf.chain = vec![der.into()];
    leaf
}

/// A certificate with extensions that nobody knows.
fn extended(count: usize) -> Leaf {
    Leaf::self_signed(HOST, |params| {
        let mut unknown = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
        unknown.set_criticality(true);
        params.custom_extensions = vec![unknown; count];
    })
}

pub(super) fn odd() -> [Leaf; 4] {
    [v1(), v2(), extended(1), extended(2)]
}

/// The key that a certificate should have, as ring spells it.
pub(super) fn public_key(leaf: &Leaf) -> Vec<u8> {
    let provider = ring::default_provider();
    let key = provider.key_provider.load_private_key(leaf.key.clone_key());
    key.unwrap().public_key().unwrap().to_vec()
}

#[test]
fn reads_the_key_of_a_certificate_of_any_version() {
    for leaf in odd() {
        let expected = public_key(&leaf);
        let der = &leaf.chain[0];
        assert_eq!(der::public_key(der).unwrap().as_ref(), expected);
        for end in 0..der.len() {
            assert_eq!(der::public_key(&der[..end]), None);
        }
        assert_eq!(der::public_key(&[der, &b"\0"[..]].concat()), None);
    }
}

#[test]
fn a_client_s_certificate_is_the_server_s_to_judge() {
    let mut context = Authority::new().trusting();
    let stranger = Leaf::self_signed(HOST, |_| {});
    for leaf in odd() {
        let chain = &leaf.chain[0];
        context
            .load_cert_chain(chain, leaf.key.secret_der())
            .unwrap();
        let misfit = context.load_cert_chain(chain, stranger.key.secret_der());
        assert_eq!(
            misfit,
            Err(TlsError::Configuration(
                "the private key does not fit the certificate".into()
            ))
        );
    }
    let leaf = &stranger.chain[0];
    let torn = context.load_cert_chain(&leaf[..100], stranger.key.secret_der());
    assert_eq!(
        torn,
        Err(TlsError::Configuration(
            "the client's certificate is malformed".into()
        ))
    );
}

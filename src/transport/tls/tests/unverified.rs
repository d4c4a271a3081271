//! Contexts that verify nothing.

use rustls::pki_types::CertificateDer;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use sha2::{Digest, Sha256};

use super::odd::{odd, public_key};
use super::*;
use crate::transport::TlsError;

/// A server that shows these certificates and signs with this key, whether they fit or not.
fn showing(chain: &[CertificateDer<'static>], key: &Leaf, version: Version) -> ServerConfig {
    let provider = ring::default_provider();
    let key = provider.key_provider.load_private_key(key.key.clone_key());
    let key = CertifiedKey::new(chain.to_vec(), key.unwrap());
    ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(key)))
}

#[test]
fn accepts_certificates_of_any_version_with_any_extensions() {
    for leaf in odd() {
        for version in VERSIONS {
            let config = showing(&leaf.chain, &leaf, version);
            let mut context = Context::create_unverified(clock());
            let (mut stream, mut server) = connect(config, &mut context);
            talk(&mut stream, &mut server);
            let session = stream.session();
            assert_eq!(session.peer_certificates, [leaf.chain[0].to_vec()]);
        }
    }
}

#[test]
fn refuses_the_same_certificates_where_they_are_verified() {
    for leaf in odd() {
        for version in VERSIONS {
            let config = showing(&leaf.chain, &leaf, version);
            let outcome = shake(config, &mut Context::create_default(clock())).0;
            assert!(outcome.is_err());
        }
    }
}

#[test]
fn a_certificate_that_is_not_judged_needs_its_key_still() {
    let stranger = Leaf::self_signed(HOST, |_| {});
    for leaf in odd() {
        for version in VERSIONS {
            let config = showing(&leaf.chain, &stranger, version);
            let outcome = shake(config, &mut Context::create_unverified(clock())).0;
            let Err(Error::Tls(TlsError::BadCertificate(text))) = outcome.map(|_| ()) else {
                panic!("it is accepted");
            };
            assert!(text.contains("signature failure"), "{text}");
        }
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    let leaf = Leaf::self_signed(HOST, |_| {});
    for chain in [&b""[..], b"hello", &leaf.chain[0][..100]] {
        for version in VERSIONS {
            let config = showing(&[chain.to_vec().into()], &leaf, version);
            let outcome = shake(config, &mut Context::create_unverified(clock())).0;
            let Err(Error::Tls(TlsError::BadCertificate(text))) = outcome.map(|_| ()) else {
                panic!("it is accepted");
            };
            assert!(text.contains("malformed certificate"), "{text}");
        }
    }
}

#[test]
fn keys_are_pinned_in_certificates_of_any_version() {
    for leaf in odd() {
        for version in VERSIONS {
            let mut context = Context::create_unverified(clock());
            let pin = Sha256::digest(public_key(&leaf));
            context.add_pin(&pin).unwrap();
            connect(showing(&leaf.chain, &leaf, version), &mut context);
            let mut context = Context::create_unverified(clock());
            context.add_pin(&[1; 32]).unwrap();
            let outcome = shake(showing(&leaf.chain, &leaf, version), &mut context).0;
            assert!(matches!(
                outcome.map(|_| ()),
                Err(Error::Tls(TlsError::BadCertificate(text))) if text.contains("pinned")
            ));
        }
    }
}

//! What we and `x509-parser` both read in a certificate that webpki takes is the same: version, key, dates, usage, names;
//! what webpki is shown has the same key and names, and fewer extensions at most. No bytes whatever make us panic.
#![no_main]

use httplib::transport::tls::fuzzing::{Understood, understand};
use libfuzzer_sys::fuzz_target;
use rustls::pki_types::CertificateDer;
use x509_parser::der_parser::asn1_rs::{Any, Sequence};
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::OID_X509_EXT_EXTENDED_KEY_USAGE;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

fuzz_target!(|bytes: &[u8]| {
    let ours = understand(bytes);
    // webpki looks at all tags, x509-parser does not.
    let is_strict = webpki::EndEntityCert::try_from(&CertificateDer::from(bytes)).is_ok();
    if let (true, Ok(([], theirs))) = (is_strict, X509Certificate::from_der(bytes)) {
        certificate(&ours, &theirs, bytes);
    }
});

fn certificate(ours: &Understood<'_>, theirs: &X509Certificate<'_>, bytes: &[u8]) {
    if let Some(version) = ours.version {
        assert_eq!(u32::from(version), theirs.version().0 + 1);
    }
    // x509-parser drops what follows the key within its sequence.
    let key = theirs.tbs_certificate.subject_pki.raw;
    let begins = |ours: &Vec<u8>| ours.starts_with(key);
    assert!(ours.public_key.as_ref().is_none_or(begins), "{key:?}");
    if let Some(signed) = ours.signed {
        assert_eq!(signed, theirs.tbs_certificate.as_ref());
    }
    assert!(ours.without_trust_data.is_none_or(|it| it == bytes));
    dates(ours, theirs);
    if let Ok(PublicKey::RSA(key)) = theirs.public_key().parsed()
        && let Some(bits) = ours.rsa_bits
    {
        let zeros: u32 = key.modulus.iter().fold((0, true), zeros).0;
        assert_eq!(bits, key.modulus.len() * 8 - zeros as usize);
    }
    if ours.extensions == Some(theirs.extensions().len()) {
        extensions(ours, theirs);
    }
    for shown in &ours.shown {
        copy(shown, theirs, bytes);
    }
}

/// How many zeros a number begins with; and whether it goes on.
fn zeros((zeros, begins): (u32, bool), byte: &u8) -> (u32, bool) {
    match begins {
        true => (zeros + byte.leading_zeros(), *byte == 0),
        false => (zeros, false),
    }
}

fn dates(ours: &Understood<'_>, theirs: &X509Certificate<'_>) {
    let Some((begin, end, _)) = ours.facts else {
        return;
    };
    let validity = theirs.validity();
    for (ours, theirs) in [(begin, validity.not_before), (end, validity.not_after)] {
        // Before 1970 it is that day.
        let theirs = theirs.timestamp();
        assert_eq!(ours, theirs.max(theirs.rem_euclid(86_400)) as u64);
    }
}

fn extensions(ours: &Understood<'_>, theirs: &X509Certificate<'_>) {
    let mut usages = theirs.extensions().iter();
    let usages = usages.find(|it| it.oid == OID_X509_EXT_EXTENDED_KEY_USAGE);
    if let (Some((_, _, for_servers)), Ok(usage)) = (ours.facts, theirs.extended_key_usage())
        && usages.is_none_or(|it| lists_identifiers(it.value))
    {
        let expected = usage.is_none_or(|it| it.value.any || it.value.server_auth);
        assert_eq!(for_servers, expected, "the certificate's usage");
    }
    if let (Some(shakes), Ok(Some(usage))) = (ours.shakes_hands, theirs.key_usage()) {
        let usage = usage.value;
        let expected =
            usage.digital_signature() || usage.key_encipherment() || usage.key_agreement();
        assert_eq!(shakes, expected, "the key's usage");
    }
    names(ours, theirs);
}

/// Whether it is a list of nothing but object identifiers: x509-parser takes a value of any tag for one.
fn lists_identifiers(value: &[u8]) -> bool {
    let Ok((_, list)) = Sequence::from_der(value) else {
        return false;
    };
    let mut rest: &[u8] = &list.content;
    while let Ok((behind, it)) = Any::from_der(rest) {
        if it.header.raw_tag() != Some(&[0x06]) {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

fn names(ours: &Understood<'_>, theirs: &X509Certificate<'_>) {
    let Ok(Some(names)) = theirs.subject_alternative_name() else {
        return;
    };
    let Some(ours) = &ours.alternative_names else {
        return;
    };
    let names = names.value.general_names.iter();
    let expected: Vec<_> = names
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((0x82, name.as_bytes())),
            GeneralName::IPAddress(address) => Some((0x87, *address)),
            GeneralName::RFC822Name(text) | GeneralName::URI(text) => Some((0, text.as_bytes())),
            // No text, or no address of the right length.
            GeneralName::Invalid(tag, bytes) => match tag.0 {
                1 | 6 => Some((0, *bytes)),
                2 => Some((0x82, *bytes)),
                7 => Some((0x87, *bytes)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    // It looks at the numbers of tags alone, and has names of other classes as well.
    let mut theirs = expected.iter();
    let is_theirs = ours.iter().all(|name| theirs.any(|it| it == name));
    assert!(is_theirs, "{ours:?}, {expected:?}");
}

/// What webpki is shown is the certificate, with an extension fewer at most.
fn copy(shown: &[u8], original: &X509Certificate<'_>, bytes: &[u8]) {
    if shown == bytes {
        return;
    }
    let Ok(([], copy)) = X509Certificate::from_der(shown) else {
        panic!("a copy that is no certificate");
    };
    let (copied, original) = (&copy.tbs_certificate, &original.tbs_certificate);
    assert_eq!(copied.subject_pki.raw, original.subject_pki.raw);
    assert_eq!(copied.subject.as_raw(), original.subject.as_raw());
    assert_eq!(copied.issuer.as_raw(), original.issuer.as_raw());
    assert_eq!(copied.raw_serial(), original.raw_serial());
    let left: Vec<_> = original
        .extensions()
        .iter()
        .map(|it| (&it.oid, it.value))
        .collect();
    let kept: Vec<_> = copied
        .extensions()
        .iter()
        .map(|it| (&it.oid, it.value))
        .collect();
    assert!(kept.len() < left.len() && kept.iter().all(|it| left.contains(it)));
}

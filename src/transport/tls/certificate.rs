//! A certificate taken apart (RFC 5280, section 4.1): what its issuer has signed, and the extensions in
//! it.
//!
//! Anything unforeseen is `None`.

use alloc::vec::Vec;

use super::der::{BITS, BOOLEAN, EXTENSIONS, INTEGER, OCTETS, OID, Reader, SEQUENCE, VERSION};

/// 2.5.29.15.
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// 2.5.29.17.
const ALTERNATIVE_NAME: &[u8] = &[0x55, 0x1d, 0x11];
/// 2.5.29.19.
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];

/// A certificate's parts; each is with its tag and length unless it says otherwise.
pub(super) struct Parts<'a> {
    /// What the issuer has signed.
    pub(super) signed: &'a [u8],
    /// What follows it: the algorithm and the signature.
    pub(super) signature: &'a [u8],
    /// What is signed up to the extensions, without a tag.
    pub(super) fields: &'a [u8],
    /// The extensions, one after the other.
    pub(super) extensions: Extensions<'a>,
}

impl<'a> Parts<'a> {
    pub(super) fn of(certificate: &'a [u8]) -> Option<Self> {
        let mut outer = only(certificate)?;
        let all = outer.0;
        let mut rest = outer.expect(SEQUENCE)?;
        let contents = rest.0;
        rest.optional(VERSION);
        // Serial number, signature algorithm, issuer, validity, subject, public key.
        for _ in 0..6 {
            rest.next()?;
        }
        let mut fields = contents;
        let mut extensions = &[][..];
        while !rest.0.is_empty() {
            let before = contents.len() - rest.0.len();
            let (tag, value) = rest.next()?;
            if tag == EXTENSIONS {
                if !rest.0.is_empty() {
                    return None;
                }
                fields = &contents[..before];
                extensions = only(value)?.0;
            }
        }
        Some(Self {
            signed: &all[..all.len() - outer.0.len()],
            signature: outer.0,
            fields,
            extensions: Extensions(Reader(extensions)),
        })
    }
}

/// 1, 2 or 3.
pub(super) fn version(certificate: &[u8]) -> Option<u8> {
    let mut fields = Reader(certificate).expect(SEQUENCE)?.expect(SEQUENCE)?;
    match fields.expect(VERSION) {
        None => Some(1),
        Some(mut version) => Some(version.expect(INTEGER)?.0.first()?.saturating_add(1)),
    }
}

/// The identifier of the first critical extension that webpki does not know.
pub(super) fn unhandled_extension(certificate: &[u8]) -> Option<&[u8]> {
    /// Those that it does, of the ones that begin with 2.5.29.
    const HANDLED: [u8; 6] = [15, 17, 19, 30, 31, 37];
    let mut extensions = Parts::of(certificate)?.extensions.flatten();
    let handled = |id: &[u8]| matches!(id, [0x55, 0x1d, last] if HANDLED.contains(last));
    let unhandled = extensions.find(|it| it.is_critical && !handled(it.id))?;
    Some(unhandled.id)
}

/// The contents of a sequence that nothing follows.
fn only(bytes: &[u8]) -> Option<Reader<'_>> {
    let mut rest = Reader(bytes);
    let sequence = rest.expect(SEQUENCE)?;
    rest.0.is_empty().then_some(sequence)
}

/// An extension of a certificate.
pub(super) struct Extension<'a> {
    /// Its identifier's contents.
    pub(super) id: &'a [u8],
    /// Whoever does not understand it must refuse the certificate.
    pub(super) is_critical: bool,
    pub(super) value: &'a [u8],
    /// All of it, with tag and length.
    pub(super) whole: &'a [u8],
}

/// The extensions that are left; the last is none where it is malformed.
#[derive(Clone, Copy)]
pub(super) struct Extensions<'a>(Reader<'a>);

impl<'a> Extensions<'a> {
    fn read(&mut self) -> Option<Extension<'a>> {
        let all = self.0.0;
        let mut extension = self.0.expect(SEQUENCE)?;
        let whole = &all[..all.len() - self.0.0.len()];
        let id = extension.expect(OID)?.0;
        let mut value = extension.next()?;
        // A criticality, if it is given, comes before the value.
        let is_critical = value.0 == BOOLEAN && value.1 != [0];
        if value.0 == BOOLEAN {
            value = extension.next()?;
        }
        (value.0 == OCTETS).then_some(Extension {
            id,
            is_critical,
            value: value.1,
            whole,
        })
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Option<Extension<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.0.is_empty() {
            return None;
        }
        let extension = self.read();
        if extension.is_none() {
            self.0 = Reader(&[]);
        }
        Some(extension)
    }
}

/// One of the names that a certificate is for.
pub(super) enum AlternativeName<'a> {
    Dns(&'a [u8]),
    /// 4 or 16 bytes, if it is well-formed.
    Address(&'a [u8]),
    /// An address of e-mail or a URI.
    Other(&'a [u8]),
}

/// What a certificate's `subjectAltName` holds, but for names of no interest here (RFC 5280, section
/// 4.2.1.6).
pub(super) fn alternative_names(certificate: &[u8]) -> Option<Vec<AlternativeName<'_>>> {
    let mut extensions = Parts::of(certificate)?.extensions.flatten();
    let extension = extensions.find(|it| it.id == ALTERNATIVE_NAME)?;
    let mut all = Reader(extension.value).expect(SEQUENCE)?;
    let mut names = Vec::new();
    while let Some((tag, value)) = all.next() {
        match tag {
            0x82 => names.push(AlternativeName::Dns(value)),
            0x87 => names.push(AlternativeName::Address(value)),
            0x81 | 0x86 => names.push(AlternativeName::Other(value)),
            _ => {}
        }
    }
    Some(names)
}

/// Whether a key may take part in a handshake, as OpenSSL asks it of a server's: it may sign or agree
/// on keys, or nothing is said on its usage (RFC 5280, section 4.2.1.3).
pub(super) fn shakes_hands(certificate: &[u8]) -> Option<bool> {
    /// `digitalSignature`, `keyEncipherment` and `keyAgreement`.
    const USAGES: u8 = 0b1010_1000;
    for extension in Parts::of(certificate)?.extensions {
        let extension = extension?;
        if extension.id == KEY_USAGE {
            // A bit string's first byte says how many bits of its last one are unused.
            let bits = Reader(extension.value).expect(BITS)?.0;
            return Some(bits.get(1).is_some_and(|bits| bits & USAGES != 0));
        }
    }
    Some(true)
}

/// Whether an extension says that the certificate is an authority's.
pub(super) fn lets_issue(extension: &Extension<'_>) -> bool {
    let constraints = Reader(extension.value).expect(SEQUENCE);
    extension.id == BASIC_CONSTRAINTS
        && constraints.and_then(|mut it| it.next()) == Some((BOOLEAN, &[0xff]))
}

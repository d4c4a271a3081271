//! The few facts of a certificate that webpki does not give away: its dates, its usage, its key whatever
//! else is wrong with it, the length of that key, and what OpenSSL writes behind it.
//!
//! Reads DER (X.690) as far as RFC 5280, section 4.1, needs it; anything unforeseen is `None`.

use alloc::vec::Vec;
use core::time::Duration;

use rustls::pki_types::{SubjectPublicKeyInfoDer, UnixTime};

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const BITS: u8 = 0x03;
pub(super) const OID: u8 = 0x06;
pub(super) const OCTETS: u8 = 0x04;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
pub(super) const VERSION: u8 = 0xa0;
pub(super) const EXTENSIONS: u8 = 0xa3;
const REJECTED: u8 = 0xa0;
/// 2.5.29.37.
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
/// 1.2.840.113549.1.1.1.
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
/// 1.3.6.1.5.5.7.3.1.
const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
/// 2.5.29.37.0.
const ANY_USAGE: &[u8] = &[0x55, 0x1d, 0x25, 0];

/// What a certificate says about itself.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) not_before: UnixTime,
    pub(super) not_after: UnixTime,
    /// It may identify a server: it says so or says nothing on usage.
    pub(super) for_servers: bool,
}

pub(super) fn facts(certificate: &[u8]) -> Option<Facts> {
    let mut fields = fields_from_dates(certificate)?;
    let mut validity = fields.expect(SEQUENCE)?;
    let not_before = validity.time()?;
    let not_after = validity.time()?;
    // Subject, public key.
    for _ in 0..2 {
        fields.next()?;
    }
    let mut for_servers = true;
    while let Some((tag, value)) = fields.next() {
        if tag == EXTENSIONS {
            for_servers = allows_servers(Reader(value).expect(SEQUENCE)?)?;
        }
    }
    Some(Facts {
        not_before,
        not_after,
        for_servers,
    })
}

/// The key of a certificate of any version, whatever else it says.
pub(super) fn public_key(certificate: &[u8]) -> Option<SubjectPublicKeyInfoDer<'_>> {
    let mut fields = fields_from_dates(certificate)?;
    // Validity, subject.
    for _ in 0..2 {
        fields.next()?;
    }
    fields.whole(SEQUENCE).map(SubjectPublicKeyInfoDer::from)
}

fn fields_from_dates(certificate: &[u8]) -> Option<Reader<'_>> {
    let mut rest = Reader(certificate);
    let mut fields = rest.expect(SEQUENCE)?.expect(SEQUENCE)?;
    if !rest.0.is_empty() {
        return None;
    }
    fields.optional(VERSION);
    // Serial number, signature algorithm, issuer.
    for _ in 0..3 {
        fields.next()?;
    }
    Some(fields)
}

/// What is behind a certificate: nothing, or the trust data of `openssl x509 -trustout`. None where it
/// is anything else.
pub(super) fn split_trust_data(certificate: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = Reader(certificate);
    let certificate = rest.whole(SEQUENCE)?;
    let data = rest.0;
    if !data.is_empty() {
        rest.expect(SEQUENCE)?;
    }
    rest.0.is_empty().then_some((certificate, data))
}

/// Whether OpenSSL's trust data let an authority vouch for servers: what they reject, they don't, and
/// where they name uses, servers must be among these.
pub(super) fn trusted_for_servers(data: &[u8]) -> bool {
    let Some(mut fields) = Reader(data).expect(SEQUENCE) else {
        return true;
    };
    let trusted = fields.optional(SEQUENCE).is_none_or(names_servers);
    let rejected = fields.optional(REJECTED).is_some_and(names_servers);
    trusted && !rejected
}

/// The length of an RSA key's modulus; none where the `SubjectPublicKeyInfo` is of another kind.
pub(super) fn rsa_bits(key: &[u8]) -> Option<usize> {
    let mut fields = Reader(key).expect(SEQUENCE)?;
    if fields.expect(SEQUENCE)?.expect(OID)?.0 != RSA_ENCRYPTION {
        return None;
    }
    // A bit string's first byte says how many bits of its last one are unused.
    let (unused, key) = fields.expect(BITS)?.0.split_first()?;
    if *unused != 0 {
        return None;
    }
    let modulus = Reader(key).expect(SEQUENCE)?.expect(INTEGER)?.0;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let (first, rest) = modulus[zeros..].split_first()?;
    Some(rest.len() * 8 + first.ilog2() as usize + 1)
}

/// The algorithm of a `SubjectPublicKeyInfo`, without its tag.
pub(super) fn key_algorithm(key: &[u8]) -> Option<&[u8]> {
    Some(Reader(key).expect(SEQUENCE)?.expect(SEQUENCE)?.0)
}

fn allows_servers(mut extensions: Reader<'_>) -> Option<bool> {
    while !extensions.0.is_empty() {
        let mut extension = extensions.expect(SEQUENCE)?;
        if extension.expect(OID)?.0 != EXTENDED_KEY_USAGE {
            continue;
        }
        let mut value = extension.next()?;
        // A criticality, if it is given, comes before the value.
        if value.0 != OCTETS {
            value = extension.next()?;
        }
        return Reader(value.1).expect(SEQUENCE).map(names_servers);
    }
    Some(true)
}

/// Whether one of these usages is a server's.
fn names_servers(mut usages: Reader<'_>) -> bool {
    while let Some((OID, usage)) = usages.next() {
        if usage == SERVER_AUTH || usage == ANY_USAGE {
            return true;
        }
    }
    false
}

/// What is left of a sequence of values.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next value's tag and contents.
    pub(super) fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (&[tag, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if bytes.is_empty() || bytes.len() > 3 {
                return None;
            }
            let length = bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
            (length, rest)
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((tag, value))
    }

    pub(super) fn expect(&mut self, tag: u8) -> Option<Reader<'a>> {
        let (found, value) = self.next()?;
        (found == tag).then_some(Reader(value))
    }

    pub(super) fn optional(&mut self, tag: u8) -> Option<Reader<'a>> {
        if self.0.first() == Some(&tag) {
            return self.expect(tag);
        }
        None
    }

    /// The next value with its tag and its length.
    fn whole(&mut self, tag: u8) -> Option<&'a [u8]> {
        let before = self.0;
        self.expect(tag)?;
        before.strip_suffix(self.0)
    }

    /// RFC 5280, section 4.1.2.5: in UTC, to the second, two-digit years from 1950 on.
    fn time(&mut self) -> Option<UnixTime> {
        let (tag, text) = self.next()?;
        let (year, rest) = match tag {
            UTC_TIME => {
                let (year, rest) = digits(text, 2)?;
                (if year < 50 { 2000 + year } else { 1900 + year }, rest)
            }
            GENERALIZED_TIME => digits(text, 4)?,
            _ => return None,
        };
        let (month, rest) = digits(rest, 2)?;
        let (day, rest) = digits(rest, 2)?;
        let (hour, rest) = digits(rest, 2)?;
        let (minute, rest) = digits(rest, 2)?;
        let (second, rest) = digits(rest, 2)?;
        if rest != b"Z" || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return None;
        }
        let seconds = days(year, month, day)? * 86_400 + hour * 3600 + minute * 60 + second;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// A value with its tag and length.
pub(super) fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let bytes = length.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut value = Vec::with_capacity(length + 5);
    value.push(tag);
    match u8::try_from(length) {
        Ok(short @ ..0x80) => value.push(short),
        _ => {
            let bytes = &bytes[zeros..];
            value.push(0x80 | bytes.len() as u8);
            value.extend_from_slice(bytes);
        }
    }
    parts.iter().for_each(|part| value.extend_from_slice(part));
    value
}

fn digits(text: &[u8], count: usize) -> Option<(u64, &[u8])> {
    let (number, rest) = text.split_at_checked(count)?;
    let value = number.iter().try_fold(0, |sum, byte| {
        byte.is_ascii_digit()
            .then(|| sum * 10 + u64::from(byte - b'0'))
    })?;
    Some((value, rest))
}

/// Days from 1970-01-01; a date before it counts as that day. Years are counted from March.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let year = if month <= 2 {
        year.checked_sub(1)?
    } else {
        year
    };
    let month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    let total = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year;
    Some(total.saturating_sub(719_468))
}

//! Whom a certificate must be for.
//!
//! DNS has names that rustls and webpki do not take: with labels that begin or end with a hyphen, or a
//! last one that is a number. rustls is told no name then, so that the hello has none, and what the
//! certificate says is compared here, by the rules that webpki has for the others (RFC 9525, section
//! 6.3). A wildcard is the whole of the first label, stands for exactly one, and two follow.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use core::fmt::{self, Display, Formatter, Write as _};
use core::net::{Ipv4Addr, Ipv6Addr};

use rustls::pki_types::{IpAddr, ServerName};

use super::certificate::{self, AlternativeName};

/// How many of a certificate's names are told.
const NAMES: usize = 20;

/// A host as rustls takes it, or else as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Host {
    Strict(ServerName<'static>),
    Loose(String),
}

impl Host {
    /// Takes a name, or an address without brackets; none is anything else.
    pub(super) fn parse(text: &str) -> Option<Self> {
        // The root's dot is no part of the names in certificates.
        let plain = text.strip_suffix('.').unwrap_or(text);
        if let Ok(name) = ServerName::try_from(plain.to_owned()) {
            return Some(Self::Strict(name));
        }
        let in_dns = plain.len() <= 253 && plain.split('.').all(is_label);
        in_dns.then(|| Self::Loose(plain.to_owned()))
    }
}

fn is_label(label: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=63).contains(&label.len()) && label.bytes().all(letter)
}

/// Whether the certificate names that host.
pub(super) fn is_for(der: &[u8], host: &str) -> bool {
    let mut names = certificate::alternative_names(der).into_iter().flatten();
    names.any(|name| match name {
        AlternativeName::Dns(name) => matches(name, host),
        _ => false,
    })
}

fn matches(name: &[u8], host: &str) -> bool {
    if name.eq_ignore_ascii_case(host.as_bytes()) {
        return true;
    }
    match (name.strip_prefix(b"*."), host.split_once('.')) {
        (Some(parent), Some((_, rest))) => {
            parent.contains(&b'.') && parent.eq_ignore_ascii_case(rest.as_bytes())
        }
        _ => false,
    }
}

/// A certificate is for other names than the expected one: which.
pub(super) fn mismatch(expected: &impl Display, der: &[u8]) -> String {
    let mut text = format!("hostname mismatch: certificate is not valid for '{expected}', ");
    let mut count = 0;
    for name in certificate::alternative_names(der).into_iter().flatten() {
        let before = match count {
            0 => "it is for ",
            _ => ", ",
        };
        count += 1;
        if count <= NAMES {
            // Writing to a string does not fail.
            let _ = write!(text, "{before}'{name}'");
        }
    }
    if count == 0 {
        text.push_str("it names no host");
    }
    if let more @ 1.. = count.saturating_sub(NAMES) {
        let _ = write!(text, " and {more} more");
    }
    text
}

impl Display for AlternativeName<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(text) | Self::Other(text) => text.escape_ascii().fmt(f),
            Self::Address(bytes) => {
                if let Ok(ip) = <[u8; 4]>::try_from(*bytes) {
                    Ipv4Addr::from(ip).fmt(f)
                } else if let Ok(ip) = <[u8; 16]>::try_from(*bytes) {
                    Ipv6Addr::from(ip).fmt(f)
                } else {
                    f.write_str("a malformed address")
                }
            }
        }
    }
}

/// What a certificate should have been for.
pub(super) fn text(name: &ServerName<'_>) -> String {
    match name {
        ServerName::DnsName(name) => name.as_ref().to_owned(),
        ServerName::IpAddress(IpAddr::V4(ip)) => Ipv4Addr::from(*ip.as_ref()).to_string(),
        ServerName::IpAddress(IpAddr::V6(ip)) => Ipv6Addr::from(*ip.as_ref()).to_string(),
        // The type is open; there is no third kind.
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_every_name_that_dns_has() {
        let label = "x".repeat(63);
        let long = [&label[..62], &label, &label, "a-"].join(".") + &".y".repeat(30);
        assert_eq!(long.len(), 253);
        for name in [
            "a-.example.test",
            "-a.example.test",
            "a.example-",
            "-",
            "host.1",
            "a.0x1f",
            "1.2.3.4.5",
            "127.1",
            &(label.clone() + ".-"),
            &long,
        ] {
            assert_eq!(Host::parse(name), Some(Host::Loose(name.into())), "{name}");
            let rooted = format!("{name}.");
            assert_eq!(Host::parse(&rooted), Some(Host::Loose(name.into())));
        }
        for name in ["a.example", "a_b", "1.example", "127.0.0.1", "::1"] {
            assert!(matches!(Host::parse(name), Some(Host::Strict(_))), "{name}");
        }
    }

    #[test]
    fn takes_nothing_else() {
        let label = "x".repeat(64);
        for name in [
            "",
            ".",
            "..",
            ".a-",
            "a-..b",
            "a-..",
            "a b-",
            "*.a-",
            "a-\0",
            "ä-",
            &(label.clone() + ".-"),
            &"a-.".repeat(85),
        ] {
            assert_eq!(Host::parse(name), None, "{name:?}");
        }
    }

    #[test]
    fn compares_as_certificates_are_compared() {
        for (name, host, expected) in [
            ("a-.example.test", "a-.example.test", true),
            ("A-.EXAMPLE.test", "a-.example.TEST", true),
            ("*.example.test", "a-.example.test", true),
            ("*.EXAMPLE.1", "a.example.1", true),
            ("*.-.test", "b.-.test", true),
            ("a-.example.test.", "a-.example.test", false),
            ("a.example.test", "a-.example.test", false),
            ("example.test", "a-.example.test", false),
            ("*.example.test", "a-.b.example.test", false),
            ("*.example.test", "-.a.example.test", false),
            ("*.example.test", "example-.test", false),
            ("*.test-", "example.test-", false),
            ("*.1", "host.1", false),
            ("*", "a-", false),
            ("*.", "a-.", false),
            ("a*.example.test", "a-.example.test", false),
            ("*-.example.test", "a-.example.test", false),
            ("a-.*.test", "a-.example.test", false),
            ("*.*.test", "a-.example.test", false),
            ("a-.example.test\0.evil", "a-.example.test", false),
            ("", "a-", false),
        ] {
            let found = matches(name.as_bytes(), host);
            assert_eq!(found, expected, "{name} for {host}");
        }
    }
}

//! Hosts and ports as the constructors take them, and as `Host` and `CONNECT` write them.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;

use super::error::{Error, HttpException};

/// A host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    /// A name in ASCII or an address without brackets.
    pub host: String,
    /// 1–65535.
    pub port: u16,
}

impl Authority {
    /// Takes `name`, `name:port`, an IPv4 address, `[IPv6]` or `[IPv6]:port`. With `port` given, `text`
    /// must have none of its own; with neither, the port is `default_port`.
    ///
    /// # Errors
    /// `InvalidURL` for anything else.
    pub fn parse(text: &str, port: Option<u16>, default_port: u16) -> Result<Self, Error> {
        let (host, own_port) = split(text)?;
        let port = match (port, own_port) {
            (Some(0), _) => return Err(invalid("port 0 is outside 1-65535")),
            (Some(_), Some(_)) => return Err(invalid(format!("two ports for '{text}'"))),
            (Some(port), None) => port,
            (None, Some(digits)) => parse_port(digits)?,
            (None, None) => default_port,
        };
        Ok(Self {
            host: ascii_host(host)?,
            port,
        })
    }

    /// The value of `Host`: IPv6 in brackets without its zone, the port only where it is not
    /// `default_port`.
    #[must_use]
    pub fn host_header(&self, default_port: u16) -> String {
        if self.port == default_port {
            self.bracketed()
        } else {
            self.with_port()
        }
    }

    /// The target of `CONNECT`: host and port, always both (RFC 9112 §3.2.3).
    #[must_use]
    pub fn with_port(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') {
            let address = self.host.split('%').next().unwrap_or_default();
            format!("[{address}]")
        } else {
            self.host.clone()
        }
    }
}

/// The authority of an absolute-form target, as `Host` wants it: without user information and zone.
/// None for the other forms.
#[must_use]
pub fn target_authority(target: &str) -> Option<String> {
    let (scheme, rest) = target.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match host.split_once('%') {
        Some((address, zone)) if address.starts_with('[') => {
            let port = zone.split_once(']').map_or("", |(_, port)| port);
            Some(format!("{address}]{port}"))
        }
        _ => Some(host.to_owned()),
    }
}

/// An absolute `http:` or `https:` URL, in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// Which of the two.
    pub is_https: bool,
    /// Host and port, as [`Authority::parse`] takes them.
    pub authority: &'a str,
    /// Path and query in origin-form.
    pub target: Cow<'a, str>,
}

impl<'a> Url<'a> {
    /// Takes `scheme://authority[/path][?query][#fragment]` apart; the fragment is left out. An empty
    /// path is `/` (RFC 9112 §3.2.1).
    ///
    /// # Errors
    /// `InvalidURL` for another scheme, or none.
    pub fn parse(url: &'a str) -> Result<Self, Error> {
        let wrong = || invalid(format!("'{url}' is no absolute http or https URL"));
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong());
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let (authority, target) = match rest.find(['/', '?']) {
            Some(end) => rest.split_at(end),
            None => (rest, ""),
        };
        let target = if target.starts_with('/') {
            Cow::Borrowed(target)
        } else {
            Cow::Owned(format!("/{target}"))
        };
        Ok(Self {
            is_https,
            authority,
            target,
        })
    }
}

fn invalid(text: impl Into<String>) -> Error {
    HttpException::InvalidUrl(text.into()).into()
}

/// The host, still with its brackets, and the digits after the colon.
fn split(text: &str) -> Result<(&str, Option<&str>), Error> {
    if text.starts_with('[') {
        let end = text
            .find(']')
            .ok_or_else(|| invalid(format!("no closing bracket in '{text}'")))?;
        let (host, rest) = text.split_at(end + 1);
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if rest.is_empty() => Ok((host, None)),
            None => Err(invalid(format!("'{rest}' after the address of '{text}'"))),
        };
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') && text.parse::<core::net::Ipv6Addr>().is_ok() => {
            Err(invalid(format!("IPv6 address '{text}' needs brackets")))
        }
        Some((host, port)) => Ok((host, Some(port))),
        None => Ok((text, None)),
    }
}

fn parse_port(digits: &str) -> Result<u16, Error> {
    if digits.is_empty() {
        return Err(invalid("empty port"));
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid(format!("nonnumeric port: '{digits}'")));
    }
    match digits.parse::<u16>() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(invalid(format!("port {digits} is outside 1-65535"))),
    }
}

fn ascii_host(host: &str) -> Result<String, Error> {
    if let Some(address) = host.strip_prefix('[') {
        let address = address.trim_end_matches(']');
        let (number, zone) = address.split_once('%').unwrap_or((address, ""));
        let zone_is_plain = zone.bytes().all(|byte| byte.is_ascii_alphanumeric());
        return match number.parse::<core::net::Ipv6Addr>() {
            Ok(_) if zone_is_plain => Ok(address.to_owned()),
            _ => Err(invalid(format!("'{address}' is no IPv6 address"))),
        };
    }
    check_name(host)?;
    if host.is_ascii() {
        return Ok(host.to_owned());
    }
    let name = idna::domain_to_ascii(host)
        .map_err(|_| invalid(format!("'{host}' is no internationalized name")))?;
    // UTS 46 makes a slash, a space or nothing at all of some characters.
    check_name(&name)?;
    Ok(name)
}

fn check_name(name: &str) -> Result<(), Error> {
    match name.chars().find(|&c| !may_stand_in_a_name(c)) {
        Some(bad) => Err(invalid(format!("{bad:?} can't stand in a host"))),
        None if name.is_empty() => Err(invalid("empty host")),
        None => Ok(()),
    }
}

/// Everything but what would end the host, or begin another part of a URL.
fn may_stand_in_a_name(c: char) -> bool {
    !c.is_control() && !c.is_whitespace() && !"/\\@?#%[]<>^|\"`{}:".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Authority, Error> {
        Authority::parse(text, None, 80)
    }

    #[test]
    fn splits_host_and_port_as_the_reference_says() {
        for (text, host, port) in [
            ("www.cwi.nl", "www.cwi.nl", 80),
            ("www.cwi.nl:8080", "www.cwi.nl", 8080),
            ("10.0.0.1:1", "10.0.0.1", 1),
            ("[fe80::207:e9ff:fe9b]", "fe80::207:e9ff:fe9b", 80),
            ("[fe80::207:e9ff:fe9b]:8000", "fe80::207:e9ff:fe9b", 8000),
            ("[fe80::1%2]:8000", "fe80::1%2", 8000),
            ("under_score.example", "under_score.example", 80),
            ("a-.example.test:1", "a-.example.test", 1),
            ("-a.example.test", "-a.example.test", 80),
            ("host.1", "host.1", 80),
        ] {
            let expected = Authority {
                host: host.into(),
                port,
            };
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn rejects_what_is_no_host() {
        for text in [
            "",
            ":80",
            "host:",
            "host:abc",
            "host:0",
            "host:65536",
            "host:+1",
            "host: 1",
            "host:1_0",
            "[::1",
            "[::1]80",
            "[::1]:",
            "[nonsense]",
            "::1",
            "user:password@host",
            "user@host",
            "host/path",
            "http://host",
            "ho st",
            "ho\r\nst",
            "host#",
            "h\0st",
        ] {
            assert!(
                matches!(parse(text), Err(Error::Http(HttpException::InvalidUrl(_)))),
                "{text:?}"
            );
        }
    }

    #[test]
    fn rejects_two_ports() {
        assert!(Authority::parse("host:1", Some(2), 80).is_err());
        assert!(Authority::parse("host", Some(0), 80).is_err());
    }

    #[test]
    fn turns_international_names_into_ascii() {
        assert_eq!(parse("δπθ.gr").map(|a| a.host), Ok("xn--pxaix.gr".into()));
    }

    #[test]
    fn rejects_names_that_become_something_else_in_ascii() {
        for text in [
            "a.example\u{2100}.b.example",
            "a.example\u{ff0f}.b.example",
            "a\u{ff20}b.example",
            "a.example\u{ff1a}81",
            "\u{ff3b}::1\u{ff3d}",
            "a.example\u{ff03}b",
            "a\u{a8}b.example",
            "a\u{ff05}00b",
            "\u{ad}",
        ] {
            assert!(parse(text).is_err(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn writes_host_without_default_port_and_zone() {
        let header = |text| parse(text).map(|a| a.host_header(80));
        assert_eq!(header("a.example"), Ok("a.example".into()));
        assert_eq!(header("a.example:81"), Ok("a.example:81".into()));
        assert_eq!(header("[2001::]"), Ok("[2001::]".into()));
        assert_eq!(header("[fe80::%2]:81"), Ok("[fe80::]:81".into()));
    }

    #[test]
    fn takes_urls_apart() {
        let parts = |url| {
            let url = Url::parse(url)?;
            Ok::<_, Error>((url.is_https, url.authority, url.target))
        };
        for (url, is_https, authority, target) in [
            ("HTTPS://[::1]:8443/a?b#c", true, "[::1]:8443", "/a?b"),
            ("http://a.example", false, "a.example", "/"),
            ("http://a.example#c", false, "a.example", "/"),
            ("http://a.example?b/c?d", false, "a.example", "/?b/c?d"),
            ("http://a.example?", false, "a.example", "/?"),
        ] {
            assert_eq!(
                parts(url),
                Ok((is_https, authority, target.into())),
                "{url}"
            );
        }
        for url in ["", "a.example", "ftp://a.example", "http:/a"] {
            assert!(parts(url).is_err(), "{url}");
        }
    }

    #[test]
    fn takes_the_authority_of_an_absolute_target() {
        for (target, authority) in [
            ("http://a.example/b", Some("a.example")),
            ("HTTPS://user:pass@a.example:81?q", Some("a.example:81")),
            ("http://[fe80::1%25en0]:81/", Some("[fe80::1]:81")),
            ("/path?u=http://a", None),
            ("*", None),
        ] {
            assert_eq!(target_authority(target).as_deref(), authority, "{target}");
        }
    }
}

//! Hosts, ports and the URLs of proxies: the rules of the interface, written a second time, for ASCII.

use std::net::Ipv6Addr;

use crate::fault::Fault;

/// `host` and `port` of a constructor, with the host as `Host` writes it.
pub fn parse(text: &str, port: Option<u16>, default: u16) -> Result<(String, u16), Fault> {
    let (host, own) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => (bracketed(address)?, after_colon(rest)?),
        None => match text.split_once(':') {
            Some((name, port)) => (named(name)?, Some(port)),
            None => (named(text)?, None),
        },
    };
    let port = match (port, own) {
        (Some(_), Some(_)) | (Some(0), None) => return Err(Fault::InvalidUrl),
        (Some(port), None) => port,
        (None, Some(digits)) => number(digits)?,
        (None, None) => default,
    };
    Ok((host, port))
}

fn after_colon(rest: &str) -> Result<Option<&str>, Fault> {
    match rest {
        "" => Ok(None),
        _ => rest.strip_prefix(':').map(Some).ok_or(Fault::InvalidUrl),
    }
}

fn number(digits: &str) -> Result<u16, Fault> {
    let is_plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let port = digits.parse::<u16>().ok().filter(|it| is_plain && *it > 0);
    port.ok_or(Fault::InvalidUrl)
}

fn bracketed(address: &str) -> Result<String, Fault> {
    let (number, zone) = address.split_once('%').unwrap_or((address, "0"));
    let is_zone = zone.bytes().all(|it| it.is_ascii_alphanumeric());
    match number.parse::<Ipv6Addr>() {
        Ok(_) if is_zone => Ok(format!("[{number}]")),
        _ => Err(Fault::InvalidUrl),
    }
}

/// A name, or an IPv4 address.
fn named(name: &str) -> Result<String, Fault> {
    let may_stand = |c: char| c.is_ascii_graphic() && !"/\\@?#%[]<>^|\"`{}:".contains(c);
    match !name.is_empty() && name.chars().all(may_stand) {
        true => Ok(name.to_owned()),
        false => Err(Fault::InvalidUrl),
    }
}

/// The URL of a proxy that is reached without TLS.
pub fn proxy(url: &str) -> Result<(), Fault> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    if !scheme.eq_ignore_ascii_case("http") {
        return Err(Fault::InvalidUrl);
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    parse(host, None, 80).map(|_| ())
}

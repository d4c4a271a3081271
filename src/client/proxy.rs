//! Proxies: their URLs, and what the environment says about them.

use alloc::string::String;
use alloc::vec::Vec;
use core::net::IpAddr;

use base64ct::{Base64, Encoding};

use super::address::Authority;
use super::error::{Error, HttpException};
use super::options::Scheme;
use crate::http1::{HTTP_PORT, HTTPS_PORT};
use crate::transport::tls::Config;

/// Where a proxy is, how it is reached, and as whom.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// The proxy itself.
    pub server: Authority,
    /// TLS with the proxy.
    pub tls: Option<Config>,
    /// The value of `Proxy-Authorization`.
    pub authorization: Option<String>,
}

impl Proxy {
    /// Takes `[http[s]://][user:password@]host[:port][/]`; `tls` is asked for an `https:` proxy.
    ///
    /// # Errors
    /// `InvalidURL`, and what `tls` fails with.
    pub fn parse<E: From<Error>>(
        url: &str,
        tls: impl FnOnce() -> Result<Config, E>,
    ) -> Result<Self, E> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        let (credentials, host) = match rest.rsplit_once('@') {
            Some((credentials, host)) => (Some(credentials), host),
            None => (None, rest),
        };
        let (port, tls) = match scheme.to_ascii_lowercase().as_str() {
            "http" => (HTTP_PORT, None),
            "https" => (HTTPS_PORT, Some(tls()?)),
            _ => {
                let text = format!("a proxy can't be reached by '{scheme}:'");
                return Err(Error::from(HttpException::InvalidUrl(text)).into());
            }
        };
        Ok(Self {
            server: Authority::parse(host, None, port)?,
            tls,
            authorization: credentials.map(basic),
        })
    }
}

/// RFC 7617: user and password, as they are behind their percent-encoding.
fn basic(credentials: &str) -> String {
    let decoded = match credentials.split_once(':') {
        Some((user, password)) => [decode(user), decode(password)].join(&b':'),
        None => [decode(credentials), Vec::new()].join(&b':'),
    };
    format!("Basic {}", Base64::encode_string(&decoded))
}

fn decode(text: &str) -> Vec<u8> {
    percent_encoding::percent_decode_str(text).collect()
}

/// The proxy that the environment names for `server`; none where it names none, or excepts it.
pub fn from_environment(
    scheme: &Scheme,
    server: &Authority,
    variable: impl Fn(&str) -> Option<String>,
) -> Option<String> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let either = |lower: &str, upper: &str| set(lower).or_else(|| set(upper));
    let proxy = match scheme {
        Scheme::Https(_) => either("https_proxy", "HTTPS_PROXY"),
        // A CGI program finds the request's `Proxy` header under this name.
        Scheme::Http if set("REQUEST_METHOD").is_some() => set("http_proxy"),
        Scheme::Http => either("http_proxy", "HTTP_PROXY"),
    };
    let proxy = proxy.or_else(|| either("all_proxy", "ALL_PROXY"))?;
    let exceptions = either("no_proxy", "NO_PROXY").unwrap_or_default();
    let excepted = exceptions
        .split([',', ' '])
        .map(str::trim)
        .filter(|exception| !exception.is_empty())
        .any(|exception| excepts(exception, server));
    (!excepted).then_some(proxy)
}

fn excepts(exception: &str, server: &Authority) -> bool {
    if exception == "*" {
        return true;
    }
    let host = server.host.split('%').next().unwrap_or_default();
    if let Ok(address) = host.parse::<IpAddr>() {
        let (network, port) = split_port(exception);
        return port.is_none_or(|port| port == server.port) && contains(network, address);
    }
    let (name, port) = split_port(exception);
    let name = name.trim_start_matches("*.").trim_start_matches('.');
    let (host, name) = (host.to_ascii_lowercase(), name.to_ascii_lowercase());
    let is_within = host
        .strip_suffix(name.as_str())
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    !name.is_empty() && port.is_none_or(|port| port == server.port) && is_within
}

/// Takes `name`, `name:port`, `address`, `[address]:port`.
fn split_port(exception: &str) -> (&str, Option<u16>) {
    if let Some(bracketed) = exception.strip_prefix('[') {
        let (address, rest) = bracketed.split_once(']').unwrap_or((bracketed, ""));
        return (
            address,
            rest.strip_prefix(':').and_then(|it| it.parse().ok()),
        );
    }
    match exception.split_once(':') {
        Some((name, port)) if !port.contains(':') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (exception, None),
        },
        _ => (exception, None),
    }
}

/// Whether `address` is `network`, or in it where that has a prefix length.
fn contains(network: &str, address: IpAddr) -> bool {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, length.parse::<u32>().ok()),
        None => (network, Some(128)),
    };
    let (Ok(base), Some(length)) = (base.parse::<IpAddr>(), length) else {
        return false;
    };
    match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            let shift = 32 - length.min(32);
            let top = |ip: core::net::Ipv4Addr| ip.to_bits().checked_shr(shift).unwrap_or(0);
            top(base) == top(address)
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            let shift = 128 - length.min(128);
            let top = |ip: core::net::Ipv6Addr| ip.to_bits().checked_shr(shift).unwrap_or(0);
            top(base) == top(address)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::ToOwned;

    use super::*;

    fn no_tls() -> Result<Config, Error> {
        panic!("TLS was not asked for")
    }

    fn parse(url: &str) -> Result<Proxy, Error> {
        Proxy::parse(url, no_tls)
    }

    fn named(host: &str, variables: &[(&str, &str)]) -> Option<String> {
        let server = Authority::parse(host, None, 80).expect("a host");
        from_environment(&Scheme::Http, &server, |name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn takes_a_url_or_a_bare_host() {
        for url in [
            "http://proxy.example:3128",
            "proxy.example:3128",
            "HTTP://proxy.example:3128/",
        ] {
            let proxy = parse(url).expect("a proxy");
            assert_eq!(proxy.server.with_port(), "proxy.example:3128", "{url}");
            assert_eq!(proxy.authorization, None);
        }
    }

    #[test]
    fn decodes_credentials() {
        let proxy = parse("http://user:p%40ss@[::1]:80").expect("a proxy");
        assert_eq!(proxy.authorization.as_deref(), Some("Basic dXNlcjpwQHNz"));
        assert_eq!(proxy.server.host, "::1");
    }

    #[test]
    fn refuses_other_schemes() {
        assert!(parse("socks5://proxy.example").is_err());
        assert!(parse("http://").is_err());
    }

    #[test]
    fn reads_the_variables_in_their_order() {
        assert_eq!(named("a.example", &[]), None);
        assert_eq!(
            named("a.example", &[("HTTP_PROXY", "p")]).as_deref(),
            Some("p")
        );
        let both = [("HTTP_PROXY", "upper"), ("http_proxy", "lower")];
        assert_eq!(named("a.example", &both).as_deref(), Some("lower"));
        assert_eq!(
            named("a.example", &[("ALL_PROXY", "p")]).as_deref(),
            Some("p")
        );
        assert_eq!(named("a.example", &[("HTTPS_PROXY", "p")]), None);
    }

    #[test]
    fn ignores_the_upper_case_variable_in_a_cgi_program() {
        let cgi = [("REQUEST_METHOD", "GET"), ("HTTP_PROXY", "evil")];
        assert_eq!(named("a.example", &cgi), None);
    }

    #[test]
    fn excepts_what_no_proxy_names() {
        for (exceptions, host, excepted) in [
            ("*", "a.example", true),
            ("a.example", "a.example", true),
            ("A.Example", "a.eXample", true),
            ("example", "a.example", true),
            (".example", "a.example", true),
            ("*.example", "a.example", true),
            ("xample", "a.example", false),
            ("a.example:81", "a.example", false),
            ("a.example:80", "a.example", true),
            ("b.example, a.example", "a.example", true),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("10.0.0.0/40", "10.0.0.1", false),
            ("0.0.0.0/0", "11.1.2.3", true),
            ("127.0.0.1", "127.0.0.1", true),
            ("[::1]:80", "[::1]", true),
            ("::1", "[::1]", true),
            ("fe80::/10", "[fe80::1%2]", true),
            ("::/0", "127.0.0.1", false),
            ("", "a.example", false),
        ] {
            let variables = [("http_proxy", "p"), ("NO_PROXY", exceptions)];
            assert_eq!(
                named(host, &variables).is_none(),
                excepted,
                "{exceptions} {host}"
            );
        }
    }
}

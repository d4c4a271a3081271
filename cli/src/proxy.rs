//! Which proxy a transfer goes through.

use std::env;
use std::net::IpAddr;

use crate::bindings::client::HttpConnection;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options;
use crate::url::{Scheme, Url, decode, encode};

/// A proxy's URL: scheme, credentials, host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyUrl {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// `user:password`, not percent-encoded.
    pub credentials: Option<String>,
    /// Host and perhaps port.
    pub authority: String,
}

impl ProxyUrl {
    /// # Errors
    /// It has another scheme than `http` and `https`.
    fn parse(text: &str) -> Result<Self, Failure> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("http", text));
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => {
                let text = format!("unsupported proxy scheme '{scheme}': only http and https are");
                return Err(Failure::new(Exit::Connect, text));
            }
        };
        let rest = rest.split('/').next().unwrap_or_default();
        let (credentials, authority) = match rest.rsplit_once('@') {
            Some((credentials, authority)) => (Some(decode(credentials)), authority.to_owned()),
            None => (None, rest.to_owned()),
        };
        Ok(Self {
            scheme,
            credentials,
            authority,
        })
    }

    /// As httplib takes it.
    pub fn whole(&self) -> String {
        let credentials = self
            .credentials
            .as_deref()
            .map_or(String::new(), |credentials| {
                let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
                format!(
                    "{}:{}@",
                    encode(user.as_bytes()),
                    encode(password.as_bytes())
                )
            });
        format!("{}://{credentials}{}", self.scheme.name(), self.authority)
    }

    /// Without credentials, as messages show it.
    pub fn shown(&self) -> String {
        format!("{}://{}", self.scheme.name(), self.authority)
    }
}

/// The proxy that the options name for this server, or the environment, as httplib reads it for this
/// connection.
///
/// # Errors
/// It has another scheme than `http` and `https`.
pub fn choose(
    options: &options::Proxy,
    url: &Url,
    connection: &HttpConnection,
) -> Result<Option<ProxyUrl>, Failure> {
    let exceptions = options.except.clone().or_else(no_proxy).unwrap_or_default();
    if is_excepted(&exceptions, &url.host()) {
        return Ok(None);
    }
    let named = match &options.url {
        Some(named) => Some(named.clone()).filter(|it| !it.is_empty()),
        None => connection.proxy_from_environment(),
    };
    let Some(named) = named else { return Ok(None) };
    let mut proxy = ProxyUrl::parse(&named)?;
    if let Some(user) = &options.user {
        proxy.credentials = Some(user.clone());
    }
    Ok(Some(proxy))
}

fn no_proxy() -> Option<String> {
    env::var("no_proxy").or_else(|_| env::var("NO_PROXY")).ok()
}

/// Whether a list such as `localhost,.example.com,10.0.0.0/8` has the host, or a domain above it.
fn is_excepted(list: &str, host: &str) -> bool {
    let mut entries = list.split([',', ' ']).filter(|entry| !entry.is_empty());
    entries.any(|entry| match host.parse::<IpAddr>() {
        _ if entry == "*" => true,
        Ok(address) => has_address(entry.trim_matches(['[', ']']), address),
        Err(_) => has_name(&entry.to_lowercase(), host),
    })
}

fn has_name(entry: &str, host: &str) -> bool {
    let domain = entry.trim_start_matches('.').trim_end_matches('.');
    let host = host.trim_end_matches('.');
    match host.strip_suffix(domain) {
        Some(rest) => !domain.is_empty() && (rest.is_empty() || rest.ends_with('.')),
        None => false,
    }
}

fn has_address(entry: &str, address: IpAddr) -> bool {
    let (network, length) = match entry.split_once('/') {
        Some((network, length)) => (network, length.parse().ok()),
        None => (entry, Some(u128::BITS)),
    };
    let (Ok(network), Some(length)) = (network.parse(), length) else {
        return false;
    };
    let (width, network, address) = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => {
            (32, network.to_bits().into(), address.to_bits().into())
        }
        (IpAddr::V6(network), IpAddr::V6(address)) => (128, network.to_bits(), address.to_bits()),
        _ => return false,
    };
    let rest = width - length.min(width);
    let top = |bits: u128| bits.checked_shr(rest).unwrap_or(0);
    top(network) == top(address)
}

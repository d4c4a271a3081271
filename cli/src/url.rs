//! URLs as curl takes them: without a scheme they are `http:`.
//!
//! Only the parts are told apart here. What host, port and path may hold is httplib's to check.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::exit::Exit;
use crate::failure::Failure;

/// How a server is talked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Over TCP.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// As it stands in a URL.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    fn port(self) -> &'static str {
        match self {
            Self::Http => "80",
            Self::Https => "443",
        }
    }
}

/// A URL in its parts.
#[derive(Clone, Debug)]
pub struct Url {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// `user:password` as it was before its percent-encoding.
    pub credentials: Option<String>,
    /// Host and, where the URL has one, port.
    pub authority: String,
    /// From the path's slash to the end of the query; non-ASCII characters percent-encoded.
    pub target: String,
}

/// What a target may not hold as it is and gets a meaning by its encoding only. Spaces and control
/// characters stay: they are mistakes, and refused.
const ENCODED: &AsciiSet = &AsciiSet::EMPTY
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// What `--data-urlencode` leaves alone: RFC 3986's unreserved characters.
const QUERY: &AsciiSet = &CONTROLS.union(
    percent_encoding::NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~'),
);

impl Url {
    /// Takes a URL apart.
    ///
    /// # Errors
    /// Another scheme, or no host.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme_of(scheme)?, rest),
            None => (Scheme::Http, text),
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (credentials, authority) = match authority.rsplit_once('@') {
            Some((credentials, authority)) => (Some(decode(credentials)), authority),
            None => (None, authority),
        };
        if authority.is_empty() {
            return Err(Failure::new(
                Exit::MalformedUrl,
                format!("no host in '{text}'"),
            ));
        }
        let slash = if target.starts_with('/') { "" } else { "/" };
        let target = utf8_percent_encode(target, ENCODED);
        Ok(Self {
            scheme,
            credentials,
            authority: authority.to_owned(),
            target: format!("{slash}{target}"),
        })
    }

    /// Without credentials, as messages show it.
    pub fn shown(&self) -> String {
        format!("{}://{}{}", self.scheme.name(), self.authority, self.target)
    }

    /// The value of `Host`: without the scheme's own port.
    pub fn host_header(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if port == self.scheme.port() => host,
            _ => &self.authority,
        }
    }

    /// The host in lower case, without brackets and without its port.
    pub fn host(&self) -> String {
        let host = match self.authority.strip_prefix('[') {
            Some(rest) => rest.split(']').next().unwrap_or_default(),
            None => self.authority.split(':').next().unwrap_or_default(),
        };
        host.to_lowercase()
    }

    /// The last segment of the path; empty where the path ends with a slash.
    pub fn file_name(&self) -> &str {
        let path = self.target.split('?').next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default()
    }

    /// Adds to the query, behind `?` or `&`.
    pub fn add_query(&mut self, query: &str) {
        if query.is_empty() {
            return;
        }
        self.target
            .push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(query);
    }

    /// Adds a name to a path that ends with a slash, as uploads do.
    pub fn add_file_name(&mut self, name: &str) {
        if !self.target.contains('?') && self.target.ends_with('/') {
            self.target.push_str(&encode(name.as_bytes()));
        }
    }
}

/// With everything but RFC 3986's unreserved characters percent-encoded.
pub fn encode(bytes: &[u8]) -> String {
    percent_encoding::percent_encode(bytes, QUERY).to_string()
}

/// What was percent-encoded.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn scheme_of(name: &str) -> Result<Scheme, Failure> {
    match name.to_ascii_lowercase().as_str() {
        "http" => Ok(Scheme::Http),
        "https" => Ok(Scheme::Https),
        _ => {
            let text = format!("protocol '{name}' is not supported: only http and https are");
            Err(Failure::new(Exit::UnsupportedProtocol, text))
        }
    }
}

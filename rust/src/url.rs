//! URLs, as far as a request needs them taken apart.

use std::borrow::Cow;

use crate::error::{HttpException, Result};

/// An absolute `http:` or `https:` URL.
pub struct Url<'a> {
    pub is_https: bool,
    /// Host and port, which the connection judges.
    pub authority: &'a str,
    /// Path and query.
    pub target: Cow<'a, str>,
}

impl<'a> Url<'a> {
    /// The fragment is left out, and an empty path is `/` (RFC 9112 §3.2.1).
    pub fn parse(url: &'a str) -> Result<Self> {
        let wrong =
            || HttpException::InvalidUrl(format!("'{url}' is no absolute http or https URL"));
        let (scheme, rest) = url.split_once("://").ok_or_else(wrong)?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong().into());
        }
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let target = match target.starts_with('/') {
            true => Cow::Borrowed(target),
            false => Cow::Owned(format!("/{target}")),
        };
        Ok(Self {
            is_https,
            authority,
            target,
        })
    }
}

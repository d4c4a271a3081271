//! Where a connection leads, and what it passes on its way.

use alloc::borrow::Cow;
use alloc::string::String;

use super::address::Authority;
use super::options::{Options, Scheme};
use super::proxy::Proxy;
use super::tunnel::Tunnel;

/// From this end to the server.
pub struct Route {
    /// The constructor's host.
    pub server: Authority,
    /// What is dialed in its stead: `set_proxy`.
    pub proxy: Option<Proxy>,
    /// Where the `CONNECT` leads: `set_tunnel`, or `set_proxy` for `https`.
    pub tunnel: Option<Tunnel>,
    /// With or without TLS.
    pub scheme: Scheme,
    /// Timeout, source address and limits.
    pub options: Options,
}

impl Route {
    /// The host that is dialed.
    pub fn dialed(&self) -> &Authority {
        self.proxy
            .as_ref()
            .map_or(&self.server, |proxy| &proxy.server)
    }

    /// The server that answers the requests.
    pub fn origin(&self) -> &Authority {
        self.tunnel
            .as_ref()
            .map_or(&self.server, |tunnel| &tunnel.server)
    }

    /// Whether a reply without a status line is an error even on a fresh stream.
    pub fn must_have_status_line(&self) -> bool {
        self.options.strict == Some(true) || self.tunnel.is_some()
    }

    /// The value of `Host` for the origin.
    pub fn host_header(&self) -> String {
        self.origin().host_header(self.scheme.default_port())
    }

    /// The proxy that sees the requests themselves.
    pub fn forwarding_proxy(&self) -> Option<&Proxy> {
        match self.tunnel {
            Some(_) => None,
            None => self.proxy.as_ref(),
        }
    }

    /// The target as the dialed host wants it: a forwarding proxy wants the absolute form (RFC 9112
    /// §3.2.2), with nothing behind the authority for `*`.
    pub fn target<'a>(&self, target: &'a str) -> Cow<'a, str> {
        let path = match target {
            "" => "/",
            "*" => "",
            target => target,
        };
        if self.forwarding_proxy().is_some() && (path.is_empty() || path.starts_with('/')) {
            Cow::Owned(format!("http://{}{path}", self.host_header()))
        } else {
            Cow::Borrowed(target)
        }
    }
}

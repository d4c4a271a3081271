//! Connections, kept from one URL to the next.

use std::time::Duration;

use crate::bindings::client::{ConnectionOptions, Error, HttpConnection, TlsContext, TlsOptions};
use crate::exit::Exit;
use crate::failure::{Failure, Stage};
use crate::options::{Options, Verbosity};
use crate::proxy::{self, ProxyUrl};
use crate::request::basic;
use crate::trust;
use crate::url::{Scheme, Url};

/// The connections so far. Those to one server, by one way, are one.
pub struct Connections<'a> {
    options: &'a Options,
    servers: Option<TlsContext>,
    proxies: Option<TlsContext>,
    open: Vec<Kept>,
}

struct Kept {
    scheme: Scheme,
    authority: String,
    connection: Connection,
}

/// How a server is reached.
pub struct Connection {
    /// httplib's.
    pub http: HttpConnection,
    /// The proxy on the way.
    pub proxy: Option<ProxyUrl>,
    /// Whether the last response left it open.
    pub is_kept: bool,
}

impl Connection {
    /// What failing to connect means.
    pub fn connecting(&self) -> Stage {
        match self.proxy {
            Some(_) => Stage::ConnectingByProxy,
            None => Stage::Connecting,
        }
    }
}

impl<'a> Connections<'a> {
    /// None yet.
    pub fn new(options: &'a Options) -> Self {
        Self {
            options,
            servers: None,
            proxies: None,
            open: Vec::new(),
        }
    }

    /// The connection to the URL's server, which may be open already.
    ///
    /// # Errors
    /// The host or the proxy can't be used; a file of TLS can't be.
    pub fn to(&mut self, url: &Url) -> Result<&mut Connection, Failure> {
        let authority = url.authority.to_lowercase();
        let known = |it: &Kept| it.scheme == url.scheme && it.authority == authority;
        let at = match self.open.iter().position(known) {
            Some(at) => at,
            None => {
                let connection = self.make(url)?;
                self.open.push(Kept {
                    scheme: url.scheme,
                    authority,
                    connection,
                });
                self.open.len() - 1
            }
        };
        Ok(&mut self.open[at].connection)
    }

    fn make(&mut self, url: &Url) -> Result<Connection, Failure> {
        let direct = self.unconnected(url.scheme, &url.authority)?;
        let proxy = proxy::choose(&self.options.proxy, url, &direct)?;
        let http = match &proxy {
            None => direct,
            Some(proxy) if self.options.proxy.tunnel && url.scheme == Scheme::Http => {
                self.tunnelled(url, proxy)?
            }
            Some(proxy) => {
                let context = match proxy.scheme {
                    Scheme::Http => None,
                    Scheme::Https => Some(self.proxies()?),
                };
                let set = direct.set_proxy(Some(&proxy.whole()), context);
                set.map_err(|error| Failure::because(Exit::ProxyName, &error))?;
                direct
            }
        };
        http.set_encode_chunked(true);
        http.set_debuglevel(u32::from(self.options.output.verbose == Verbosity::Debug));
        Ok(Connection {
            http,
            proxy,
            is_kept: false,
        })
    }

    /// `--proxytunnel` for `http:`, which httplib's own proxies get in absolute form.
    fn tunnelled(&mut self, url: &Url, proxy: &ProxyUrl) -> Result<HttpConnection, Failure> {
        if proxy.scheme == Scheme::Https {
            let text = "httplib opens no tunnel for http through an https proxy";
            return Err(Failure::usage(format!("option --proxytunnel: {text}")));
        }
        let http = self
            .unconnected(Scheme::Http, &proxy.authority)
            .map_err(|failure| Failure {
                exit: Exit::ProxyName,
                ..failure
            })?;
        let credentials = proxy.credentials.as_deref();
        let headers: Vec<_> = credentials
            .map(|credentials| ("Proxy-Authorization".to_owned(), basic(credentials)))
            .into_iter()
            .collect();
        http.set_tunnel(&url.authority, tunnel_port(url), &headers)
            .map_err(malformed)?;
        Ok(http)
    }

    fn unconnected(&mut self, scheme: Scheme, authority: &str) -> Result<HttpConnection, Failure> {
        let options = self.options;
        let source_address = options
            .request
            .interface
            .clone()
            .map(|address| (address, 0));
        let given = ConnectionOptions {
            strict: Some(!options.request.http09),
            timeout: None,
            source_address,
            blocksize: None,
            max_response_headers: None,
        };
        let connection = match scheme {
            Scheme::Http => HttpConnection::http(authority, None, Some(&given)),
            Scheme::Https => {
                let tls = TlsOptions {
                    context: Some(self.servers()?),
                    key_file: None,
                    cert_file: None,
                };
                HttpConnection::https(authority, None, Some(&given), Some(&tls))
            }
        }
        .map_err(malformed)?;
        if let Some(timeout) = options.limits.expect {
            connection.set_continue_timeout(nanoseconds(timeout));
        }
        Ok(connection)
    }

    fn servers(&mut self) -> Result<&TlsContext, Failure> {
        if self.servers.is_none() {
            self.servers = Some(trust::for_servers(&self.options.tls)?);
        }
        Ok(self.servers.as_ref().expect("invariant: it was just made"))
    }

    fn proxies(&mut self) -> Result<&TlsContext, Failure> {
        if self.proxies.is_none() {
            self.proxies = Some(trust::for_proxies(&self.options.proxy)?);
        }
        Ok(self.proxies.as_ref().expect("invariant: it was just made"))
    }
}

/// A tunnel leads to a port: httplib's default for it, 80, is the one of `http:`.
fn tunnel_port(url: &Url) -> Option<u16> {
    let has_port = url
        .authority
        .rsplit(']')
        .next()
        .is_some_and(|rest| rest.contains(':'));
    (!has_port).then_some(80)
}

fn malformed(error: Error) -> Failure {
    Failure::during(Stage::Connecting, &error)
}

/// What WASI measures time in; more than it can hold is for ever.
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

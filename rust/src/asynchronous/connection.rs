//! Connections.

use std::fmt;
use std::time::Duration;

use super::bindings::client as wit;
use super::request::RequestBuilder;
use super::tls::TlsContext;
use crate::Fields;
use crate::bindings::client::ConnectionOptions;
use crate::builder::{self, nanoseconds};
use crate::error::Result;
use crate::tls::TlsSession;

/// Says how a connection is to be, and then makes it.
pub type ConnectionBuilder<'a> = builder::ConnectionBuilder<'a, TlsContext>;

/// A connection to one server, for one request after another. See [`Connection`](crate::Connection) for what it does.
///
/// Requests over one connection follow each other; for several at once, take several connections.
pub struct Connection(wit::HttpConnection);

impl Connection {
    /// A connection in the clear. Does not connect yet.
    ///
    /// # Errors
    /// As for [`ConnectionBuilder::http`](crate::ConnectionBuilder::http).
    pub fn http(host: &str) -> Result<Self> {
        Self::builder().http(host)
    }

    /// A connection over TLS. Does not connect yet.
    ///
    /// # Errors
    /// As for [`ConnectionBuilder::https`](crate::ConnectionBuilder::https).
    pub async fn https(host: &str) -> Result<Self> {
        Self::builder().https(host).await
    }

    /// For a connection with a timeout, an authority of its own, and so on.
    pub fn builder<'a>() -> ConnectionBuilder<'a> {
        ConnectionBuilder::default()
    }

    /// A request for this target, such as `/index.html?q`.
    pub fn request<'a>(&'a self, method: &'a str, target: &'a str) -> RequestBuilder<'a> {
        RequestBuilder::over(self, method, target)
    }

    /// A GET request.
    pub fn get<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("GET", target)
    }

    /// A POST request.
    pub fn post<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("POST", target)
    }

    /// A PUT request.
    pub fn put<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("PUT", target)
    }

    /// Opens the connection now, tunnel and TLS included. Does nothing when it is open.
    ///
    /// # Errors
    /// `Socket`, `TimedOut`, `Tls`, `Tunnel`: connecting failed.
    pub async fn connect(&self) -> Result<()> {
        Ok(self.0.connect().await?)
    }

    /// Closes the connection and forgets a request under way. It can be used again afterwards.
    pub fn close(&self) {
        self.0.close();
    }

    /// How long each exchange as a whole may take; none: no limit, the default.
    pub fn set_deadline(&self, total: Option<Duration>) {
        self.0.set_deadline(total.map(nanoseconds));
    }

    /// How long to wait for `100 Continue`. Default: one second.
    pub fn set_continue_timeout(&self, timeout: Duration) {
        self.0.set_continue_timeout(nanoseconds(timeout));
    }

    /// Sends requests through a proxy. See [`set_proxy`](crate::Connection::set_proxy).
    ///
    /// # Errors
    /// As there.
    pub async fn set_proxy(&self, url: Option<&str>) -> Result<()> {
        Ok(self.0.set_proxy(url.map(str::to_owned), None).await?)
    }

    /// The proxy that the environment names for this server.
    #[must_use]
    pub fn proxy_from_environment(&self) -> Option<String> {
        self.0.proxy_from_environment()
    }

    /// The headers of the proxy's reply to `CONNECT`.
    #[must_use]
    pub fn proxy_response_headers(&self) -> Option<Fields> {
        self.0.get_proxy_response_headers()
    }

    /// What the TLS handshake with the server agreed on.
    #[must_use]
    pub fn tls_session(&self) -> Option<TlsSession> {
        self.0.tls_session()
    }

    pub(super) fn wit(&self) -> &wit::HttpConnection {
        &self.0
    }
}

impl<'a> ConnectionBuilder<'a> {
    /// A connection to this server, in the clear. Does not connect yet.
    ///
    /// # Errors
    /// [`HttpException::InvalidUrl`](crate::HttpException::InvalidUrl): `host` is not of that form.
    pub fn http(self, host: &str) -> Result<Connection> {
        let (options, _) = self.into_parts();
        let connection = wit::HttpConnection::http(host, None, Some(&options));
        Ok(Connection(connection?))
    }

    /// A connection to this server over TLS. Does not connect yet.
    ///
    /// # Errors
    /// As for [`http`](Self::http); [`TlsError::Configuration`](crate::TlsError::Configuration): nothing was loaded
    /// into the context, and it verifies certificates.
    pub async fn https(self, host: &str) -> Result<Connection> {
        let (options, context): (ConnectionOptions, _) = self.into_parts();
        let tls = context.map(|context| wit::TlsOptions {
            context: Some(&context.0),
            key_file: None,
            cert_file: None,
        });
        let connection = wit::HttpConnection::https(host.to_owned(), None, Some(options), tls);
        Ok(Connection(connection.await?))
    }

    /// A request for this URL, on a connection of its own, which closes with the response.
    pub fn request(self, method: &'a str, url: &'a str) -> RequestBuilder<'a> {
        RequestBuilder::to_url(self, method, url)
    }

    /// A GET request for this URL.
    pub fn get(self, url: &'a str) -> RequestBuilder<'a> {
        self.request("GET", url)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

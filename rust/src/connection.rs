//! Connections.

use std::fmt;
use std::time::Duration;

use crate::Fields;
use crate::bindings::client as wit;
use crate::bindings::wasi::io::poll::Pollable;
use crate::builder::{ConnectionBuilder, nanoseconds};
use crate::error::Result;
use crate::request::RequestBuilder;
use crate::response::Response;
use crate::tls::{TlsContext, TlsSession};

/// A connection to one server, for one request after another: `HTTPConnection` and `HTTPSConnection`.
///
/// It connects by itself when a request needs it, keeps the socket open between requests if the server does, and
/// reconnects if the server does not. A response has to be read to its end before the next request.
///
/// ```no_run
/// # fn main() -> httplib::Result<()> {
/// let connection = httplib::Connection::https("www.python.org")?;
/// for path in ["/", "/downloads/"] {
///     let mut response = connection.get(path).send()?;
///     println!("{path}: {} {} bytes", response.status(), response.body()?.len());
/// }
/// # Ok(())
/// # }
/// ```
pub struct Connection(wit::HttpConnection);

impl Connection {
    /// A connection in the clear, as [`ConnectionBuilder::http`] makes it.
    ///
    /// # Errors
    /// As there.
    pub fn http(host: &str) -> Result<Self> {
        Self::builder().http(host)
    }

    /// A connection over TLS, as [`ConnectionBuilder::https`] makes it.
    ///
    /// # Errors
    /// As there.
    pub fn https(host: &str) -> Result<Self> {
        Self::builder().https(host)
    }

    /// For a connection with a timeout, an authority of its own, and so on.
    pub fn builder<'a>() -> ConnectionBuilder<'a> {
        ConnectionBuilder::default()
    }

    /// A request for this target, such as `/index.html?q`. An absolute `http:` URL is sent as it is, for a proxy.
    ///
    /// `Host`, `Accept-Encoding: identity` and `Content-Length` are sent by themselves, unless the request's own headers
    /// have them.
    pub fn request<'a>(&'a self, method: &'a str, target: &'a str) -> RequestBuilder<'a> {
        RequestBuilder::over(self, method, target)
    }

    /// A GET request.
    pub fn get<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("GET", target)
    }

    /// A HEAD request.
    pub fn head<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("HEAD", target)
    }

    /// A POST request.
    pub fn post<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("POST", target)
    }

    /// A PUT request.
    pub fn put<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("PUT", target)
    }

    /// A DELETE request.
    pub fn delete<'a>(&'a self, target: &'a str) -> RequestBuilder<'a> {
        self.request("DELETE", target)
    }

    /// The response to what [`RequestBuilder::begin`] has sent. Interim responses are passed over, but for 101.
    ///
    /// # Errors
    /// - [`ImproperConnectionState::ResponseNotReady`](crate::ImproperConnectionState::ResponseNotReady): there is no
    ///   complete request, or the last response has unread body.
    /// - [`Error::Http`](crate::Error::Http): what came is not a response.
    /// - `Socket`, `TimedOut`, `Tls`: receiving failed.
    pub fn get_response(&self) -> Result<Response> {
        Ok(self.0.get_response()?.into())
    }

    /// Opens the connection now, tunnel and TLS included. Does nothing when it is open.
    ///
    /// # Errors
    /// `Socket`, `TimedOut`, `Tls`, `Tunnel`: connecting failed.
    pub fn connect(&self) -> Result<()> {
        Ok(self.0.connect()?)
    }

    /// Closes the connection and forgets a request under way. It can be used again afterwards.
    pub fn close(&self) {
        self.0.close();
    }

    /// How long each exchange as a whole may take, from the look-up to the last byte of the body; none: no limit, the
    /// default. For the exchanges that begin after this call.
    pub fn set_deadline(&self, total: Option<Duration>) {
        self.0.set_deadline(total.map(nanoseconds));
    }

    /// How long to wait for `100 Continue` before the body is sent anyway, if the request has
    /// `Expect: 100-continue`. Default: one second.
    pub fn set_continue_timeout(&self, timeout: Duration) {
        self.0.set_continue_timeout(nanoseconds(timeout));
    }

    /// Above 0, `send:`, `reply:` and `header:` lines go to standard error. Default: 0.
    pub fn set_debug_level(&self, level: u32) {
        self.0.set_debuglevel(level);
    }

    /// Sends requests through a proxy: in absolute form for `http`, through a tunnel for `https`. None goes back to a
    /// direct connection.
    ///
    /// `url` is `http://[user:password@]host[:port]`, or `https:` if the proxy itself is reached over TLS.
    ///
    /// # Errors
    /// - [`Error::Value`](crate::Error::Value): already connected, or in the middle of a request; a tunnel was set.
    /// - [`HttpException::InvalidUrl`](crate::HttpException::InvalidUrl): it is not of that form.
    pub fn set_proxy(&self, url: Option<&str>) -> Result<()> {
        Ok(self.0.set_proxy(url, None)?)
    }

    /// The same with a proxy that is reached over TLS, and what to trust there.
    ///
    /// # Errors
    /// As for [`set_proxy`](Self::set_proxy).
    pub fn set_secure_proxy(&self, url: &str, context: &TlsContext) -> Result<()> {
        Ok(self.0.set_proxy(Some(url), Some(&context.0))?)
    }

    /// The proxy that the environment names for this server, for [`set_proxy`](Self::set_proxy): `HTTPS_PROXY`,
    /// `HTTP_PROXY` or `ALL_PROXY`, unless `NO_PROXY` exempts the server. Nothing else reads these variables.
    #[must_use]
    pub fn proxy_from_environment(&self) -> Option<String> {
        self.0.proxy_from_environment()
    }

    /// `set_tunnel`: the server of this connection becomes the proxy, and requests go to `host` through a tunnel that
    /// it opens. `headers` go with the `CONNECT` only.
    ///
    /// # Errors
    /// As for [`set_proxy`](Self::set_proxy).
    pub fn set_tunnel(&self, host: &str, headers: &[(String, String)]) -> Result<()> {
        Ok(self.0.set_tunnel(host, None, headers)?)
    }

    /// The headers of the proxy's reply to `CONNECT`, even of one that refused the tunnel.
    #[must_use]
    pub fn proxy_response_headers(&self) -> Option<Fields> {
        self.0.get_proxy_response_headers()
    }

    /// What the TLS handshake with the server agreed on; none before it and without TLS.
    #[must_use]
    pub fn tls_session(&self) -> Option<TlsSession> {
        self.0.tls_session()
    }

    /// What to wait for before a call is made again that failed with [`Error::WouldBlock`](crate::Error::WouldBlock):
    /// until one of them is ready.
    #[must_use]
    pub fn subscribe(&self) -> Vec<Pollable> {
        self.0.subscribe()
    }

    pub(crate) fn wit(&self) -> &wit::HttpConnection {
        &self.0
    }
}

impl From<wit::HttpConnection> for Connection {
    fn from(connection: wit::HttpConnection) -> Self {
        Self(connection)
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

//! How connections are made.

use std::time::Duration;

use crate::bindings::client as wit;
use crate::connection::Connection;
use crate::error::Result;
use crate::request::RequestBuilder;
use crate::tls::TlsContext;

/// Says how a connection is to be, and then makes it, or makes a request on one of its own.
///
/// ```no_run
/// use std::time::Duration;
///
/// # fn main() -> httplib::Result<()> {
/// let connection = httplib::Connection::builder()
///     .timeout(Duration::from_secs(10))
///     .https("www.python.org")?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "nothing is made until `http`, `https` or a request is called"]
pub struct ConnectionBuilder<'a, Context = TlsContext> {
    options: wit::ConnectionOptions,
    context: Option<&'a Context>,
}

impl<'a, Context> ConnectionBuilder<'a, Context> {
    /// How long each step may take: the look-up, the connect, the handshake, and each wait for the peer while sending
    /// and receiving. Default: no limit. A limit for all of it is [`Connection::set_deadline`].
    ///
    /// With a timeout of 0 no call waits. Where it would have to, it fails with
    /// [`Error::WouldBlock`](crate::Error::WouldBlock), and has to be made again once one of the pollables of
    /// `subscribe` is ready; nothing is lost meanwhile. Requests are sent with [`RequestBuilder::begin`] then.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = Some(nanoseconds(timeout));
        self
    }

    /// Whether a first reply without a status line is an error. If not, it is HTTP/0.9, a 200 whose body is everything
    /// that comes. Default: it is an error.
    pub fn strict(mut self, strict: bool) -> Self {
        self.options.strict = Some(strict);
        self
    }

    /// The local address and port to connect from; port 0 leaves the choice of the port to the host.
    pub fn source_address(mut self, address: &str, port: u16) -> Self {
        self.options.source_address = Some((address.to_owned(), port));
        self
    }

    /// How many bytes of a file or of a stream are read and sent at a time. Default: 65,536.
    pub fn blocksize(mut self, bytes: u32) -> Self {
        self.options.blocksize = Some(bytes);
        self
    }

    /// How many header lines, and how many trailer lines, a response may have. Default: 100.
    pub fn max_response_headers(mut self, lines: u32) -> Self {
        self.options.max_response_headers = Some(lines);
        self
    }

    /// Whom to trust and which certificate to present. Default: [`TlsContext::create_default`]. Later changes to the
    /// context do not affect connections that were made.
    pub fn tls(mut self, context: &'a Context) -> Self {
        self.context = Some(context);
        self
    }

    #[cfg(feature = "async")]
    pub(crate) fn into_parts(self) -> (wit::ConnectionOptions, Option<&'a Context>) {
        (self.options, self.context)
    }
}

impl ConnectionBuilder<'_> {
    /// A connection to this server, in the clear. Does not connect yet.
    ///
    /// `host` is `name`, `name:port`, an IPv4 address, `[IPv6]` or `[IPv6]:port`. The default port is 80.
    ///
    /// # Errors
    /// [`HttpException::InvalidUrl`](crate::HttpException::InvalidUrl): it is not of that form.
    pub fn http(self, host: &str) -> Result<Connection> {
        let connection = wit::HttpConnection::http(host, None, Some(&self.options));
        Ok(connection?.into())
    }

    /// A connection to this server over TLS. Does not connect yet. The default port is 443.
    ///
    /// # Errors
    /// As for [`http`](Self::http); [`TlsError::Configuration`](crate::TlsError::Configuration): nothing was loaded
    /// into the context, and it verifies certificates.
    pub fn https(self, host: &str) -> Result<Connection> {
        let tls = self.context.map(|context| wit::TlsOptions {
            context: Some(&context.0),
            key_file: None,
            cert_file: None,
        });
        let connection = wit::HttpConnection::https(host, None, Some(&self.options), tls.as_ref());
        Ok(connection?.into())
    }

    /// A request for this URL, `http:` or `https:`, on a connection of its own, which closes with the response. No
    /// redirect is followed.
    ///
    /// What is wrong with the URL, [`send`](RequestBuilder::send) says.
    pub fn request<'r>(self, method: &'r str, url: &'r str) -> RequestBuilder<'r> {
        RequestBuilder::to_url(self, method, url)
    }

    /// A GET request for this URL, see [`request`](Self::request).
    pub fn get(self, url: &str) -> RequestBuilder<'_> {
        self.request("GET", url)
    }

    /// Whether connections never wait.
    pub(crate) fn is_nonblocking(&self) -> bool {
        self.options.timeout == Some(0)
    }
}

impl<Context> Default for ConnectionBuilder<'_, Context> {
    fn default() -> Self {
        Self {
            options: wit::ConnectionOptions {
                strict: Some(true),
                timeout: None,
                source_address: None,
                blocksize: None,
                max_response_headers: None,
            },
            context: None,
        }
    }
}

/// As WASI counts time; what is beyond it, some 584 years, is as good as no end.
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

//! Requests.

use std::borrow::Cow;
use std::fmt;

use crate::Fields;
use crate::body::Body;
use crate::builder::ConnectionBuilder;
use crate::connection::Connection;
use crate::error::{Error, Result};
use crate::response::Response;
use crate::sending::Request;
use crate::url::Url;

/// A request that is put together and then sent.
///
/// ```no_run
/// # fn main() -> httplib::Result<()> {
/// # let connection = httplib::Connection::http("localhost")?;
/// let response = connection
///     .put("/notes/1")
///     .header("Content-Type", "text/plain")
///     .body("Buy milk.")
///     .send()?;
/// assert_eq!(response.status(), 201);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent until `send` is called"]
pub struct RequestBuilder<'a> {
    connection: Result<Link<'a>>,
    request: Request<'a>,
    /// Why the body that was given can't be sent.
    flaw: Option<Error>,
}

/// What the request goes over.
enum Link<'a> {
    Lent(&'a Connection),
    Own(Connection),
}

impl Link<'_> {
    fn get(&self) -> &Connection {
        match self {
            Self::Lent(connection) => connection,
            Self::Own(connection) => connection,
        }
    }
}

impl<'a> RequestBuilder<'a> {
    pub(crate) fn over(connection: &'a Connection, method: &'a str, target: &'a str) -> Self {
        Self::new(Ok(Link::Lent(connection)), method, target.into())
    }

    pub(crate) fn to_url(builder: ConnectionBuilder<'_>, method: &'a str, url: &'a str) -> Self {
        let url = match Url::parse(url) {
            Ok(url) => url,
            Err(error) => return Self::new(Err(error), method, Cow::Borrowed("")),
        };
        let connection = match url.is_https {
            _ if builder.is_nonblocking() => Err(Error::Value(
                "a request to a URL can't be sent again: it needs a timeout other than 0"
                    .to_owned(),
            )),
            true => builder.https(url.authority),
            false => builder.http(url.authority),
        };
        Self::new(connection.map(Link::Own), method, url.target)
    }

    fn new(connection: Result<Link<'a>>, method: &'a str, target: Cow<'a, str>) -> Self {
        let request = Request {
            method,
            target,
            headers: Fields::new(),
            body: None,
            trailers: Fields::new(),
        };
        Self {
            connection,
            request,
            flaw: None,
        }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let header = (name.to_owned(), value.to_owned());
        self.request.headers.push(header);
        self
    }

    /// Adds headers.
    pub fn headers(mut self, headers: impl IntoIterator<Item = (String, String)>) -> Self {
        self.request.headers.extend(headers);
        self
    }

    /// What the request carries: bytes, text, a file, or a [`Body`] of another kind.
    pub fn body(mut self, body: impl Into<Body<'a>>) -> Self {
        self.request.body = Some(body.into());
        self
    }

    /// What the request carries, as JSON. `Content-Type` is `application/json`, unless the request has one already.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(json) => self.request.body = Some(json.into()),
            Err(error) => self.flaw = Some(Error::Json(error)),
        }
        match self.request.has("Content-Type") {
            true => self,
            false => self.header("Content-Type", "application/json"),
        }
    }

    /// Adds a trailer, which is sent behind a body that is sent in chunks: that of a reader or a stream whose length is
    /// unknown.
    pub fn trailer(mut self, name: &str, value: &str) -> Self {
        let trailer = (name.to_owned(), value.to_owned());
        self.request.trailers.push(trailer);
        self
    }

    /// Sends the request, connecting first if needed, and waits for the head of the response.
    ///
    /// A server may refuse a body before it has all of it. The refusal is the response then, and no more of the body is
    /// sent.
    ///
    /// # Errors
    /// - [`HttpException::ImproperConnectionState`](crate::HttpException::ImproperConnectionState): the last response
    ///   has unread body.
    /// - [`HttpException::InvalidUrl`](crate::HttpException::InvalidUrl), `Value`: an argument can't be sent.
    /// - `File`, `Body`, `Json`: the body can't be had.
    /// - `Socket`, `TimedOut`, `Tls`, `Tunnel`: connecting, sending or receiving failed.
    /// - [`Error::Http`]: what came is not a response.
    pub fn send(self) -> Result<Response> {
        let link = self.connection?;
        if let Some(flaw) = self.flaw {
            return Err(flaw);
        }
        self.request.send(link.get().wit())?;
        link.get().get_response()
    }

    /// Sends the request alone; [`Connection::get_response`] has the response.
    ///
    /// It is for connections that never wait: after [`Error::WouldBlock`] the same request is begun again.
    ///
    /// # Errors
    /// As for [`send`](Self::send). `Value`: a body from a reader would have to be waited for.
    pub fn begin(self) -> Result<()> {
        let link = self.connection?;
        if let Some(flaw) = self.flaw {
            return Err(flaw);
        }
        self.request.begin(link.get().wit())
    }
}

impl fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestBuilder")
            .field(&self.request)
            .finish()
    }
}

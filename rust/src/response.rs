//! Responses.

mod reading;

use std::fmt;
use std::io::{self, Read};

use crate::Fields;
use crate::bindings::client as wit;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::OutputStream;
use crate::error::{Error, Result};
use crate::upgraded::Upgraded;
use crate::wasi;
use reading::Buffer;

pub use wit::{HttpMessage, InterimResponse};

/// A version of HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Version {
    /// HTTP/0.9: a body without a head.
    Http09,
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1.
    Http11,
}

impl Version {
    pub(crate) fn from_number(number: u16) -> Self {
        match number {
            9 => Self::Http09,
            10 => Self::Http10,
            _ => Self::Http11,
        }
    }
}

/// A response: its head, and its body as it arrives, by [`Read`] and [`BufRead`](io::BufRead).
///
/// The body stays readable when its [`Connection`](crate::Connection) is dropped. Dropping the response with unread
/// body closes the connection.
///
/// What [`Read`] fails with has an [`Error`] inside: `error.get_ref()`. What was received before that is read first.
///
/// ```no_run
/// use std::io::BufRead;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let response = httplib::get("https://www.python.org/").send()?;
/// for line in response.lines() {
///     println!("{}", line?);
/// }
/// # Ok(())
/// # }
/// ```
pub struct Response {
    wit: wit::HttpResponse,
    buffer: Buffer,
}

impl Response {
    /// The status, 100 to 999.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.wit.status()
    }

    /// The reason phrase; empty if the server sent none.
    #[must_use]
    pub fn reason(&self) -> String {
        self.wit.reason()
    }

    /// The version of HTTP that the server speaks.
    #[must_use]
    pub fn version(&self) -> Version {
        Version::from_number(self.wit.version())
    }

    /// The header's value, several joined with `, `. Names match regardless of case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.wit.get_header(name, None)
    }

    /// Every header, in order and case as received.
    #[must_use]
    pub fn headers(&self) -> Fields {
        self.wit.get_headers()
    }

    /// The headers as a message, which takes `Content-Type` apart.
    #[must_use]
    pub fn message(&self) -> HttpMessage {
        self.wit.msg()
    }

    /// The interim responses that came before this one, such as `103 Early Hints`.
    #[must_use]
    pub fn interim_responses(&self) -> Vec<InterimResponse> {
        self.wit.interim_responses()
    }

    /// The trailers after a body in chunks; none before the body is received to its end.
    #[must_use]
    pub fn trailers(&self) -> Option<Fields> {
        self.wit.trailers()
    }

    /// How many bytes of the body are left; none if that is not known.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        Some(self.wit.length()? + self.buffer.rest().len() as u64)
    }

    /// Whether the connection ends with this response.
    #[must_use]
    pub fn will_close(&self) -> bool {
        self.wit.will_close()
    }

    /// The rest of the body.
    ///
    /// # Errors
    /// - [`HttpException::IncompleteRead`](crate::HttpException::IncompleteRead): the connection ended before the body
    ///   did; it has what came.
    /// - [`Error::Http`]: the body's framing is broken, or the connection was closed.
    /// - `Socket`, `TimedOut`, `Tls`: receiving failed. What was received is still there for [`Read`].
    pub fn body(&mut self) -> Result<Vec<u8>> {
        self.buffer.read_all(&self.wit)
    }

    /// The rest of the body as text. It is taken for UTF-8, unless its `Content-Type` says that it is Latin-1.
    ///
    /// # Errors
    /// As for [`body`](Self::body); [`Error::Utf8`]: it is not in UTF-8.
    pub fn text(&mut self) -> Result<String> {
        let bytes = self.body()?;
        match self.message().get_content_charset().as_deref() {
            Some("iso-8859-1" | "latin-1" | "latin1") => {
                Ok(bytes.into_iter().map(char::from).collect())
            }
            _ => String::from_utf8(bytes).map_err(Error::Utf8),
        }
    }

    /// The rest of the body, which is JSON.
    ///
    /// # Errors
    /// As for [`body`](Self::body); [`Error::Json`]: it is other JSON, or none.
    #[cfg(feature = "json")]
    pub fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T> {
        serde_json::from_slice(&self.body()?).map_err(Error::Json)
    }

    /// Copies the rest of the body into this stream, and returns how many bytes that was. The client writes them
    /// itself: they never pass through the program, but for what was read ahead, which is written first, however long
    /// that takes.
    ///
    /// # Errors
    /// As for [`body`](Self::body); `TimedOut` and `Other` also if the stream takes nothing for that long, or fails.
    pub fn splice(&mut self, output: &OutputStream) -> Result<u64> {
        let buffered = self.buffer.rest();
        wasi::write_all(output, buffered)?;
        let copied = buffered.len() as u64;
        self.buffer.clear();
        self.buffer.fail()?;
        Ok(copied + self.wit.splice(output, None)?)
    }

    /// Receives the rest of the body without keeping any of it, and returns how many bytes that was. The connection
    /// stays open for the next request.
    ///
    /// # Errors
    /// As for [`body`](Self::body).
    pub fn discard(&mut self) -> Result<u64> {
        let buffered = self.buffer.rest().len() as u64;
        self.buffer.clear();
        self.buffer.fail()?;
        Ok(buffered + self.wit.discard(None)?)
    }

    /// Gives up the rest of the body. The connection is closed too, unless that rest has already arrived.
    pub fn close(&mut self) {
        self.buffer.clear();
        self.wit.close();
    }

    /// The raw stream after `101 Switching Protocols` or a 2xx reply to `CONNECT`, including any bytes that came with
    /// the head. The connection opens a new socket for its next request.
    ///
    /// # Errors
    /// [`HttpException::NotConnected`](crate::HttpException::NotConnected): this response did not switch protocols.
    pub fn upgrade(self) -> Result<Upgraded> {
        Ok(self.wit.upgrade()?.into())
    }

    /// What to wait for before the body is read again, where that failed with [`Error::WouldBlock`]: until one of them
    /// is ready.
    #[must_use]
    pub fn subscribe(&self) -> Vec<Pollable> {
        self.wit.subscribe()
    }
}

impl Read for Response {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.buffer.read(&self.wit, buffer)
    }
}

impl io::BufRead for Response {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.buffer.fill(&self.wit)
    }

    fn consume(&mut self, amount: usize) {
        self.buffer.consume(amount);
    }
}

impl From<wit::HttpResponse> for Response {
    fn from(wit: wit::HttpResponse) -> Self {
        let buffer = Buffer::default();
        Self { wit, buffer }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status())
            .field("reason", &self.reason())
            .field("headers", &self.headers())
            .finish_non_exhaustive()
    }
}

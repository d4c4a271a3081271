//! What can go wrong.

mod words;

use std::error;
use std::fmt;
use std::io;

use crate::bindings::client as wit;

pub use wit::{
    ConnectionAttempt, ConnectionState, FileError, FileErrorCode, HttpException,
    ImproperConnectionState, IncompleteRead, Phase, SocketError, SocketErrorCode, TlsError,
    TunnelRefusal,
};

/// A result whose error is [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. The families are Python's base classes.
///
/// Match on the case: the texts inside are for people and may change. As text, an error is one line in
/// Python's words, such as `IncompleteRead(7 bytes read, 3 more expected)`.
///
/// After [`Value`](Self::Value) and [`HttpException::ImproperConnectionState`], nothing has changed. After a failed
/// connect, send or receive, the connection is closed and idle, and its next request opens a fresh socket.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// `HTTPException` and its subclasses: a call out of order, a URL that can't be used, a reply that breaks the
    /// rules.
    Http(HttpException),
    /// `ValueError`: an argument that can't be sent, such as a line end in a header. Nothing was sent.
    Value(String),
    /// `socket.error`: the network failed.
    Socket(SocketError),
    /// `socket.timeout`: the timeout of a step, or the deadline of the exchange, passed in this phase.
    TimedOut(Phase),
    /// The timeout is 0 and the call would have to wait. See
    /// [`ConnectionBuilder::timeout`](crate::ConnectionBuilder::timeout).
    WouldBlock,
    /// A key, a certificate or the file of a body could not be read.
    File(FileError),
    /// `ssl.SSLError`: TLS failed.
    Tls(TlsError),
    /// The proxy refused to open a tunnel.
    Tunnel(TunnelRefusal),
    /// The reader of a request's body failed, or its length was not as announced. The request was given up.
    Body(io::Error),
    /// The body of a response is not in UTF-8, where text was asked for.
    Utf8(std::string::FromUtf8Error),
    /// A body could not be made, or is not what was expected.
    #[cfg(feature = "json")]
    Json(serde_json::Error),
    /// A request or a response that the crate `http` has no place for.
    #[cfg(feature = "http")]
    HttpTypes(http::Error),
    /// Anything else.
    Other(String),
}

impl Error {
    /// Whether the same call may succeed later: the network failed, or time ran out.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Socket(error) => !matches!(
                error.code,
                SocketErrorCode::AccessDenied | SocketErrorCode::NotSupported
            ),
            Self::TimedOut(_) => true,
            Self::Http(exception) => matches!(
                exception,
                HttpException::RemoteDisconnected | HttpException::IncompleteRead(_)
            ),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(it) => words::http(it, f),
            Self::Value(text) => write!(f, "ValueError: {text}"),
            Self::Socket(it) => words::socket(it, f),
            Self::TimedOut(phase) => write!(f, "timed out ({})", words::phase(*phase)),
            Self::WouldBlock => f.write_str("the operation would block"),
            Self::File(it) => words::file(it, f),
            Self::Tls(it) => words::tls(it, f),
            Self::Tunnel(it) => {
                write!(f, "Tunnel connection failed: {} {}", it.status, it.reason)
            }
            Self::Other(text) => f.write_str(text),
            Self::Body(_) => f.write_str("the request's body could not be read"),
            Self::Utf8(_) => f.write_str("the response's body is not text"),
            #[cfg(feature = "json")]
            Self::Json(_) => f.write_str("the body is not the JSON that was expected"),
            #[cfg(feature = "http")]
            Self::HttpTypes(_) => f.write_str("the message does not fit the crate http"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Body(error) => Some(error),
            Self::Utf8(error) => Some(error),
            #[cfg(feature = "json")]
            Self::Json(error) => Some(error),
            #[cfg(feature = "http")]
            Self::HttpTypes(error) => Some(error),
            _ => None,
        }
    }
}

impl From<wit::Error> for Error {
    fn from(error: wit::Error) -> Self {
        match error {
            wit::Error::Http(it) => Self::Http(it),
            wit::Error::Value(it) => Self::Value(it),
            wit::Error::Socket(it) => Self::Socket(it),
            wit::Error::TimedOut(it) => Self::TimedOut(it),
            wit::Error::WouldBlock => Self::WouldBlock,
            wit::Error::File(it) => Self::File(it),
            wit::Error::Tls(it) => Self::Tls(it),
            wit::Error::Tunnel(it) => Self::Tunnel(it),
            wit::Error::Other(it) => Self::Other(it),
        }
    }
}

impl From<HttpException> for Error {
    fn from(exception: HttpException) -> Self {
        Self::Http(exception)
    }
}

/// For whoever reads a body through [`io::Read`]: the kind that is nearest, with the error inside.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        let kind = match &error {
            Error::Body(error) => error.kind(),
            Error::Value(_) => io::ErrorKind::InvalidInput,
            Error::Socket(error) => kind_of(&error.code),
            Error::TimedOut(_) => io::ErrorKind::TimedOut,
            Error::WouldBlock => io::ErrorKind::WouldBlock,
            Error::Http(HttpException::IncompleteRead(_)) => io::ErrorKind::UnexpectedEof,
            Error::Http(HttpException::NotConnected) => io::ErrorKind::NotConnected,
            Error::Http(HttpException::RemoteDisconnected) => io::ErrorKind::ConnectionReset,
            Error::Tls(TlsError::Truncated(_)) => io::ErrorKind::UnexpectedEof,
            Error::Http(_) | Error::Utf8(_) => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, error)
    }
}

fn kind_of(code: &SocketErrorCode) -> io::ErrorKind {
    match code {
        SocketErrorCode::AccessDenied => io::ErrorKind::PermissionDenied,
        SocketErrorCode::ConnectionRefused => io::ErrorKind::ConnectionRefused,
        SocketErrorCode::ConnectionReset => io::ErrorKind::ConnectionReset,
        SocketErrorCode::ConnectionAborted => io::ErrorKind::ConnectionAborted,
        SocketErrorCode::BrokenPipe => io::ErrorKind::BrokenPipe,
        SocketErrorCode::RemoteUnreachable => io::ErrorKind::HostUnreachable,
        SocketErrorCode::Timeout => io::ErrorKind::TimedOut,
        SocketErrorCode::AddressInUse => io::ErrorKind::AddrInUse,
        SocketErrorCode::AddressNotBindable => io::ErrorKind::AddrNotAvailable,
        SocketErrorCode::NotSupported => io::ErrorKind::Unsupported,
        _ => io::ErrorKind::Other,
    }
}

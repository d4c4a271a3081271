//! `httplib`'s exceptions. Families are Python's base classes; texts are for people.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::http1::{self, InvalidRequest, latin1};
use crate::transport::{self, FailedAttempt, FileErrorCode, Phase, SocketErrorCode, TlsError};

/// What a call of this floor can fail with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// `HTTPException` and its subclasses.
    Http(HttpException),
    /// `ValueError`: an argument that can't be sent. Nothing was sent.
    Value(String),
    /// `socket.error`.
    Socket {
        /// When.
        phase: Phase,
        /// How; of several addresses, the last one's failure.
        code: SocketErrorCode,
        /// The addresses that were tried, in order, where connecting failed.
        attempts: Vec<(String, SocketErrorCode)>,
    },
    /// `socket.timeout`.
    TimedOut(Phase),
    /// A file could not be read.
    File {
        /// As given; none for a body's descriptor.
        path: Option<String>,
        /// Why.
        code: FileErrorCode,
    },
    /// `ssl.SSLError`.
    Tls(TlsError),
    /// The proxy refused the tunnel.
    Tunnel(Box<TunnelRefusal>),
    /// Anything else.
    Other(String),
}

/// `httplib.HTTPException`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpException {
    /// The response's connection was closed before its body was read.
    NotConnected,
    /// A host, a port or a request target that can't be used.
    InvalidUrl(String),
    /// The reply is of a version other than 1.x.
    UnknownProtocol(String),
    /// A transfer coding that IANA's registry doesn't list.
    UnknownTransferEncoding(String),
    /// A file body that can't be read as a file.
    UnimplementedFileMode(String),
    /// The connection ended before the body did.
    IncompleteRead {
        /// What the call received.
        partial: Vec<u8>,
        /// How many more bytes were announced; none where the body was chunked.
        expected: Option<u64>,
    },
    /// A call out of order.
    ImproperConnectionState(ImproperConnectionState),
    /// The reply's first line, which is no status line.
    BadStatusLine(String),
    /// A line of the reply is too long; which kind of line.
    LineTooLong(String),
    /// Too many lines or interim responses.
    TooMany(String),
    /// The server closed the connection without a byte of a reply.
    RemoteDisconnected,
    /// The reply breaks RFC 9112 in another way.
    Malformed(String),
}

/// Which call was out of order, and the state it met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImproperConnectionState {
    /// `put_request` or `send`.
    CannotSendRequest(ConnectionState),
    /// `put_header` or `end_headers`.
    CannotSendHeader(ConnectionState),
    /// `get_response`.
    ResponseNotReady(ConnectionState),
}

/// Where a connection is between `put_request` and `get_response`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionState {
    /// No request is under way.
    Idle,
    /// The head is being put together.
    RequestStarted,
    /// The head was sent, and the body may follow.
    RequestSent,
}

/// The proxy's reply to `CONNECT` where it was not 2xx.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TunnelRefusal {
    /// The status code.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// The headers in their order.
    pub headers: Vec<(String, String)>,
    /// The first 64 KiB of the body, as far as it came.
    pub body: Vec<u8>,
}

impl From<HttpException> for Error {
    fn from(exception: HttpException) -> Self {
        Self::Http(exception)
    }
}

impl From<ImproperConnectionState> for Error {
    fn from(state: ImproperConnectionState) -> Self {
        Self::Http(HttpException::ImproperConnectionState(state))
    }
}

impl From<transport::Error> for Error {
    fn from(error: transport::Error) -> Self {
        match error {
            transport::Error::Socket { phase, code } => Self::Socket {
                phase,
                code,
                attempts: Vec::new(),
            },
            transport::Error::Unreachable(attempts) => unreachable_host(attempts),
            transport::Error::Tls(error) => Self::Tls(error),
            transport::Error::File(code) => Self::File { path: None, code },
            transport::Error::Other(text) => Self::Other(text),
        }
    }
}

impl From<http1::Error> for Error {
    fn from(error: http1::Error) -> Self {
        use HttpException as E;
        Self::Http(match error {
            http1::Error::BadStatusLine(line) => E::BadStatusLine(latin1(&line)),
            http1::Error::UnknownProtocol(line) => E::UnknownProtocol(latin1(&line)),
            http1::Error::UnknownTransferEncoding(coding) => {
                E::UnknownTransferEncoding(latin1(&coding))
            }
            http1::Error::LineTooLong { line, .. } => E::LineTooLong(line.to_string()),
            error @ http1::Error::TooMany { .. } => E::TooMany(error.to_string()),
            http1::Error::Malformed(how) => E::Malformed(how.to_string()),
            http1::Error::RemoteDisconnected => E::RemoteDisconnected,
            http1::Error::Incomplete { expected } => E::IncompleteRead {
                partial: Vec::new(),
                expected,
            },
        })
    }
}

impl From<InvalidRequest> for Error {
    fn from(error: InvalidRequest) -> Self {
        match error {
            InvalidRequest::Target(text) => HttpException::InvalidUrl(text).into(),
            InvalidRequest::Value(text) => Self::Value(text),
        }
    }
}

impl core::error::Error for Error {}

fn unreachable_host(attempts: Vec<FailedAttempt>) -> Error {
    let last = attempts.last().expect("invariant: there was an attempt");
    Error::Socket {
        phase: last.phase,
        code: last.code.clone(),
        attempts: attempts
            .into_iter()
            .map(|attempt| (attempt.address, attempt.code))
            .collect(),
    }
}

//! What a server does wrong.

use harness::component::{Error, HttpException, IncompleteRead, SocketErrorCode, TlsError};
use harness::server::pattern;

/// How long a body the faulty replies announce, and how much of it comes.
pub const ANNOUNCED: usize = 1000;
/// See [`ANNOUNCED`].
pub const SENT: usize = 300;

/// What a server does in place of answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Closes the connection without a word.
    Close,
    /// Closes it in the midst of the head.
    CloseInHead,
    /// Closes it in the midst of a body with a length.
    CloseInBody,
    /// Closes it in the midst of a chunk.
    CloseInChunk,
    /// Resets the connection.
    Reset,
    /// Resets it in the midst of a body with a length.
    ResetInBody,
    /// Says nothing.
    Stall,
    /// Says nothing more in the midst of a body with a length.
    StallInBody,
    /// Answers with something that is no HTTP.
    Garbage,
    /// Goes on with something that is no chunk.
    GarbageInChunks,
    /// Goes on with something that is no TLS; over TCP with no chunk.
    GarbageBelowTls,
}

use Fault::{
    Close, CloseInBody, CloseInChunk, CloseInHead, Garbage, GarbageBelowTls, GarbageInChunks,
    Reset, ResetInBody, Stall, StallInBody,
};

impl Fault {
    /// Those that the peer ends at once.
    pub const QUICK: [Self; 9] = [
        Close,
        CloseInHead,
        CloseInBody,
        CloseInChunk,
        Reset,
        ResetInBody,
        Garbage,
        GarbageInChunks,
        GarbageBelowTls,
    ];

    /// Those that only a timeout ends.
    pub const SLOW: [Self; 2] = [Stall, StallInBody];

    /// The path of the request for it.
    #[must_use]
    pub fn path(self) -> String {
        format!("/{self:?}")
    }

    /// The fault with this path, if there is one.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        let mut all = Self::QUICK.into_iter().chain(Self::SLOW);
        all.find(|fault| fault.path() == path)
    }

    /// What is sent of the reply.
    #[must_use]
    pub fn reply(self) -> Vec<u8> {
        let sent = pattern(SENT);
        match self {
            Close | Reset | Stall => Vec::new(),
            CloseInHead => b"HTTP/1.1 200 OK\r\nContent-".to_vec(),
            CloseInBody | ResetInBody | StallInBody => {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {ANNOUNCED}\r\n\r\n");
                [head.as_bytes(), &sent].concat()
            }
            CloseInChunk => [CHUNKED, b"3e8\r\n", &sent].concat(),
            Garbage => b"\x01garbage\r\n\r\n".to_vec(),
            GarbageInChunks => [CHUNKED, b"12c\r\n", &sent, b"\r\ngarbage"].concat(),
            GarbageBelowTls => [CHUNKED, b"12c\r\n", &sent, b"\r\n"].concat(),
        }
    }

    /// Whether the error is one that this fault may come out as.
    #[must_use]
    pub fn explains(self, error: &Error) -> bool {
        let is_reset = matches!(error, Error::Socket(error)
            if matches!(error.code, SocketErrorCode::ConnectionReset));
        match (self, error) {
            (Close, Error::Http(HttpException::RemoteDisconnected)) => true,
            (CloseInHead, Error::Http(HttpException::Malformed(_))) => true,
            (CloseInHead, Error::Tls(TlsError::Truncated(_))) => true,
            (CloseInBody, Error::Http(HttpException::IncompleteRead(read))) => {
                is_what_came(read, Some(ANNOUNCED - SENT))
            }
            (CloseInChunk, Error::Http(HttpException::IncompleteRead(read))) => {
                is_what_came(read, None)
            }
            // Before or after it was received.
            (Reset | ResetInBody, _) if is_reset => true,
            (Reset, Error::Http(HttpException::RemoteDisconnected)) => true,
            // On a busy machine also before it was asked for: whoever expects a fault is impatient.
            (Stall | StallInBody, Error::TimedOut(_)) => true,
            (Garbage, Error::Http(HttpException::BadStatusLine(_))) => true,
            (GarbageInChunks, Error::Http(HttpException::Malformed(_))) => true,
            (GarbageBelowTls, Error::Http(HttpException::Malformed(_))) => true,
            (GarbageBelowTls, Error::Tls(TlsError::Protocol(_))) => true,
            _ => false,
        }
    }
}

const CHUNKED: &[u8] = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

fn is_what_came(read: &IncompleteRead, missing: Option<usize>) -> bool {
    read.partial == pattern(SENT) && read.expected == missing.map(|missing| missing as u64)
}

//! The words of a script.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;

use super::Flood;

/// What a peer does next on a connection.
///
/// What one awaiting step has found, the next one no longer sees: two [`Step::AwaitHead`] are two
/// requests.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these pieces, each in a write of its own, with this pause after each but the last.
    Send(Vec<Vec<u8>>, Duration),
    /// Sends something again and again until the client has gone, or often enough.
    Flood(Flood),
    /// Receives up to the end of a request's head.
    AwaitHead,
    /// Receives this many bytes.
    AwaitBytes(usize),
    /// Receives up to these bytes, and with them.
    AwaitMarker(Vec<u8>),
    /// Receives until the client has closed its side.
    AwaitEnd,
    /// Does nothing for a while. Only for tests of time itself.
    Pause(Duration),
    /// Does nothing until the test calls [`Peer::signal`](super::Peer::signal), once for each such
    /// step.
    AwaitSignal,
    /// Does nothing until the peer is dropped: the client waits for ever.
    Hold,
    /// Ends this side of the stream, over TLS with its goodbye, and goes on.
    HalfClose,
    /// Closes the socket at once, over TLS without a goodbye. The script is over.
    Close,
    /// Resets the connection. The script is over.
    Reset,
    /// Shakes hands: what follows is over TLS.
    StartTls(Arc<ServerConfig>),
    /// Shakes hands up to this flight of its own, counted from 0, of which it sends so many eighths.
    TlsFlight(Arc<ServerConfig>, usize, usize),
    /// Passes everything on between the client and this address until both are done. The script is
    /// over. What passes is not recorded.
    Relay(SocketAddr),
}

impl Step {
    /// Sends these bytes in one write.
    #[must_use]
    pub fn send(bytes: impl AsRef<[u8]>) -> Self {
        Self::Send(vec![bytes.as_ref().to_vec()], Duration::ZERO)
    }

    /// Sends these pieces, far enough apart to be received one by one.
    #[must_use]
    pub fn pieces(pieces: &[&[u8]]) -> Self {
        let pieces = pieces.iter().map(|piece| piece.to_vec()).collect();
        Self::Send(pieces, Duration::from_millis(2))
    }

    /// Sends these bytes one by one.
    #[must_use]
    pub fn bytewise(bytes: impl AsRef<[u8]>) -> Self {
        let pieces = bytes.as_ref().chunks(1).map(<[u8]>::to_vec).collect();
        Self::Send(pieces, Duration::from_micros(200))
    }

    /// Waits for these bytes.
    #[must_use]
    pub fn await_marker(marker: impl AsRef<[u8]>) -> Self {
        Self::AwaitMarker(marker.as_ref().to_vec())
    }

    /// Waits for a request's head and sends a reply, once for each reply.
    #[must_use]
    pub fn answers(replies: &[&[u8]]) -> Vec<Self> {
        replies
            .iter()
            .flat_map(|reply| [Self::AwaitHead, Self::send(reply)])
            .collect()
    }
}

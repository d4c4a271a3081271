//! What a network is to the client, whoever provides it.
//!
//! Nothing here waits. An operation that can't go on returns [`Poll::Pending`] with everything kept, and
//! is worth calling again when its [`Interest`] is met. How to wait for that, only the binding knows: it
//! has the same network in its hands, and whatever its host waits with.
//!
//! Received plaintext stays where it was received or decrypted until the client takes it from
//! [`Stream::buffer`]: that is its only copy.

mod body;
mod deadline;
mod error;
#[cfg(not(target_family = "wasm"))]
#[doc(hidden)]
pub mod scripted;
pub mod tls;

use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;

pub use body::{Contents, Sink, Source, SourceStatus, Trailers};
pub use deadline::{Deadline, Instant};
pub use error::{Error, FailedAttempt, FileErrorCode, Phase, SocketErrorCode, TlsError};

/// How many bytes one read asks for, and a body is sent at a time.
pub const BLOCK: usize = 64 * 1024;

/// The most bytes that one write of gathered parts takes: a block, and a head before it.
pub const GATHERED: usize = 2 * BLOCK;

/// What a pending operation waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// Bytes from the peer, or its end of the stream.
    Readable,
    /// Room for bytes to the peer.
    Writable,
    /// Either of them.
    Either,
}

/// A connected two-way stream of bytes.
pub trait Stream {
    /// The bytes received and not yet consumed.
    fn buffer(&self) -> &[u8];

    /// The same bytes for whoever decrypts them where they are; what they leave there is what
    /// [`Stream::buffer`] gives from then on.
    fn buffer_mut(&mut self) -> &mut [u8];

    /// Marks the first `amount` bytes of [`Stream::buffer`] as taken.
    fn consume(&mut self, amount: usize);

    /// Takes the first `amount` bytes out of [`Stream::buffer`]; where those are all, and nothing else lies
    /// there, this may be the buffer itself.
    fn take(&mut self, amount: usize) -> Vec<u8> {
        let taken = self.buffer()[..amount].to_vec();
        self.consume(amount);
        taken
    }

    /// Receives more once the buffer is empty; the number of bytes now in the buffer, 0 at the end of
    /// the stream.
    fn poll_fill(&mut self) -> Poll<Result<usize, Error>>;

    /// Sends from `parts`, in order, as if they were one, in as few writes as can be; the number of
    /// bytes taken, at least one unless all parts are empty.
    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>>;

    /// Pushes out whatever earlier writes left in buffers.
    fn poll_flush(&mut self) -> Poll<Result<(), Error>>;

    /// Says goodbye to the peer where the protocol has a word for it, as far as that goes at once;
    /// nothing is written afterwards. The connection itself closes when the stream is dropped.
    fn say_goodbye(&mut self) {}

    /// Ends this side in order: the peer sees the end of the stream, and may go on sending.
    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>>;

    /// The socket's handle in the component's table.
    fn handle(&self) -> Option<u32>;
}

/// An attempt to reach a host: the look-up of its name, then connections to its addresses.
pub trait Dialing {
    /// What comes of it.
    type Stream: Stream;

    /// Goes on as far as it can.
    fn poll(&mut self) -> Poll<Result<Self::Stream, Error>>;

    /// What it is doing.
    fn phase(&self) -> Phase;
}

/// Where connections come from.
pub trait Network {
    /// An attempt under way.
    type Dialing: Dialing<Stream = Self::Stream>;
    /// A connection made.
    type Stream: Stream;

    /// Begins to connect to `host`, a name or an address without brackets, from `source` if given.
    fn dial(&self, host: &str, port: u16, source: Option<&(String, u16)>) -> Self::Dialing;

    /// The time of a clock that never goes back.
    fn now(&self) -> Instant;
}

//! A TCP connection as a [`Stream`], and its end.

use alloc::vec::Vec;
use core::ops::RangeInclusive;
use core::task::Poll;

use super::error::{socket_error, stream_error};
use super::retired::{self, Lender, Unsent};
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::bindings::wasi::sockets::tcp::{ShutdownType, TcpSocket};
use crate::transport::{BLOCK, Error, Interest, Phase, SocketErrorCode, Stream};
use crate::wasi::received::Received;
use crate::wasi::room::Room;

/// What one read asks for. A host may clear as much memory for it, whatever comes.
const ROOM: RangeInclusive<usize> = BLOCK / 8..=BLOCK;

/// A connected socket and its streams.
///
/// Fields are dropped in their order, and the host wants children gone before their parents.
#[derive(Debug)]
pub struct TcpStream {
    readable: Option<Pollable>,
    writable: Option<Pollable>,
    ends: Lender<Ends>,
    received: Received,
    room: Room,
}

/// What belongs to one connection, dropped in this order.
#[derive(Debug)]
struct Ends {
    input: InputStream,
    output: OutputStream,
    socket: Lender<TcpSocket>,
}

impl Unsent for Ends {
    fn is_unsent(&self) -> bool {
        matches!(self.output.check_write(), Ok(0))
    }
}

impl TcpStream {
    /// A socket that has connected.
    pub fn new(socket: Lender<TcpSocket>, input: InputStream, output: OutputStream) -> Self {
        retired::drop_sent();
        Self {
            readable: None,
            writable: None,
            ends: Lender::new(Ends {
                input,
                output,
                socket,
            }),
            received: Received::default(),
            room: Room::new(ROOM),
        }
    }

    /// What becomes ready when the interest is met.
    pub fn pollables(&mut self, interest: Interest) -> Vec<&Pollable> {
        let ends = &self.ends;
        let readable = (interest != Interest::Writable)
            .then(|| &*self.readable.get_or_insert_with(|| ends.input.subscribe()));
        let writable = (interest != Interest::Readable)
            .then(|| &*self.writable.get_or_insert_with(|| ends.output.subscribe()));
        readable.into_iter().chain(writable).collect()
    }

    /// The same for whoever waits themselves.
    pub fn subscribe(&self, interest: Interest) -> Vec<Pollable> {
        let ends = &self.ends;
        let readable =
            (interest != Interest::Writable).then(|| ends.lend(|ends| ends.input.subscribe()));
        let writable =
            (interest != Interest::Readable).then(|| ends.lend(|ends| ends.output.subscribe()));
        readable.into_iter().chain(writable).collect()
    }

    fn write(&mut self, bytes: &[u8], permitted: u64) -> Result<usize, StreamError> {
        let permitted = usize::try_from(permitted).unwrap_or(usize::MAX);
        let amount = bytes.len().min(permitted);
        self.ends.output.write(&bytes[..amount])?;
        Ok(amount)
    }
}

impl Drop for TcpStream {
    fn drop(&mut self) {
        if !self.ends.is_unsent() && !self.ends.has_lent() && !self.ends.socket.has_lent() {
            return;
        }
        // Frees an output that only has no room. One that holds a block ends after that. And the peer
        // sees the end of a connection that is kept.
        let _ = self.ends.socket.shutdown(ShutdownType::Both);
        if self.ends.is_unsent() {
            retired::keep_until_sent(self.ends.share());
        }
    }
}

impl Stream for TcpStream {
    fn buffer(&self) -> &[u8] {
        self.received.left()
    }

    fn buffer_mut(&mut self) -> &mut [u8] {
        self.received.left_mut()
    }

    fn consume(&mut self, amount: usize) {
        self.received.consume(amount);
    }

    fn take(&mut self, amount: usize) -> Vec<u8> {
        self.received.take(amount)
    }

    fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
        match self.ends.input.read(self.room.bytes() as u64) {
            Ok(block) if block.is_empty() => Poll::Pending,
            Ok(block) => {
                let length = block.len();
                self.room.adapt(length);
                self.received = Received::new(block);
                Poll::Ready(Ok(length))
            }
            Err(StreamError::Closed) => Poll::Ready(Ok(0)),
            Err(StreamError::LastOperationFailed(error)) => {
                Poll::Ready(Err(stream_error(Phase::Receive, &error)))
            }
        }
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        let permitted = match self.ends.output.check_write() {
            Ok(0) => return Poll::Pending,
            permitted => permitted,
        };
        let written = permitted.and_then(|permitted| match parts {
            [part] => self.write(part, permitted),
            parts => self.write(&parts.concat(), permitted),
        });
        Poll::Ready(written.map_err(|error| match error {
            StreamError::Closed => Error::Socket {
                phase: Phase::Send,
                code: SocketErrorCode::BrokenPipe,
            },
            StreamError::LastOperationFailed(error) => stream_error(Phase::Send, &error),
        }))
    }

    /// Asks the host to send what it holds. It goes on by itself: a failure shows at the next write or
    /// read.
    fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        match self.ends.output.flush() {
            Ok(()) | Err(StreamError::Closed) => Poll::Ready(Ok(())),
            Err(StreamError::LastOperationFailed(error)) => {
                Poll::Ready(Err(stream_error(Phase::Send, &error)))
            }
        }
    }

    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        if self.ends.is_unsent() {
            return Poll::Pending;
        }
        let shut_down = self.ends.socket.shutdown(ShutdownType::Send);
        Poll::Ready(shut_down.map_err(|code| socket_error(Phase::Send, code)))
    }

    fn handle(&self) -> Option<u32> {
        Some(self.ends.socket.handle())
    }
}

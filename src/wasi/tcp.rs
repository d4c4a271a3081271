//! A TCP connection as a [`Stream`].

use std::task::Poll;

use super::error::stream_error;
use super::wait::Timer;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::bindings::wasi::sockets::tcp::TcpSocket;
use crate::transport::{
    BLOCK, Deadline, Error, Interest, Interrupted, Phase, SocketErrorCode, Stream,
};

/// A connected socket and its streams.
///
/// Fields are dropped in their order, and the host wants children gone before their parents.
#[derive(Debug)]
pub struct TcpStream {
    readable: Option<Pollable>,
    writable: Option<Pollable>,
    timer: Timer,
    input: InputStream,
    output: OutputStream,
    socket: TcpSocket,
    /// What the last read gave.
    block: Vec<u8>,
    /// How much of it is consumed.
    consumed: usize,
}

impl TcpStream {
    /// A socket that has connected.
    pub fn new(socket: TcpSocket, input: InputStream, output: OutputStream) -> Self {
        Self {
            readable: None,
            writable: None,
            timer: Timer::default(),
            input,
            output,
            socket,
            block: Vec::new(),
            consumed: 0,
        }
    }

    fn write(&mut self, bytes: &[u8], permitted: u64) -> Result<usize, StreamError> {
        let permitted = usize::try_from(permitted).unwrap_or(usize::MAX);
        let amount = bytes.len().min(permitted);
        self.output.write(&bytes[..amount])?;
        Ok(amount)
    }
}

impl Stream for TcpStream {
    type Pollable = Pollable;

    fn buffer(&self) -> &[u8] {
        &self.block[self.consumed..]
    }

    fn buffer_mut(&mut self) -> &mut [u8] {
        &mut self.block[self.consumed..]
    }

    fn consume(&mut self, amount: usize) {
        self.consumed += amount;
    }

    fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
        match self.input.read(BLOCK as u64) {
            Ok(block) if block.is_empty() => Poll::Pending,
            Ok(block) => {
                self.block = block;
                self.consumed = 0;
                Poll::Ready(Ok(self.block.len()))
            }
            Err(StreamError::Closed) => Poll::Ready(Ok(0)),
            Err(StreamError::LastOperationFailed(error)) => {
                Poll::Ready(Err(stream_error(Phase::Receive, &error)))
            }
        }
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        let permitted = match self.output.check_write() {
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
        match self.output.flush() {
            Ok(()) | Err(StreamError::Closed) => Poll::Ready(Ok(())),
            Err(StreamError::LastOperationFailed(error)) => {
                Poll::Ready(Err(stream_error(Phase::Send, &error)))
            }
        }
    }

    fn wait(&mut self, interest: Interest, deadline: Deadline) -> Result<(), Interrupted> {
        let pollable = match interest {
            Interest::Readable => self.readable.get_or_insert_with(|| self.input.subscribe()),
            Interest::Writable => self.writable.get_or_insert_with(|| self.output.subscribe()),
        };
        self.timer.wait(&[pollable], deadline)
    }

    fn subscribe(&mut self, interest: Interest) -> Pollable {
        match interest {
            Interest::Readable => self.input.subscribe(),
            Interest::Writable => self.output.subscribe(),
        }
    }

    fn handle(&self) -> Option<u32> {
        Some(self.socket.handle())
    }
}

//! The streams that a connection can be made of.
//!
//! ```text
//! Channel = socket | TLS over Channel
//! ```
//! TLS with a proxy is over the socket, TLS with the server over either.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::task::Poll;

use crate::transport::tls::{Session, TlsStream};
use crate::transport::{Error, Stream};

/// The way to the server, or as far as it is open.
pub enum Channel<S: Stream> {
    /// As the last one on the way sends it: TCP.
    Plain(S),
    /// Protected on the way that is open.
    Tls(Box<TlsStream<Self>>),
}

impl<S: Stream> Channel<S> {
    /// What the last handshake on the way agreed on.
    pub fn session(&self) -> Option<&Rc<Session>> {
        match self {
            Self::Plain(_) => None,
            Self::Tls(stream) => Some(stream.session()),
        }
    }

    /// What carries all of it: the socket, to wait on.
    pub fn socket(&mut self) -> &mut S {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(stream) => stream.below().socket(),
        }
    }
}

/// Calls the stream, whichever it is.
macro_rules! either {
    ($channel:ident, $stream:ident => $call:expr) => {
        match $channel {
            Channel::Plain($stream) => $call,
            Channel::Tls($stream) => $call,
        }
    };
}

impl<S: Stream> Stream for Channel<S> {
    fn buffer(&self) -> &[u8] {
        either!(self, stream => stream.buffer())
    }

    fn buffer_mut(&mut self) -> &mut [u8] {
        either!(self, stream => stream.buffer_mut())
    }

    fn consume(&mut self, amount: usize) {
        either!(self, stream => stream.consume(amount));
    }

    fn take(&mut self, amount: usize) -> Vec<u8> {
        either!(self, stream => stream.take(amount))
    }

    fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
        either!(self, stream => stream.poll_fill())
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        either!(self, stream => stream.poll_write(parts))
    }

    fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        either!(self, stream => stream.poll_flush())
    }

    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        either!(self, stream => stream.poll_shutdown())
    }

    fn handle(&self) -> Option<u32> {
        either!(self, stream => stream.handle())
    }

    fn say_goodbye(&mut self) {
        either!(self, stream => stream.say_goodbye());
    }
}

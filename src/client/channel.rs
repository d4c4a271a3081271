//! The streams that a connection can be made of.
//!
//! ```text
//! Channel = Hop | TLS over Hop        to the server
//! Hop     = socket | TLS over socket  to the host that was dialed
//! ```

use alloc::boxed::Box;
use core::task::Poll;

use crate::transport::tls::{Session, TlsStream};
use crate::transport::{Deadline, Error, Interest, Interrupted, Stream};

/// The way to the host that was dialed: the server, or a proxy.
pub enum Hop<S: Stream> {
    /// TCP.
    Plain(S),
    /// TLS with a proxy.
    Tls(Box<TlsStream<S>>),
}

/// The way to the server.
pub enum Channel<S: Stream> {
    /// `http`.
    Plain(Hop<S>),
    /// `https`.
    Tls(Box<TlsStream<Hop<S>>>),
}

impl<S: Stream> Channel<S> {
    /// What the handshake with the server agreed on.
    pub fn session(&self) -> Option<&Session> {
        match self {
            Self::Plain(_) => None,
            Self::Tls(stream) => Some(stream.session()),
        }
    }
}

/// Implements [`Stream`] by whichever stream it is.
macro_rules! stream_by_either {
    ($either:ident) => {
        impl<S: Stream> Stream for $either<S> {
            type Pollable = S::Pollable;

            fn buffer(&self) -> &[u8] {
                either!($either, self, stream => stream.buffer())
            }

            fn buffer_mut(&mut self) -> &mut [u8] {
                either!($either, self, stream => stream.buffer_mut())
            }

            fn consume(&mut self, amount: usize) {
                either!($either, self, stream => stream.consume(amount));
            }

            fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
                either!($either, self, stream => stream.poll_fill())
            }

            fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
                either!($either, self, stream => stream.poll_write(parts))
            }

            fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
                either!($either, self, stream => stream.poll_flush())
            }

            fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
                either!($either, self, stream => stream.poll_shutdown())
            }

            fn wait(&mut self, interest: Interest, deadline: Deadline) -> Result<(), Interrupted> {
                either!($either, self, stream => stream.wait(interest, deadline))
            }

            fn subscribe(&mut self, interest: Interest) -> Self::Pollable {
                either!($either, self, stream => stream.subscribe(interest))
            }

            fn handle(&self) -> Option<u32> {
                either!($either, self, stream => stream.handle())
            }

            fn close(&mut self) {
                either!($either, self, stream => stream.close());
            }
        }
    };
}

macro_rules! either {
    ($either:ident, $self:ident, $stream:ident => $call:expr) => {
        match $self {
            $either::Plain($stream) => $call,
            $either::Tls($stream) => $call,
        }
    };
}

stream_by_either!(Hop);
stream_by_either!(Channel);

//! The bytes that a peer is sent.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll};

use wit_bindgen::{FutureReader, StreamResult, StreamWriter};

use super::end::End;
use super::operation::{Asked, Operation};
use crate::bindings::wasi::sockets::types::ErrorCode;

/// One direction of a connection: to the peer.
pub enum Outgoing {
    /// The host holds nothing. To: `Writing`, `Ended`.
    Idle(Sender),
    /// The host has yet to take these bytes. To: `Writing`.
    Held(Sender, Vec<u8>),
    /// The host takes them. To: `Idle`, `Held`, `Ended`.
    Writing(Operation<Written>),
    /// It takes no more.
    Ended(End),
}

/// A socket's stream and how it ends.
pub struct Sender {
    stream: StreamWriter<u8>,
    end: End,
    /// Whether a write under way is to end now, with what is taken.
    stops: Rc<Cell<bool>>,
}

/// A write that is over.
pub struct Written {
    sender: Sender,
    is_refused: bool,
    rest: Vec<u8>,
}

impl Sender {
    async fn write(mut self, bytes: Vec<u8>) -> Written {
        let stops = Rc::clone(&self.stops);
        let mut rest = bytes;
        let is_refused = loop {
            let (result, buffer) = {
                let mut write = pin!(self.stream.write(rest));
                let write = poll_fn(|context| match stops.get() {
                    true => Poll::Ready(write.as_mut().cancel()),
                    false => write.as_mut().poll(context),
                });
                write.await
            };
            rest = buffer.into_vec();
            match result {
                StreamResult::Dropped => break true,
                _ if rest.is_empty() || stops.get() => break false,
                StreamResult::Complete(_) | StreamResult::Cancelled => {}
            }
        };
        Written {
            sender: self,
            is_refused,
            rest,
        }
    }
}

impl Outgoing {
    /// Of a socket that has connected.
    pub fn new(
        stream: StreamWriter<u8>,
        end: FutureReader<Result<(), ErrorCode>>,
        stops: Rc<Cell<bool>>,
    ) -> Self {
        let end = End::Unknown(end);
        Self::Idle(Sender { stream, end, stops })
    }

    /// Gives the host these bytes, if it holds no others.
    pub fn push(self, bytes: Vec<u8>) -> Self {
        match self {
            Self::Idle(sender) => Self::Held(sender, bytes),
            other => other,
        }
    }

    /// Ready when the host has taken all it was given.
    pub fn poll(self, stops: &Rc<Cell<bool>>) -> (Self, Poll<Result<(), ErrorCode>>) {
        match self {
            Self::Idle(sender) => (Self::Idle(sender), Poll::Ready(Ok(()))),
            Self::Held(sender, bytes) => {
                Self::Writing(Operation::new(sender.write(bytes))).poll(stops)
            }
            Self::Writing(mut operation) => match operation.poll() {
                Poll::Pending => (Self::Writing(operation), Poll::Pending),
                Poll::Ready(written) => Self::after(written),
            },
            Self::Ended(end) => {
                let (end, result) = end.poll(stops);
                // A direction that ended in order takes nothing either.
                let failed =
                    result.map(|end| Err(end.err().unwrap_or(ErrorCode::ConnectionBroken)));
                (Self::Ended(end), failed)
            }
        }
    }

    fn after(written: Written) -> (Self, Poll<Result<(), ErrorCode>>) {
        let Written {
            sender,
            is_refused,
            rest,
        } = written;
        if is_refused {
            let Sender { end, stops, .. } = sender;
            Self::Ended(end).poll(&stops)
        } else if rest.is_empty() {
            (Self::Idle(sender), Poll::Ready(Ok(())))
        } else {
            (Self::Held(sender, rest), Poll::Pending)
        }
    }

    /// Ready when [`Outgoing::poll`] has something to say.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self {
            Self::Writing(operation) => operation.poll_ready(context),
            Self::Ended(end) => end.poll_ready(context),
            Self::Idle(_) | Self::Held(..) => Poll::Ready(()),
        }
    }

    /// What the host works on, or has done.
    pub fn asked(&self) -> Asked {
        match self {
            Self::Writing(operation) => Asked::of(operation),
            Self::Ended(end) => end.asked(),
            Self::Idle(_) | Self::Held(..) => Asked::Nothing,
        }
    }
}

//! The bytes that a peer sends.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll};

use wit_bindgen::{FutureReader, StreamReader, StreamResult};

use super::end::End;
use super::operation::{Asked, Operation};
use crate::bindings::wasi::sockets::types::ErrorCode;

/// One direction of a connection: from the peer.
pub enum Incoming {
    /// Nobody has asked for more. To: `Reading`.
    Idle(Receiver),
    /// More was asked for. To: `Idle`, `Ended`.
    Reading(Operation<Read>),
    /// No more comes.
    Ended(End),
}

/// A socket's stream and how it ends.
pub struct Receiver {
    stream: StreamReader<u8>,
    end: End,
    /// Whether a read under way is to end now, with what it has.
    stops: Rc<Cell<bool>>,
}

/// A read that is over.
pub struct Read {
    receiver: Receiver,
    result: StreamResult,
    bytes: Vec<u8>,
}

impl Receiver {
    /// Puts what comes behind `buffer`.
    fn read(self, buffer: Vec<u8>) -> Operation<Read> {
        Operation::new(self.finish(buffer))
    }

    async fn finish(mut self, buffer: Vec<u8>) -> Read {
        let stops = Rc::clone(&self.stops);
        let (result, bytes) = {
            let mut read = pin!(self.stream.read(buffer));
            let read = poll_fn(|context| match stops.get() {
                true => Poll::Ready(read.as_mut().cancel()),
                false => read.as_mut().poll(context),
            });
            read.await
        };
        Read {
            receiver: self,
            result,
            bytes,
        }
    }
}

impl Incoming {
    /// Of a socket that has connected.
    pub fn new(
        (stream, end): (StreamReader<u8>, FutureReader<Result<(), ErrorCode>>),
        stops: Rc<Cell<bool>>,
    ) -> Self {
        let end = End::Unknown(end);
        Self::Idle(Receiver { stream, end, stops })
    }

    /// The next bytes, at most as many as there is `room`, or none at the end. They are put where `spare`
    /// was.
    pub fn poll(
        self,
        spare: &mut Vec<u8>,
        room: usize,
        stops: &Rc<Cell<bool>>,
    ) -> (Self, Poll<Result<Vec<u8>, ErrorCode>>) {
        match self {
            Self::Idle(receiver) => {
                let mut buffer = core::mem::take(spare);
                buffer.clear();
                buffer.reserve_exact(room);
                buffer.shrink_to(room);
                Self::Reading(receiver.read(buffer)).poll(spare, room, stops)
            }
            Self::Reading(mut operation) => match operation.poll() {
                Poll::Pending => (Self::Reading(operation), Poll::Pending),
                Poll::Ready(read) => Self::after(read, spare, room),
            },
            Self::Ended(end) => {
                let (end, result) = end.poll(stops);
                (Self::Ended(end), result.map_ok(|()| Vec::new()))
            }
        }
    }

    fn after(
        read: Read,
        spare: &mut Vec<u8>,
        room: usize,
    ) -> (Self, Poll<Result<Vec<u8>, ErrorCode>>) {
        let Read {
            receiver,
            result,
            bytes,
        } = read;
        if !bytes.is_empty() {
            return (Self::Idle(receiver), Poll::Ready(Ok(bytes)));
        }
        match result {
            StreamResult::Dropped => {
                let Receiver { end, stops, .. } = receiver;
                Self::Ended(end).poll(spare, room, &stops)
            }
            StreamResult::Complete(_) | StreamResult::Cancelled => {
                *spare = bytes;
                (Self::Idle(receiver), Poll::Pending)
            }
        }
    }

    /// Ready when [`Incoming::poll`] has something to say.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self {
            Self::Reading(operation) => operation.poll_ready(context),
            Self::Ended(end) => end.poll_ready(context),
            Self::Idle(_) => Poll::Ready(()),
        }
    }

    /// What the host works on, or has done.
    pub fn asked(&self) -> Asked {
        match self {
            Self::Reading(operation) => Asked::of(operation),
            Self::Ended(end) => end.asked(),
            Self::Idle(_) => Asked::Nothing,
        }
    }
}

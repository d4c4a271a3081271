//! A network in memory, for tests: both ends of a wire, and how badly it behaves.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::{RefCell, RefMut};
use core::task::Poll;

use super::{Deadline, Error, Interest, Interrupted, Phase, SocketErrorCode, Stream};

/// What both ends share; the test plays the peer, the network and its faults.
#[derive(Debug)]
pub(crate) struct Wire {
    /// On their way to the stream.
    pub(crate) inbound: VecDeque<u8>,
    /// Sent by the stream.
    pub(crate) outbound: Vec<u8>,
    /// How many bytes each write took.
    pub(crate) writes: Vec<usize>,
    /// The most that one fill gives.
    pub(crate) piece: usize,
    /// How many more bytes writes take before they are pending.
    pub(crate) room: usize,
    /// The peer has closed its end.
    pub(crate) ended: bool,
    /// The stream has ended its side.
    pub(crate) outbound_ended: bool,
    /// The peer takes nothing more.
    pub(crate) broken: bool,
}

/// The stream's end.
#[derive(Debug)]
pub(crate) struct Scripted {
    wire: Rc<RefCell<Wire>>,
    buffer: Vec<u8>,
    position: usize,
}

/// The test's end.
#[derive(Clone, Debug)]
pub(crate) struct Peer(Rc<RefCell<Wire>>);

impl Peer {
    pub(crate) fn wire(&self) -> RefMut<'_, Wire> {
        self.0.borrow_mut()
    }
}

/// Two ends of a new wire without faults.
pub(crate) fn pair() -> (Scripted, Peer) {
    let wire = Rc::new(RefCell::new(Wire {
        inbound: VecDeque::new(),
        outbound: Vec::new(),
        writes: Vec::new(),
        piece: super::BLOCK,
        room: usize::MAX,
        ended: false,
        outbound_ended: false,
        broken: false,
    }));
    let stream = Scripted {
        wire: Rc::clone(&wire),
        buffer: Vec::new(),
        position: 0,
    };
    (stream, Peer(wire))
}

impl Stream for Scripted {
    type Pollable = ();

    fn buffer(&self) -> &[u8] {
        &self.buffer[self.position..]
    }

    fn buffer_mut(&mut self) -> &mut [u8] {
        &mut self.buffer[self.position..]
    }

    fn consume(&mut self, amount: usize) {
        assert!(amount <= self.buffer().len(), "consumed what is not there");
        self.position += amount;
    }

    fn poll_fill(&mut self) -> Poll<Result<usize, Error>> {
        assert!(self.buffer().is_empty(), "filled before it was empty");
        let mut wire = self.wire.borrow_mut();
        let amount = wire.piece.min(wire.inbound.len());
        if amount == 0 && !wire.ended {
            return Poll::Pending;
        }
        self.buffer = wire.inbound.drain(..amount).collect();
        self.position = 0;
        Poll::Ready(Ok(amount))
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        let mut wire = self.wire.borrow_mut();
        if wire.broken {
            return Poll::Ready(Err(Error::Socket {
                phase: Phase::Send,
                code: SocketErrorCode::BrokenPipe,
            }));
        }
        let bytes = parts.concat();
        let amount = bytes.len().min(wire.room);
        if amount == 0 && !bytes.is_empty() {
            return Poll::Pending;
        }
        wire.outbound.extend_from_slice(&bytes[..amount]);
        wire.writes.push(amount);
        wire.room -= if wire.room == usize::MAX { 0 } else { amount };
        Poll::Ready(Ok(amount))
    }

    fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        self.wire.borrow_mut().outbound_ended = true;
        Poll::Ready(Ok(()))
    }

    fn wait(&mut self, _interest: Interest, _deadline: Deadline) -> Result<(), Interrupted> {
        Err(Interrupted::WouldBlock)
    }

    fn subscribe(&mut self, _interest: Interest) -> Self::Pollable {}

    fn handle(&self) -> Option<u32> {
        None
    }
}

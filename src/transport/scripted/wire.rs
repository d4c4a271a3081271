//! Both ends of a wire in memory, and how badly it behaves.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{RefCell, RefMut};
use core::task::Poll;

use crate::transport::{BLOCK, Error, Interest, Phase, SocketErrorCode, Stream};

/// What both ends share; the test plays the peer, the network and its faults.
#[derive(Debug)]
pub struct Wire {
    /// On their way to the stream.
    pub inbound: VecDeque<u8>,
    /// Sent by the stream.
    pub outbound: Vec<u8>,
    /// How many bytes each write took.
    pub writes: Vec<usize>,
    /// The most that one fill gives.
    pub piece: usize,
    /// How many more bytes writes take before they are pending.
    pub room: usize,
    /// The peer has closed its end.
    pub ended: bool,
    /// The stream has ended its side.
    pub outbound_ended: bool,
    /// The peer takes nothing more.
    pub broken: bool,
    /// The connection is reset: what has arrived can be read, and then everything fails.
    pub reset: bool,
    /// The stream is gone: this end has closed the connection.
    pub dropped: bool,
}

/// The stream's end.
#[derive(Debug)]
pub struct Scripted {
    wire: Rc<RefCell<Wire>>,
    buffer: Vec<u8>,
    position: usize,
}

/// The test's end.
#[derive(Clone, Debug)]
pub struct Peer(Rc<RefCell<Wire>>);

impl Peer {
    /// What both ends share.
    pub fn wire(&self) -> RefMut<'_, Wire> {
        self.0.borrow_mut()
    }
}

/// Two ends of a new wire without faults.
pub fn pair() -> (Scripted, Peer) {
    let wire = Rc::new(RefCell::new(Wire {
        inbound: VecDeque::new(),
        outbound: Vec::new(),
        writes: Vec::new(),
        piece: BLOCK,
        room: usize::MAX,
        ended: false,
        outbound_ended: false,
        broken: false,
        reset: false,
        dropped: false,
    }));
    let stream = Scripted {
        wire: Rc::clone(&wire),
        buffer: Vec::new(),
        position: 0,
    };
    (stream, Peer(wire))
}

impl Peer {
    /// Lets the stream receive these bytes.
    pub fn say(&self, bytes: impl AsRef<[u8]>) {
        self.wire().inbound.extend(bytes.as_ref());
    }

    /// Ends this side.
    pub fn end(&self) {
        self.wire().ended = true;
    }

    /// What the stream has sent so far, as text.
    pub fn heard(&self) -> String {
        String::from_utf8_lossy(&self.wire().outbound).into_owned()
    }
}

impl Scripted {
    /// Whether a pending operation can go on.
    pub fn is_ready(&self, interest: Interest) -> bool {
        let wire = self.wire.borrow();
        let is_readable = !wire.inbound.is_empty() || wire.ended || wire.reset;
        let is_writable = wire.room > 0 || wire.broken || wire.reset;
        match interest {
            Interest::Readable => is_readable,
            Interest::Writable => is_writable,
            Interest::Either => is_readable || is_writable,
        }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.wire.borrow_mut().dropped = true;
    }
}

impl Stream for Scripted {
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
        if amount == 0 && wire.reset {
            return Poll::Ready(Err(Error::Socket {
                phase: Phase::Receive,
                code: SocketErrorCode::ConnectionReset,
            }));
        }
        if amount == 0 && !wire.ended {
            return Poll::Pending;
        }
        self.buffer = wire.inbound.drain(..amount).collect();
        self.position = 0;
        Poll::Ready(Ok(amount))
    }

    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        let mut wire = self.wire.borrow_mut();
        let failure = match (wire.reset, wire.broken) {
            (true, _) => Some(SocketErrorCode::ConnectionReset),
            (false, true) => Some(SocketErrorCode::BrokenPipe),
            (false, false) => None,
        };
        if let Some(code) = failure {
            let phase = Phase::Send;
            return Poll::Ready(Err(Error::Socket { phase, code }));
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

    fn handle(&self) -> Option<u32> {
        None
    }
}

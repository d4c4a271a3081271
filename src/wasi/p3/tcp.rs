//! A TCP connection as a [`Stream`].

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::Cell;
use core::ops::RangeInclusive;
use core::task::{Context, Poll, ready};

use super::end::End;
use super::error::socket_error;
use super::incoming::Incoming;
use super::operation::{Asked, Look};
use super::outgoing::Outgoing;
use super::retired::retire;
use super::synchronous::is_synchronous;
use super::waiter::Waiter;
use crate::bindings::wasi::sockets::types::{ErrorCode, TcpSocket};
use crate::bindings::wit_stream;
use crate::transport::{BLOCK, Error, GATHERED, Interest, Phase, Stream};
use crate::wasi::received::Received;
use crate::wasi::room::Room;

/// A connected socket and its streams.
///
/// A read or a write that is under way belongs to the task that made the call. [`UnderWay::end`] ends it where a call
/// returns: a task that is over would otherwise be kept for it.
pub struct TcpStream {
    reader: Waiter,
    writer: Waiter,
    incoming: Incoming,
    outgoing: Outgoing,
    received: Received,
    /// How many bytes were sent since something came.
    unanswered: usize,
    /// How much the next read asks for.
    room: Room,
    /// A read, or a write, that is under way ends now where this is set.
    stops_reading: Rc<Cell<bool>>,
    stops_writing: Rc<Cell<bool>>,
    /// Dropped behind its streams; none while that happens.
    socket: Option<TcpSocket>,
}

impl TcpStream {
    /// A socket that has connected.
    pub fn new(socket: TcpSocket) -> Self {
        let (stops_reading, stops_writing) = (Rc::default(), Rc::default());
        let (sender, sent) = wit_stream::new();
        let end = socket.send(sent);
        Self {
            reader: Waiter::default(),
            writer: Waiter::default(),
            incoming: Incoming::new(socket.receive(), Rc::clone(&stops_reading)),
            outgoing: Outgoing::new(sender, end, Rc::clone(&stops_writing)),
            received: Received::default(),
            unanswered: 0,
            room: Room::new(ROOM),
            stops_reading,
            stops_writing,
            socket: Some(socket),
        }
    }

    /// Ready when the interest is met, for whoever waits.
    pub fn poll_ready(&mut self, interest: Interest, context: &mut Context<'_>) -> Poll<()> {
        let mut is_ready = false;
        if interest != Interest::Writable {
            is_ready |= !self.buffer().is_empty() || self.incoming.poll_ready(context).is_ready();
            self.reader.set(context);
        }
        if interest != Interest::Readable {
            is_ready |= self.outgoing.poll_ready(context).is_ready();
            self.writer.set(context);
        }
        if !is_ready {
            return Poll::Pending;
        }
        self.reader.clear();
        self.writer.clear();
        Poll::Ready(())
    }

    /// What is under way, to be ended where nothing is borrowed.
    pub fn under_way(&self) -> UnderWay {
        let directions = [
            (self.incoming.asked(), &self.stops_reading),
            (self.outgoing.asked(), &self.stops_writing),
        ];
        let under_way = directions.map(|(asked, stops)| match asked {
            Asked::UnderWay(operation) => Some((operation, Rc::clone(stops))),
            Asked::Nothing | Asked::Done => None,
        });
        UnderWay(under_way)
    }

    /// Takes what came of what has ended: what was read stays, and what was not written is still to be.
    pub fn settle(&mut self) {
        if let Asked::Done = self.incoming.asked() {
            self.stops_reading.set(true);
            if let Poll::Ready(Ok(1..)) = self.poll_fill() {}
            self.stops_reading.set(false);
            self.reader.wake();
        }
        if let Asked::Done = self.outgoing.asked() {
            self.stops_writing.set(true);
            let _ = self.poll_outgoing();
            self.stops_writing.set(false);
            self.writer.wake();
        }
    }

    /// Whether the host takes some bytes at once, such as the goodbye of TLS: it holds no others, and the system has
    /// room for more than was sent since the peer last showed that it takes them.
    fn has_room_for_little(&self) -> bool {
        matches!(self.outgoing, Outgoing::Idle(_)) && self.unanswered < SURE_ROOM
    }

    fn poll_outgoing(&mut self) -> Poll<Result<(), ErrorCode>> {
        let outgoing = core::mem::replace(&mut self.outgoing, ENDED);
        let (outgoing, result) = outgoing.poll(&self.stops_writing);
        self.outgoing = outgoing;
        result
    }
}

/// A read and a write under way.
pub struct UnderWay([Option<Stoppable>; 2]);

/// An operation, and what has it end.
type Stoppable = (Rc<dyn Look>, Rc<Cell<bool>>);

impl UnderWay {
    /// Ends it. The host may let others in meanwhile, who may even drop the stream.
    pub fn end(self) {
        for (operation, stops) in self.0.into_iter().flatten() {
            stops.set(true);
            operation.look();
            stops.set(false);
        }
    }
}

/// How much the system holds for a peer that takes nothing, at least.
const SURE_ROOM: usize = 8 << 10;

/// What one read asks for.
const ROOM: RangeInclusive<usize> = BLOCK..=8 * BLOCK;

/// In the place of a direction while that is looked at.
const ENDED: Outgoing = Outgoing::Ended(End::Known(Ok(())));

impl Drop for TcpStream {
    fn drop(&mut self) {
        let asked = [self.incoming.asked(), self.outgoing.asked()];
        if !asked.iter().any(|it| matches!(it, Asked::UnderWay(_))) {
            return;
        }
        let incoming = core::mem::replace(&mut self.incoming, Incoming::Ended(End::Known(Ok(()))));
        let outgoing = core::mem::replace(&mut self.outgoing, ENDED);
        retire((incoming, outgoing, self.socket.take()));
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
        if is_synchronous() {
            return Poll::Pending;
        }
        let incoming = core::mem::replace(&mut self.incoming, Incoming::Ended(End::Known(Ok(()))));
        let mut block = core::mem::take(&mut self.received).into_room();
        let (incoming, result) = incoming.poll(&mut block, self.room.bytes(), &self.stops_reading);
        self.incoming = incoming;
        self.received = Received::new(block);
        let bytes = ready!(result).map_err(|code| socket_error(Phase::Receive, code))?;
        let length = bytes.len();
        if length > 0 {
            self.unanswered = 0;
        }
        self.room.adapt(length);
        self.received = Received::new(bytes);
        Poll::Ready(Ok(length))
    }

    /// What is taken is on its way: the next write waits until the host has it.
    fn poll_write(&mut self, parts: &[&[u8]]) -> Poll<Result<usize, Error>> {
        if is_synchronous() && !self.has_room_for_little() {
            return Poll::Pending;
        }
        ready!(self.poll_flush())?;
        let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        for part in parts {
            let room = GATHERED - bytes.len();
            bytes.extend_from_slice(&part[..part.len().min(room)]);
        }
        let amount = bytes.len();
        self.unanswered += amount;
        let outgoing = core::mem::replace(&mut self.outgoing, ENDED);
        self.outgoing = outgoing.push(bytes);
        match self.poll_flush() {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(amount)),
        }
    }

    fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        if is_synchronous() && !matches!(self.outgoing, Outgoing::Idle(_)) {
            return Poll::Pending;
        }
        self.poll_outgoing()
            .map_err(|code| socket_error(Phase::Send, code))
    }

    fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        ready!(self.poll_flush())?;
        self.outgoing = ENDED;
        Poll::Ready(Ok(()))
    }

    fn handle(&self) -> Option<u32> {
        self.socket.as_ref().map(TcpSocket::handle)
    }
}

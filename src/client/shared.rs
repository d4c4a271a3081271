//! The open stream, shared by a connection and the response that is being read from it.
//!
//! Who holds it may read under these rules:
//!
//! - [`Turn::Connection`]: no response is unread. The connection may read the next head.
//! - [`Turn::Response`]: a response has unread body. Only it reads; the connection may write.
//! - [`Turn::Closed`]: nobody. Nothing else says that a connection is closed.

use alloc::rc::Rc;
use core::cell::RefCell;
use core::task::Poll;

use super::channel::Channel;
use crate::transport::Stream;

/// A [`SharedStream`] in the hands of a connection and a response.
pub type Shared<S> = Rc<RefCell<SharedStream<S>>>;

/// The open stream and whose turn it is to read.
pub struct SharedStream<S: Stream> {
    turn: Turn<S>,
    /// Whether a head was read from this stream before.
    pub reused: bool,
    /// Whether a request was sent whose response has not been read.
    pub awaits_reply: bool,
    /// Whether the peer spoke before it was asked: which request the next response answers, nobody knows
    /// (RFC 9112 §9.2).
    spoke_first: bool,
}

enum Turn<S: Stream> {
    Connection(Channel<S>),
    Response(Channel<S>),
    Closed,
}

impl<S: Stream> SharedStream<S> {
    /// A fresh stream, whose first request may be sent.
    pub fn new(channel: Channel<S>) -> Shared<S> {
        // A proxy's reply may have had something behind it.
        let spoke_first = says_something(channel.buffer());
        Self::share(Turn::Connection(channel), spoke_first)
    }

    /// No stream, as before the first one.
    pub fn closed() -> Shared<S> {
        Self::share(Turn::Closed, false)
    }

    fn share(turn: Turn<S>, spoke_first: bool) -> Shared<S> {
        Rc::new(RefCell::new(Self {
            turn,
            reused: false,
            awaits_reply: false,
            spoke_first,
        }))
    }

    /// The stream, for whoever knows that it is their turn, or wants to write; none once it is closed.
    pub fn channel(&mut self) -> Option<&mut Channel<S>> {
        match &mut self.turn {
            Turn::Connection(channel) | Turn::Response(channel) => Some(channel),
            Turn::Closed => None,
        }
    }

    /// Whether a response has unread body.
    pub fn is_lent(&self) -> bool {
        matches!(self.turn, Turn::Response(_))
    }

    /// Whether the stream is closed.
    pub fn is_closed(&self) -> bool {
        matches!(self.turn, Turn::Closed)
    }

    /// Gives the turn to a response, whose head was read.
    pub fn lend(&mut self) {
        self.reused = true;
        self.awaits_reply = false;
        self.turn = match core::mem::replace(&mut self.turn, Turn::Closed) {
            Turn::Connection(channel) | Turn::Response(channel) => Turn::Response(channel),
            Turn::Closed => Turn::Closed,
        };
    }

    /// Takes the turn back after a whole response. Bytes that nobody asked for would be taken for the
    /// next response, so they end the stream.
    pub fn give_back(&mut self) {
        self.turn = match core::mem::replace(&mut self.turn, Turn::Closed) {
            Turn::Connection(mut channel) | Turn::Response(mut channel) => {
                let is_silent = self.awaits_reply || channel.buffer().is_empty();
                if is_silent && !self.spoke_first {
                    Turn::Connection(channel)
                } else {
                    channel.say_goodbye();
                    Turn::Closed
                }
            }
            Turn::Closed => Turn::Closed,
        };
    }

    /// Whether the peer has closed the stream while it was idle, or has sent after a response what
    /// nobody asked for.
    pub fn is_stale(&mut self) -> bool {
        let Some(channel) = self.channel() else {
            return true;
        };
        if channel.buffer().is_empty() {
            match channel.poll_fill() {
                Poll::Pending => return false,
                Poll::Ready(Ok(0) | Err(_)) => return true,
                Poll::Ready(Ok(_)) => {}
            }
        }
        let spoke_first = says_something(channel.buffer());
        self.spoke_first |= spoke_first;
        self.reused
    }

    /// Gives the stream away for good.
    pub fn take(&mut self) -> Option<Channel<S>> {
        match core::mem::replace(&mut self.turn, Turn::Closed) {
            Turn::Connection(channel) | Turn::Response(channel) => Some(channel),
            Turn::Closed => None,
        }
    }

    /// Closes the stream.
    pub fn close(&mut self) {
        if let Some(mut channel) = self.take() {
            channel.say_goodbye();
        }
    }
}

/// Whether there is more than the empty lines that some peers end a message with.
fn says_something(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| !matches!(byte, b'\r' | b'\n'))
}

impl<S: Stream> Drop for SharedStream<S> {
    fn drop(&mut self) {
        self.close();
    }
}

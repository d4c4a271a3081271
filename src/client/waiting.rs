//! What a call that could not go on waits for.
//!
//! Whoever stops says why, once and where it stops: [`Awaits`]. [`Waiting`] is the same with the socket in
//! it, for whoever knows how to wait.

use core::cell::RefMut;
use core::ops::{Deref, DerefMut};

use super::channel::Channel;
use super::error::Error;
use super::shared::Shared;
use crate::transport::{Deadline, Interest, Network, Phase, Stream};

/// What makes calls that may have to wait: a pending one is made again, with the same arguments, once what
/// [`Waits::waiting`] says is there. It goes on where it stopped.
pub trait Waits<N: Network> {
    /// What the pending call waits for; without one, what the peer says next.
    fn waiting(&mut self) -> Waiting<'_, N>;

    /// What is to be done when the pending call has waited for so long.
    ///
    /// # Errors
    /// Mostly [`Error::TimedOut`]. Without one the call goes on.
    fn time_out(&mut self) -> Result<(), Error>;

    /// Whether nothing is to be waited for, because the timeout is 0: whoever called does that.
    fn is_nonblocking(&self) -> bool;

    /// The open stream that calls go over, whatever they wait for.
    fn stream(&mut self) -> Option<Lent<'_, N::Stream>>
    where
        Self: Sized;
}

/// What a pending call waits for, and for how long.
pub struct Waiting<'a, N: Network> {
    /// What is awaited.
    pub on: On<'a, N>,
    /// Until when.
    pub until: Deadline,
}

/// What is awaited.
pub enum On<'a, N: Network> {
    /// Nothing: the call can go on.
    Nothing,
    /// The look-up of a name, or a connection.
    Dialing(&'a mut N::Dialing),
    /// The peer.
    Stream(Lent<'a, N::Stream>, Interest),
    /// The source of the request's body, or what the peer says meanwhile.
    Source(Option<Lent<'a, N::Stream>>),
    /// The output of `splice`.
    Sink,
}

/// A stream in the hands of whoever waits.
pub enum Lent<'a, S> {
    /// It is being opened.
    Own(&'a mut S),
    /// It is open, and shared with responses.
    Shared(RefMut<'a, S>),
}

impl<S> Deref for Lent<'_, S> {
    type Target = S;

    fn deref(&self) -> &S {
        match self {
            Self::Own(stream) => stream,
            Self::Shared(stream) => stream,
        }
    }
}

impl<S> DerefMut for Lent<'_, S> {
    fn deref_mut(&mut self) -> &mut S {
        match self {
            Self::Own(stream) => stream,
            Self::Shared(stream) => stream,
        }
    }
}

/// Where a call over an open stream stopped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Awaits {
    /// Nowhere: it is over.
    #[default]
    Nothing,
    /// At the peer.
    Peer(Interest, Phase),
    /// At the source of the request's body; a reply may come first unless it is here already.
    Source { is_answered: bool },
    /// At the output of `splice`.
    Sink,
}

impl Awaits {
    /// What the call was doing.
    pub fn phase(self) -> Phase {
        match self {
            Self::Peer(_, phase) => phase,
            Self::Source { .. } => Phase::Send,
            Self::Nothing | Self::Sink => Phase::Receive,
        }
    }

    /// The same with the stream. Where nothing stopped, that is the next thing that the peer says.
    pub fn on<N: Network>(self, shared: &Shared<N::Stream>) -> On<'_, N> {
        match self {
            Self::Nothing if has_more(shared) => On::Nothing,
            Self::Nothing => on_stream(shared, Interest::Readable),
            Self::Peer(interest, _) => on_stream(shared, interest),
            Self::Source { is_answered: true } => On::Source(None),
            Self::Source { is_answered: false } => On::Source(lend(shared)),
            Self::Sink => On::Sink,
        }
    }
}

/// Whether there is something to read, or nothing will ever be.
fn has_more<S: Stream>(shared: &Shared<S>) -> bool {
    let mut shared = shared.borrow_mut();
    shared
        .channel()
        .is_none_or(|channel| !channel.buffer().is_empty())
}

fn on_stream<N: Network>(shared: &Shared<N::Stream>, interest: Interest) -> On<'_, N> {
    match lend(shared) {
        Some(socket) => On::Stream(socket, interest),
        None => On::Nothing,
    }
}

/// The socket of an open stream.
pub(super) fn lend<S: Stream>(shared: &Shared<S>) -> Option<Lent<'_, S>> {
    RefMut::filter_map(shared.borrow_mut(), |shared| {
        shared.channel().map(Channel::socket)
    })
    .ok()
    .map(Lent::Shared)
}

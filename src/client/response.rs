//! `HTTPResponse`: the head, and the body as it arrives.

mod reading;
mod splicing;

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::error::{Error, HttpException};
use super::inflow::drop_arrived;
use super::message::Message;
use super::patience::{Patience, Timeout};
use super::reply::Fate;
use super::shared::Shared;
use super::text::{Fields, joined, text_pairs};
use super::upgrade::Upgraded;
use super::waiting::{Awaits, Lent, On, Waiting, Waits, lend};
use crate::http1::{BodyReader, Reply, ResponseHead, Reuse, latin1};
use crate::transport::{Network, Phase, Stream};

/// One response of a [`Connection`](super::Connection).
pub struct Response<N: Network> {
    network: Rc<N>,
    timeout: Timeout,
    patience: Patience,
    interim: Vec<ResponseHead>,
    head: Rc<ResponseHead>,
    fate: Fate,
    body: BodyReader,
    inflow: Inflow<N::Stream>,
    /// Bytes of the body that were taken from the stream and not given out: the beginning of an
    /// HTTP/0.9 reply, and what a failed read had received.
    pending: Vec<u8>,
    /// Where the last call stopped.
    awaits: Awaits,
    /// How many bytes a pending `splice` or `discard` has moved.
    moved: u64,
}

/// Where the rest of the body comes from.
enum Inflow<S: Stream> {
    /// The stream. To: every other.
    Stream(Shared<S>),
    /// Nowhere: the body is complete, or `close` was called.
    Closed,
    /// Nowhere: there is no body, and the stream is no longer HTTP. To: `Closed`.
    Upgraded(Shared<S>),
    /// Nowhere: this went wrong, and is said to every further read.
    Failed(Error),
}

/// An interim response (RFC 9110 §15.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterimResponse {
    /// 100 to 199, but not 101.
    pub status: u16,
    /// The reason phrase.
    pub reason: String,
    /// The headers.
    pub headers: Fields,
}

impl<N: Network> Response<N> {
    pub(super) fn new(
        network: Rc<N>,
        (timeout, patience): (Timeout, Patience),
        reply: Reply,
        body: BodyReader,
        fate: Fate,
        shared: Shared<N::Stream>,
    ) -> Self {
        // A reply to HEAD has no body, in HTTP/0.9 either.
        let pending = match body.is_complete() {
            true => Vec::new(),
            false => reply.prefix,
        };
        let mut response = Self {
            network,
            timeout,
            patience,
            interim: reply.interim,
            head: Rc::new(reply.head),
            fate,
            body,
            inflow: Inflow::Stream(shared),
            pending,
            awaits: Awaits::Nothing,
            moved: 0,
        };
        response.finish_if_complete();
        response
    }

    /// `status`, `reason`, `version` and the headers.
    pub fn head(&self) -> &ResponseHead {
        &self.head
    }

    /// `msg`.
    pub fn message(&self) -> Message {
        Message::new(Rc::clone(&self.head))
    }

    /// `getheader(name)`: several values joined with `, `.
    pub fn header(&self, name: &str) -> Option<String> {
        joined(&self.head.headers, name)
    }

    /// `getheaders()`.
    pub fn headers(&self) -> Fields {
        text_pairs(&self.head.headers)
    }

    /// The interim responses before this one.
    pub fn interim_responses(&self) -> Vec<InterimResponse> {
        let text = |head: &ResponseHead| InterimResponse {
            status: head.status,
            reason: latin1(&head.reason),
            headers: text_pairs(&head.headers),
        };
        self.interim.iter().map(text).collect()
    }

    /// The trailers, once the body is read to its end.
    pub fn trailers(&self) -> Option<Fields> {
        self.body
            .is_complete()
            .then(|| text_pairs(self.body.trailers()))
    }

    /// The stream that is no longer HTTP.
    ///
    /// # Errors
    /// `NotConnected` where it still is, or was taken before.
    pub fn upgrade(&mut self) -> Result<Upgraded<N>, Error> {
        let Inflow::Upgraded(shared) = &self.inflow else {
            return Err(HttpException::NotConnected.into());
        };
        let channel = shared.borrow_mut().take();
        self.inflow = Inflow::Closed;
        let channel = channel.ok_or(HttpException::NotConnected)?;
        let patience = Patience::new(self.timeout, None, || self.network.now());
        Ok(Upgraded::new(Rc::clone(&self.network), patience, channel))
    }

    /// `isclosed()`.
    pub fn is_closed(&self) -> bool {
        matches!(self.inflow, Inflow::Closed | Inflow::Upgraded(_)) && self.pending.is_empty()
    }

    /// `will_close`.
    pub fn will_close(&self) -> bool {
        self.fate != Fate::Http(Reuse::Keep)
    }

    /// `length`: how many bytes of the body are left, where that is known.
    pub fn length(&self) -> Option<u64> {
        match self.inflow {
            Inflow::Closed | Inflow::Upgraded(_) => Some(self.pending.len() as u64),
            _ => self
                .body
                .remaining()
                .map(|left| left + self.pending.len() as u64),
        }
    }

    /// `fileno()`.
    pub fn fileno(&self) -> Option<u32> {
        match &self.inflow {
            Inflow::Stream(shared) | Inflow::Upgraded(shared) => {
                shared.borrow_mut().channel()?.handle()
            }
            Inflow::Closed | Inflow::Failed(_) => None,
        }
    }

    /// Forgets a call that is not made again. What it had received is there for the next one.
    pub fn abandon(&mut self) {
        self.awaits = Awaits::Nothing;
        self.moved = 0;
    }

    /// `close()`: gives up the rest, and the connection too unless the rest has already arrived.
    pub fn close(&mut self) {
        self.pending.clear();
        if let Inflow::Stream(shared) = &self.inflow {
            let mut stream = shared.borrow_mut();
            let has_arrived = stream
                .channel()
                .is_some_and(|channel| drop_arrived(channel, &mut self.body));
            if !has_arrived {
                stream.close();
            }
        }
        self.finish_if_complete();
        if let Inflow::Upgraded(shared) = core::mem::replace(&mut self.inflow, Inflow::Closed) {
            shared.borrow_mut().close();
        }
    }
}

impl<N: Network> Waits<N> for Response<N> {
    fn waiting(&mut self) -> Waiting<'_, N> {
        let until = self.patience.deadline(|| self.network.now());
        let on = match (&self.inflow, self.awaits) {
            (_, Awaits::Sink) => On::Sink,
            (Inflow::Stream(_), Awaits::Nothing) if !self.pending.is_empty() => On::Nothing,
            (Inflow::Stream(shared), awaits) => awaits.on(shared),
            (Inflow::Closed | Inflow::Upgraded(_) | Inflow::Failed(_), _) => On::Nothing,
        };
        Waiting { on, until }
    }

    /// An output that takes nothing does not spoil the response.
    fn time_out(&mut self) -> Result<(), Error> {
        let error = Error::TimedOut(Phase::Receive);
        self.moved = 0;
        match core::mem::take(&mut self.awaits) {
            Awaits::Sink => Err(error),
            _ => Err(self.fail(error)),
        }
    }

    fn is_nonblocking(&self) -> bool {
        self.patience.is_nonblocking()
    }

    fn stream(&mut self) -> Option<Lent<'_, N::Stream>> {
        match &self.inflow {
            Inflow::Stream(shared) => lend(shared),
            Inflow::Closed | Inflow::Upgraded(_) | Inflow::Failed(_) => None,
        }
    }
}

impl<N: Network> Drop for Response<N> {
    fn drop(&mut self) {
        self.close();
    }
}

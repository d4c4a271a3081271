//! `HTTPResponse`: the head, and the body as it arrives.

mod reading;
mod splicing;

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;

use super::error::{Error, HttpException};
use super::exchange::Shared;
use super::message::{Message, joined};
use super::patience::{Patience, Timeout};
use super::upgrade::Upgraded;
use crate::http1::{BodyReader, Headers, Reply, ResponseHead, Reuse, Step, latin1};
use crate::transport::{Deadline, Interest, Interrupted, Network, Stream};

/// Names and values as text.
pub(super) fn text_pairs(headers: &Headers) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| (latin1(name), latin1(value)))
        .collect()
}

/// One response of a [`Connection`](super::Connection).
pub struct Response<N: Network> {
    network: Rc<N>,
    timeout: Timeout,
    patience: Patience,
    interim: Vec<ResponseHead>,
    head: Rc<ResponseHead>,
    fate: Fate,
    body: BodyReader,
    source: Source<N::Stream>,
    /// Bytes of the body that were taken from the stream and not given out: the beginning of an
    /// HTTP/0.9 reply, and what a failed read had received.
    pending: Vec<u8>,
}

/// Where the rest of the body comes from.
enum Source<S: Stream> {
    /// The stream. To: every other.
    Exchange(Shared<S>),
    /// Nowhere: the body is complete, or `close` was called.
    Closed,
    /// Nowhere: there is no body, and the stream is no longer HTTP. To: `Closed`.
    Upgraded(Shared<S>),
    /// Nowhere: this went wrong, and is said to every further read.
    Failed(Error),
}

/// What becomes of the stream after the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays with HTTP, or is closed.
    Http(Reuse),
    /// It belongs to whoever calls `upgrade`.
    Upgraded,
}

/// An interim response: status, reason, headers.
pub type Interim = (u16, String, Vec<(String, String)>);

/// Where `splice` copies to.
pub trait Sink {
    /// Takes from the front of `bytes`; how many, at least one.
    fn poll_write(&mut self, bytes: &[u8]) -> Poll<Result<usize, Error>>;

    /// Pushes out what was taken, without waiting for that.
    fn flush(&mut self) -> Result<(), Error>;

    /// Whether all that was taken is written.
    fn poll_written(&mut self) -> Poll<Result<(), Error>>;

    /// Blocks until a pending operation is worth repeating.
    fn wait(&mut self, deadline: Deadline) -> Result<(), Interrupted>;
}

impl<N: Network> Response<N> {
    pub(super) fn new(
        network: Rc<N>,
        (timeout, patience): (Timeout, Patience),
        reply: Reply,
        body: BodyReader,
        fate: Fate,
        exchange: Shared<N::Stream>,
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
            source: Source::Exchange(exchange),
            pending,
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
    pub fn headers(&self) -> Vec<(String, String)> {
        text_pairs(&self.head.headers)
    }

    /// The interim responses before this one.
    pub fn interim_responses(&self) -> Vec<Interim> {
        let text = |head: &ResponseHead| {
            let reason = latin1(&head.reason);
            (head.status, reason, text_pairs(&head.headers))
        };
        self.interim.iter().map(text).collect()
    }

    /// The trailers, once the body is read to its end.
    pub fn trailers(&self) -> Option<Vec<(String, String)>> {
        self.body
            .is_complete()
            .then(|| text_pairs(self.body.trailers()))
    }

    /// The stream that is no longer HTTP.
    ///
    /// # Errors
    /// `NotConnected` where it still is, or was taken before.
    pub fn upgrade(&mut self) -> Result<Upgraded<N>, Error> {
        let Source::Upgraded(exchange) = &self.source else {
            return Err(HttpException::NotConnected.into());
        };
        let channel = exchange.borrow_mut().take();
        self.source = Source::Closed;
        let channel = channel.ok_or(HttpException::NotConnected)?;
        let patience = Patience::new(self.timeout, None, || self.network.now());
        Ok(Upgraded::new(Rc::clone(&self.network), patience, channel))
    }

    /// `isclosed()`.
    pub fn is_closed(&self) -> bool {
        matches!(self.source, Source::Closed | Source::Upgraded(_)) && self.pending.is_empty()
    }

    /// `will_close`.
    pub fn will_close(&self) -> bool {
        self.fate != Fate::Http(Reuse::Keep)
    }

    /// `length`: how many bytes of the body are left, where that is known.
    pub fn length(&self) -> Option<u64> {
        match self.source {
            Source::Closed | Source::Upgraded(_) => Some(self.pending.len() as u64),
            _ => self
                .body
                .remaining()
                .map(|left| left + self.pending.len() as u64),
        }
    }

    /// `fileno()`.
    pub fn fileno(&self) -> Option<u32> {
        match &self.source {
            Source::Exchange(exchange) | Source::Upgraded(exchange) => {
                exchange.borrow_mut().channel()?.handle()
            }
            Source::Closed | Source::Failed(_) => None,
        }
    }

    /// What to wait on before a read that would block is worth repeating.
    pub fn subscribe(&mut self) -> <N::Stream as Stream>::Pollable {
        let pollable = match &self.source {
            Source::Exchange(exchange) if self.pending.is_empty() => {
                match exchange.borrow_mut().channel() {
                    Some(channel) if channel.buffer().is_empty() => {
                        Some(channel.subscribe(Interest::Readable))
                    }
                    _ => None,
                }
            }
            _ => None,
        };
        pollable.unwrap_or_else(|| self.network.ready())
    }

    /// `close()`: gives up the rest, and the connection too unless the rest has already arrived.
    pub fn close(&mut self) {
        self.pending.clear();
        while let Source::Exchange(exchange) = &self.source {
            let mut exchange = exchange.borrow_mut();
            let step = exchange
                .channel()
                .map(|channel| self.body.next(channel.buffer()));
            match (step, exchange.channel()) {
                (Some(Ok(Step::Framing(amount))), Some(channel)) => channel.consume(amount),
                (Some(Ok(Step::Data(amount))), Some(channel)) => {
                    channel.consume(amount);
                    self.body.took(amount);
                }
                (Some(Ok(Step::Complete)), _) => {
                    drop(exchange);
                    self.finish_if_complete();
                }
                _ => {
                    exchange.close();
                    drop(exchange);
                    self.source = Source::Closed;
                }
            }
        }
        if let Source::Upgraded(exchange) = core::mem::replace(&mut self.source, Source::Closed) {
            exchange.borrow_mut().close();
        }
    }
}

impl<N: Network> Drop for Response<N> {
    fn drop(&mut self) {
        self.close();
    }
}

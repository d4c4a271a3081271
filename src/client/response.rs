//! `HTTPResponse`: the head, and the body as it arrives.
//!
//! All reads are [`Response::poll_data`] with a closure that takes what it wants from the front of
//! the received bytes: that is the one copy they get.

use std::rc::Rc;
use std::task::{Poll, ready};

use super::error::{Error, HttpException};
use super::exchange::Shared;
use super::flushing::interrupted_while;
use super::message::{Message, joined};
use super::patience::{Patience, Timeout};
use super::upgrade::Upgraded;
use crate::http1::{BodyReader, Headers, Reply, ResponseHead, Reuse, Step, latin1};
use crate::transport::{
    self, BLOCK, Deadline, Interest, Interrupted, Network, Phase, Stream, TlsError,
};

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

    /// Pushes out what was taken.
    fn flush(&mut self) -> Result<(), Error>;

    /// Blocks until `poll_write` is worth repeating.
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

    /// Copies the rest of the body, or its next `amount` bytes, to `sink`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn splice(&mut self, sink: &mut dyn Sink, amount: Option<u64>) -> Result<u64, Error> {
        let amount = amount.unwrap_or(u64::MAX);
        let mut copied = 0;
        while copied < amount {
            let room = usize::try_from(amount - copied).unwrap_or(usize::MAX);
            let written = self.next_data(|data| {
                let written = sink.poll_write(&data[..data.len().min(room)]);
                match written {
                    Poll::Ready(Ok(taken)) => (taken, written),
                    Poll::Ready(Err(_)) | Poll::Pending => (0, written),
                }
            });
            match written {
                Ok(Some(Poll::Ready(taken))) => copied += taken? as u64,
                Ok(Some(Poll::Pending)) => {
                    let waited = sink.wait(self.patience.deadline(|| self.network.now()));
                    match waited.map_err(|it| interrupted_while(it, Phase::Receive)) {
                        Err(Error::WouldBlock) if copied > 0 => break,
                        waited => waited?,
                    }
                }
                Ok(None) => break,
                Err(Error::WouldBlock) if copied > 0 => break,
                Err(error) => return Err(error),
            }
        }
        sink.flush()?;
        Ok(copied)
    }

    /// `read(amount)`: up to the end of the body without one.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn read(&mut self, amount: Option<u64>) -> Result<Vec<u8>, Error> {
        let amount = amount.map_or(usize::MAX, |amount| {
            usize::try_from(amount).unwrap_or(usize::MAX)
        });
        let mut received = self.allocate(amount);
        while received.len() < amount {
            let room = amount - received.len();
            match self.next_data(|data| {
                let taken = data.len().min(room);
                received.extend_from_slice(&data[..taken]);
                (taken, ())
            }) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(Error::WouldBlock) if amount != usize::MAX && !received.is_empty() => break,
                Err(error) => return Err(self.keep_received(received, error)),
            }
        }
        Ok(received)
    }

    /// `read1(amount)`: what one wait brings.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn read1(&mut self, amount: Option<u64>) -> Result<Vec<u8>, Error> {
        let amount = amount.map_or(BLOCK, |amount| usize::try_from(amount).unwrap_or(BLOCK));
        if amount == 0 {
            return Ok(Vec::new());
        }
        let data = self.next_data(|data| {
            let taken = data.len().min(amount);
            (taken, data[..taken].to_vec())
        })?;
        Ok(data.unwrap_or_default())
    }

    /// `peek(amount)`: what the next read will give, without taking it.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn peek(&mut self, amount: u64) -> Result<Vec<u8>, Error> {
        let amount = usize::try_from(amount).unwrap_or(BLOCK).clamp(1, BLOCK);
        let data = self.next_data(|data| (0, data[..data.len().min(amount)].to_vec()))?;
        Ok(data.unwrap_or_default())
    }

    /// `readline(limit)`: up to and with the next `\n`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn read_line(&mut self, limit: Option<u64>) -> Result<Vec<u8>, Error> {
        let limit = limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        let mut line = Vec::new();
        while line.len() < limit && line.last() != Some(&b'\n') {
            let room = limit - line.len();
            match self.next_data(|data| {
                let data = &data[..data.len().min(room)];
                let end = data.iter().position(|&byte| byte == b'\n');
                let taken = end.map_or(data.len(), |end| end + 1);
                line.extend_from_slice(&data[..taken]);
                (taken, ())
            }) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(error) => return Err(self.keep_received(line, error)),
            }
        }
        Ok(line)
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
        if let Source::Upgraded(exchange) = std::mem::replace(&mut self.source, Source::Closed) {
            exchange.borrow_mut().close();
        }
    }

    /// A list with room for the next block, never for all that is only announced; it begins with what
    /// an earlier read left behind.
    fn allocate(&mut self, amount: usize) -> Vec<u8> {
        if !self.pending.is_empty() && self.pending.len() <= amount {
            return std::mem::take(&mut self.pending);
        }
        let left = self
            .length()
            .map_or(BLOCK, |left| usize::try_from(left).unwrap_or(usize::MAX));
        Vec::with_capacity(left.min(amount).min(BLOCK))
    }

    /// Keeps what a failed read had received for the next one; `IncompleteRead` carries it away.
    fn keep_received(&mut self, received: Vec<u8>, mut error: Error) -> Error {
        match &mut error {
            Error::Http(HttpException::IncompleteRead { partial, .. }) => *partial = received,
            _ => self.pending.splice(..0, received).for_each(drop),
        }
        error
    }

    /// Shows the next bytes of the body to `take`, waiting for them where needed; none at the end.
    fn next_data<T>(
        &mut self,
        mut take: impl FnMut(&[u8]) -> (usize, T),
    ) -> Result<Option<T>, Error> {
        loop {
            if self.patience.check(|| self.network.now()).is_err() && self.is_expected_from_peer() {
                return Err(self.fail(Error::TimedOut(Phase::Receive)));
            }
            match self.poll_data(&mut take) {
                Poll::Ready(Ok(data)) => return Ok(data),
                Poll::Ready(Err(error)) => return Err(self.fail(error)),
                Poll::Pending => match self.wait() {
                    Ok(()) => {}
                    Err(Error::WouldBlock) => return Err(Error::WouldBlock),
                    Err(error) => return Err(self.fail(error)),
                },
            }
        }
    }

    fn poll_data<T>(
        &mut self,
        take: &mut impl FnMut(&[u8]) -> (usize, T),
    ) -> Poll<Result<Option<T>, Error>> {
        if !self.pending.is_empty() {
            let (taken, value) = take(&self.pending);
            self.pending.drain(..taken);
            return Poll::Ready(Ok(Some(value)));
        }
        loop {
            let exchange = match &self.source {
                Source::Exchange(exchange) => Rc::clone(exchange),
                Source::Closed | Source::Upgraded(_) => return Poll::Ready(Ok(None)),
                Source::Failed(error) => return Poll::Ready(Err(error.clone())),
            };
            let mut exchange = exchange.borrow_mut();
            let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
            match self.body.next(channel.buffer())? {
                Step::Framing(amount) => channel.consume(amount),
                Step::Data(amount) => {
                    let (taken, value) = take(&channel.buffer()[..amount]);
                    channel.consume(taken);
                    self.body.took(taken);
                    drop(exchange);
                    self.finish_if_at_hand();
                    return Poll::Ready(Ok(Some(value)));
                }
                Step::NeedMore => match ready!(channel.poll_fill()) {
                    Ok(0) => self.end_of_stream(None)?,
                    Ok(_) => {}
                    Err(error) => self.end_of_stream(Some(error))?,
                },
                Step::Complete => {}
            }
            drop(exchange);
            self.finish_if_complete();
        }
    }

    /// The stream ended; the body may end with it, unless the end can't be trusted.
    fn end_of_stream(&mut self, error: Option<transport::Error>) -> Result<(), Error> {
        match error {
            None => Ok(self.body.end()?),
            Some(transport::Error::Tls(TlsError::Truncated(text))) => {
                // A framed body is cut short like any other.
                self.body.end()?;
                Err(Error::Tls(TlsError::Truncated(text)))
            }
            Some(error) => Err(error.into()),
        }
    }

    fn wait(&mut self) -> Result<(), Error> {
        let deadline = self.patience.deadline(|| self.network.now());
        match &self.source {
            Source::Exchange(exchange) => match exchange.borrow_mut().channel() {
                Some(channel) => channel
                    .wait(Interest::Readable, deadline)
                    .map_err(|interrupted| interrupted_while(interrupted, Phase::Receive)),
                None => Ok(()),
            },
            Source::Closed | Source::Upgraded(_) | Source::Failed(_) => Ok(()),
        }
    }

    /// Whether the next bytes must still come.
    fn is_expected_from_peer(&self) -> bool {
        matches!(self.source, Source::Exchange(_)) && self.pending.is_empty()
    }

    /// Takes framing that has already arrived, so that the connection is free with the last byte. If
    /// it is broken, the next read says so: this one has data to give.
    fn finish_if_at_hand(&mut self) {
        if let Source::Exchange(exchange) = &self.source {
            let mut exchange = exchange.borrow_mut();
            if let Some(channel) = exchange.channel() {
                while let Ok(Step::Framing(amount)) = self.body.next(channel.buffer()) {
                    channel.consume(amount);
                }
            }
        }
        self.finish_if_complete();
    }

    /// Hands the stream back after the last byte.
    fn finish_if_complete(&mut self) {
        if !self.body.is_complete() {
            return;
        }
        if let Source::Exchange(exchange) = std::mem::replace(&mut self.source, Source::Closed) {
            match self.fate {
                Fate::Http(Reuse::Keep) => exchange.borrow_mut().give_back(),
                Fate::Http(Reuse::Close(_)) => exchange.borrow_mut().close(),
                Fate::Upgraded => self.source = Source::Upgraded(exchange),
            }
        }
    }

    /// Closes the connection because of `error`, which every further read will say again.
    fn fail(&mut self, error: Error) -> Error {
        let failed = Source::Failed(error.clone());
        if let Source::Exchange(exchange) = std::mem::replace(&mut self.source, failed) {
            exchange.borrow_mut().close();
        }
        error
    }
}

impl<N: Network> Drop for Response<N> {
    fn drop(&mut self) {
        self.close();
    }
}

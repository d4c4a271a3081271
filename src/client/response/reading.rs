//! Reading the body.
//!
//! All reads are [`Response::poll_data`] with a closure that takes what it wants from the front of
//! the received bytes: that is the one copy they get. What differs is behind a pointer, so that the rest is
//! compiled once.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::{Fate, Response, Source};
use crate::client::error::{Error, HttpException};
use crate::client::flushing::interrupted_while;
use crate::http1::{Reuse, Step};
use crate::transport::{self, BLOCK, Interest, Network, Phase, Stream, TlsError};

/// Takes from the front of the bytes it is shown; how many.
pub(super) type Take<'a> = &'a mut dyn FnMut(&[u8]) -> usize;

impl<N: Network> Response<N> {
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
            match self.next_data(&mut |data| {
                let taken = data.len().min(room);
                received.extend_from_slice(&data[..taken]);
                taken
            }) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(Error::WouldBlock) if amount != usize::MAX && !received.is_empty() => break,
                Err(error) => return Err(self.keep_received(received, error)),
            }
        }
        Ok(received)
    }

    /// Takes the rest of the body, or its next `amount` bytes, and keeps nothing of it.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn discard(&mut self, amount: Option<u64>) -> Result<u64, Error> {
        let amount = amount.unwrap_or(u64::MAX);
        let mut discarded = 0;
        while discarded < amount {
            let room = usize::try_from(amount - discarded).unwrap_or(usize::MAX);
            match self.next_data(&mut |data| data.len().min(room)) {
                Ok(Some(taken)) => discarded += taken as u64,
                Ok(None) => break,
                Err(Error::WouldBlock) if discarded > 0 => break,
                Err(error) => return Err(error),
            }
        }
        Ok(discarded)
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
        let mut received = Vec::new();
        self.next_data(&mut |data| {
            received = data[..data.len().min(amount)].to_vec();
            received.len()
        })?;
        Ok(received)
    }

    /// `peek(amount)`: what the next read will give, without taking it.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn peek(&mut self, amount: u64) -> Result<Vec<u8>, Error> {
        let amount = usize::try_from(amount).unwrap_or(BLOCK).clamp(1, BLOCK);
        let mut shown = Vec::new();
        self.next_data(&mut |data| {
            shown = data[..data.len().min(amount)].to_vec();
            0
        })?;
        Ok(shown)
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
            match self.next_data(&mut |data| {
                let data = &data[..data.len().min(room)];
                let end = data.iter().position(|&byte| byte == b'\n');
                let taken = end.map_or(data.len(), |end| end + 1);
                line.extend_from_slice(&data[..taken]);
                taken
            }) {
                Ok(Some(_)) => {}
                Ok(None) => break,
                Err(error) => return Err(self.keep_received(line, error)),
            }
        }
        Ok(line)
    }

    /// A list with room for the next block, never for all that is only announced; it begins with what
    /// an earlier read left behind.
    fn allocate(&mut self, amount: usize) -> Vec<u8> {
        if !self.pending.is_empty() && self.pending.len() <= amount {
            return core::mem::take(&mut self.pending);
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

    /// Shows the next bytes of the body to `take`, waiting for them where needed; how many it took, none
    /// at the end.
    fn next_data(&mut self, take: Take) -> Result<Option<usize>, Error> {
        loop {
            match self.poll_next(take) {
                Poll::Ready(next) => return next,
                Poll::Pending => self.wait_for_peer()?,
            }
        }
    }

    /// The same as far as it goes without waiting.
    pub(super) fn poll_next(&mut self, take: Take) -> Poll<Result<Option<usize>, Error>> {
        if self.patience.check(|| self.network.now()).is_err() && self.is_expected_from_peer() {
            return Poll::Ready(Err(self.fail(Error::TimedOut(Phase::Receive))));
        }
        let next = ready!(self.poll_data(take));
        Poll::Ready(next.map_err(|error| self.fail(error)))
    }

    fn poll_data(&mut self, take: Take) -> Poll<Result<Option<usize>, Error>> {
        if !self.pending.is_empty() {
            let taken = take(&self.pending);
            self.pending.drain(..taken);
            return Poll::Ready(Ok(Some(taken)));
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
                    let taken = take(&channel.buffer()[..amount]);
                    channel.consume(taken);
                    self.body.took(taken);
                    drop(exchange);
                    self.finish_if_at_hand();
                    return Poll::Ready(Ok(Some(taken)));
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

    /// Waits until there may be more of the body.
    pub(super) fn wait_for_peer(&mut self) -> Result<(), Error> {
        let deadline = self.patience.deadline(|| self.network.now());
        let waited = match &self.source {
            Source::Exchange(exchange) => match exchange.borrow_mut().channel() {
                Some(channel) => channel.wait(Interest::Readable, deadline),
                None => Ok(()),
            },
            Source::Closed | Source::Upgraded(_) | Source::Failed(_) => Ok(()),
        };
        match waited.map_err(|interrupted| interrupted_while(interrupted, Phase::Receive)) {
            Ok(()) => Ok(()),
            Err(Error::WouldBlock) => Err(Error::WouldBlock),
            Err(error) => Err(self.fail(error)),
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
    pub(super) fn finish_if_complete(&mut self) {
        if !self.body.is_complete() {
            return;
        }
        if let Source::Exchange(exchange) = core::mem::replace(&mut self.source, Source::Closed) {
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
        if let Source::Exchange(exchange) = core::mem::replace(&mut self.source, failed) {
            exchange.borrow_mut().close();
        }
        error
    }
}

//! Reading the body.
//!
//! All reads are [`Response::poll_next`] with a closure that takes what it wants from the front of
//! the received bytes: that is the one copy they get. What a pending read has received is kept for the
//! next one.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::{Inflow, Response};
use crate::client::channel::Channel;
use crate::client::error::{Error, HttpException};
use crate::client::inflow::{self, LARGE, Take};
use crate::client::reply::Fate;
use crate::client::waiting::Awaits;
use crate::http1::{BodyReader, Reuse};
use crate::transport::{BLOCK, Interest, Network, Phase};

impl<N: Network> Response<N> {
    /// `read(amount)`: up to the end of the body without one.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_read(&mut self, amount: Option<u64>) -> Poll<Result<Vec<u8>, Error>> {
        let amount = amount.map_or(usize::MAX, |amount| {
            usize::try_from(amount).unwrap_or(usize::MAX)
        });
        let mut received = self.allocate(amount);
        while received.len() < amount {
            let room = amount - received.len();
            match self.poll_next(&mut |data| {
                let taken = data.len().min(room);
                received.extend_from_slice(&data[..taken]);
                taken
            }) {
                Poll::Ready(Ok(Some(_))) => {}
                Poll::Ready(Ok(None)) => break,
                Poll::Ready(Err(error)) => {
                    return Poll::Ready(Err(self.keep_received(received, error)));
                }
                Poll::Pending if self.gives_part(received.len()) && amount < usize::MAX => break,
                Poll::Pending => return self.go_on_with(received),
            }
        }
        Poll::Ready(Ok(received))
    }

    /// Takes the rest of the body, or its next `amount` bytes, and keeps nothing of it.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_discard(&mut self, amount: Option<u64>) -> Poll<Result<u64, Error>> {
        let amount = amount.unwrap_or(u64::MAX);
        while self.moved < amount {
            let room = usize::try_from(amount - self.moved).unwrap_or(usize::MAX);
            match self.poll_next(&mut |data| data.len().min(room)) {
                Poll::Ready(Ok(Some(taken))) => self.moved += taken as u64,
                Poll::Ready(Ok(None)) => break,
                Poll::Ready(Err(error)) => {
                    self.moved = 0;
                    return Poll::Ready(Err(error));
                }
                Poll::Pending if self.gives_part(self.moved as usize) => break,
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(core::mem::take(&mut self.moved)))
    }

    /// `read1(amount)`: what one wait brings.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_read1(&mut self, amount: Option<u64>) -> Poll<Result<Vec<u8>, Error>> {
        let amount = amount.map_or(BLOCK, |amount| usize::try_from(amount).unwrap_or(BLOCK));
        let received = match self.pending.len() {
            _ if amount == 0 => None,
            0 => {
                ready!(self.poll_stream(|channel, body| inflow::poll_piece(channel, body, amount)))?
            }
            pending => {
                self.awaits = Awaits::Nothing;
                Some(self.pending.drain(..pending.min(amount)).collect())
            }
        };
        Poll::Ready(Ok(received.unwrap_or_default()))
    }

    /// What is there after at most one wait; none at the end. Pieces are put together up to [`BLOCK`], and a
    /// large one is given as it was received.
    ///
    /// # Errors
    /// As for a read.
    pub fn poll_arrived(&mut self) -> Poll<Result<Vec<u8>, Error>> {
        let Some(mut received) = ready!(self.poll_block())? else {
            return Poll::Ready(Ok(Vec::new()));
        };
        while received.len() < LARGE {
            let next = self.poll_next(&mut |data| {
                let taken = data.len().min(BLOCK - received.len());
                received.extend_from_slice(&data[..taken]);
                taken
            });
            match next {
                Poll::Ready(Ok(Some(_))) => {}
                // An error is said again.
                Poll::Ready(Ok(None) | Err(_)) | Poll::Pending => break,
            }
        }
        Poll::Ready(Ok(received))
    }

    /// `peek(amount)`: what the next read will give, without taking it.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_peek(&mut self, amount: u64) -> Poll<Result<Vec<u8>, Error>> {
        let amount = usize::try_from(amount).unwrap_or(BLOCK).clamp(1, BLOCK);
        let mut shown = Vec::new();
        ready!(self.poll_next(&mut |data| {
            shown = data[..data.len().min(amount)].to_vec();
            0
        }))?;
        Poll::Ready(Ok(shown))
    }

    /// `readline(limit)`: up to and with the next `\n`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_read_line(&mut self, limit: Option<u64>) -> Poll<Result<Vec<u8>, Error>> {
        let limit = limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit).unwrap_or(usize::MAX)
        });
        let mut line = Vec::new();
        while line.len() < limit && line.last() != Some(&b'\n') {
            let room = limit - line.len();
            match self.poll_next(&mut |data| {
                let data = &data[..data.len().min(room)];
                let end = data.iter().position(|&byte| byte == b'\n');
                let taken = end.map_or(data.len(), |end| end + 1);
                line.extend_from_slice(&data[..taken]);
                taken
            }) {
                Poll::Ready(Ok(Some(_))) => {}
                Poll::Ready(Ok(None)) => break,
                Poll::Ready(Err(error)) => {
                    return Poll::Ready(Err(self.keep_received(line, error)));
                }
                Poll::Pending => return self.go_on_with(line),
            }
        }
        Poll::Ready(Ok(line))
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

    /// Whether a call gives what it has rather than nothing: whoever never waits gets a part.
    pub(super) fn gives_part(&self, received: usize) -> bool {
        self.patience.is_nonblocking() && received > 0
    }

    /// Keeps what a pending read has received.
    fn go_on_with<T>(&mut self, received: Vec<u8>) -> Poll<T> {
        self.put_back(received);
        Poll::Pending
    }

    /// Keeps what a failed read had received for the next one; `IncompleteRead` carries it away.
    fn keep_received(&mut self, received: Vec<u8>, mut error: Error) -> Error {
        match &mut error {
            Error::Http(HttpException::IncompleteRead { partial, .. }) => *partial = received,
            _ => self.put_back(received),
        }
        error
    }

    /// Puts bytes before those that are to be read next.
    pub(super) fn put_back(&mut self, mut bytes: Vec<u8>) {
        if !self.pending.is_empty() {
            bytes.append(&mut self.pending);
        }
        self.pending = bytes;
    }

    /// Shows the next bytes of the body to `take`; how many it took, none at the end.
    pub(super) fn poll_next(&mut self, take: Take) -> Poll<Result<Option<usize>, Error>> {
        if !self.pending.is_empty() {
            self.awaits = Awaits::Nothing;
            let taken = take(&self.pending);
            self.pending.drain(..taken);
            return Poll::Ready(Ok(Some(taken)));
        }
        self.poll_stream(|channel, body| inflow::poll_data(channel, body, take))
    }

    /// The next bytes of the body; none at the end.
    fn poll_block(&mut self) -> Poll<Result<Option<Vec<u8>>, Error>> {
        if !self.pending.is_empty() {
            self.awaits = Awaits::Nothing;
            let pending = core::mem::take(&mut self.pending);
            return Poll::Ready(Ok(Some(pending)));
        }
        self.poll_stream(inflow::poll_block)
    }

    /// Takes from the stream; nothing at the end.
    fn poll_stream<T>(
        &mut self,
        take: impl FnOnce(&mut Channel<N::Stream>, &mut BodyReader) -> Poll<Result<Option<T>, Error>>,
    ) -> Poll<Result<Option<T>, Error>> {
        self.awaits = Awaits::Nothing;
        let is_expected = matches!(self.inflow, Inflow::Stream(_));
        if is_expected && self.patience.is_over(|| self.network.now()) {
            return Poll::Ready(Err(self.fail(Error::TimedOut(Phase::Receive))));
        }
        let next = self.poll_taken(take);
        if next.is_pending() {
            self.awaits = Awaits::Peer(Interest::Readable, Phase::Receive);
        }
        next.map_err(|error| self.fail(error))
    }

    fn poll_taken<T>(
        &mut self,
        take: impl FnOnce(&mut Channel<N::Stream>, &mut BodyReader) -> Poll<Result<Option<T>, Error>>,
    ) -> Poll<Result<Option<T>, Error>> {
        let shared = match &self.inflow {
            Inflow::Stream(shared) => Rc::clone(shared),
            Inflow::Closed | Inflow::Upgraded(_) => return Poll::Ready(Ok(None)),
            Inflow::Failed(error) => return Poll::Ready(Err(error.clone())),
        };
        let mut stream = shared.borrow_mut();
        let channel = stream.channel().ok_or(HttpException::NotConnected)?;
        let taken = ready!(take(channel, &mut self.body))?;
        // So that the connection is free with the last byte.
        inflow::take_framing(channel, &mut self.body);
        drop(stream);
        self.finish_if_complete();
        Poll::Ready(Ok(taken))
    }

    /// Hands the stream back after the last byte.
    pub(super) fn finish_if_complete(&mut self) {
        if !self.body.is_complete() {
            return;
        }
        if let Inflow::Stream(shared) = core::mem::replace(&mut self.inflow, Inflow::Closed) {
            match self.fate {
                Fate::Http(Reuse::Keep) => shared.borrow_mut().give_back(),
                Fate::Http(Reuse::Close(_)) => shared.borrow_mut().close(),
                Fate::Upgraded => self.inflow = Inflow::Upgraded(shared),
            }
        }
    }

    /// Closes the connection because of `error`, which every further read will say again.
    pub(super) fn fail(&mut self, error: Error) -> Error {
        let failed = Inflow::Failed(error.clone());
        if let Inflow::Stream(shared) = core::mem::replace(&mut self.inflow, failed) {
            shared.borrow_mut().close();
        }
        error
    }
}

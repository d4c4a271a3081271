//! `splice`: the body goes into an output.
//!
//! Each write costs an output, a file above all, about the same, however short it is, and records of TLS
//! and chunks are short. So they are put together until a block is full or the peer pauses. What is
//! large, or is all there is, is written from where it was received.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::Response;
use crate::client::error::Error;
use crate::client::inflow::LARGE;
use crate::client::waiting::Awaits;
use crate::transport::{BLOCK, Network, Sink};

/// Why a copy ended before it was complete.
enum Stopped {
    /// The body gave no more.
    Body(Error),
    /// The output took no more.
    Output(Error),
}

/// An output and what is on its way there.
struct Outflow<'a> {
    sink: &'a mut dyn Sink,
    /// How many bytes the sink has taken.
    taken: u64,
    /// Pieces that were put together.
    gathered: Vec<u8>,
    /// How much of them the sink has taken.
    written: usize,
    flushed: bool,
}

impl<'a> Outflow<'a> {
    /// Goes on after so many bytes.
    fn new(sink: &'a mut dyn Sink, taken: u64) -> Self {
        Self {
            sink,
            taken,
            gathered: Vec::new(),
            written: 0,
            flushed: taken == 0,
        }
    }

    /// How many bytes came this way.
    fn total(&self) -> u64 {
        self.taken + (self.gathered.len() - self.written) as u64
    }

    /// What the sink has not taken.
    fn into_rest(mut self) -> Vec<u8> {
        self.gathered.drain(..self.written);
        self.gathered
    }

    fn is_full(&self) -> bool {
        self.gathered.len() >= BLOCK
    }

    /// Takes from the front of `data`, of which no more than `wanted` bytes will come; how many.
    fn push(&mut self, data: &[u8], wanted: u64) -> Poll<Result<usize, Error>> {
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        let data = &data[..data.len().min(wanted)];
        if self.gathered.is_empty() {
            if data.len() >= LARGE || data.len() == wanted {
                let amount = ready!(self.sink.poll_write(data))?;
                self.took(amount);
                return Poll::Ready(Ok(amount));
            }
            self.gathered.reserve_exact(wanted.min(BLOCK));
        }
        let amount = data.len().min(BLOCK - self.gathered.len());
        self.gathered.extend_from_slice(&data[..amount]);
        Poll::Ready(Ok(amount))
    }

    /// Writes what was put together.
    fn poll_drain(&mut self) -> Poll<Result<(), Error>> {
        while self.written < self.gathered.len() {
            let rest = &self.gathered[self.written..];
            let amount = ready!(self.sink.poll_write(rest))?;
            self.took(amount);
            self.written += amount;
        }
        self.gathered.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }

    fn took(&mut self, amount: usize) {
        self.taken += amount as u64;
        self.flushed = false;
    }

    /// Pushes out what the sink has taken.
    fn flush(&mut self) -> Result<(), Error> {
        if core::mem::replace(&mut self.flushed, true) {
            return Ok(());
        }
        Ok(self.sink.flush()?)
    }
}

impl<N: Network> Response<N> {
    /// Copies the rest of the body, or its next `amount` bytes, to `sink`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_splice(
        &mut self,
        sink: &mut dyn Sink,
        amount: Option<u64>,
    ) -> Poll<Result<u64, Error>> {
        let mut out = Outflow::new(sink, self.moved);
        let result = match self.poll_copy(&mut out, amount.unwrap_or(u64::MAX)) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Ok(())) => self.poll_settle(&mut out),
            // What came before is to be written all the same.
            Poll::Ready(Err(Stopped::Body(error))) => {
                self.poll_settle(&mut out).map(|_| Err(error))
            }
            Poll::Ready(Err(Stopped::Output(error))) => Poll::Ready(Err(error)),
        };
        let taken = out.taken;
        self.put_back(out.into_rest());
        self.moved = 0;
        match result {
            Poll::Pending if !self.gives_part(taken as usize) => {
                self.moved = taken;
                Poll::Pending
            }
            Poll::Pending => Poll::Ready(Ok(taken)),
            Poll::Ready(result) => Poll::Ready(result.map(|()| taken)),
        }
    }

    fn poll_copy(&mut self, out: &mut Outflow, amount: u64) -> Poll<Result<(), Stopped>> {
        while out.total() < amount {
            let left = self.length().unwrap_or(u64::MAX);
            let wanted = left.min(amount - out.total());
            let mut pushed = Poll::Ready(Ok(0));
            let next = self.poll_next(&mut |data| {
                pushed = out.push(data, wanted);
                match pushed {
                    Poll::Ready(Ok(taken)) => taken,
                    Poll::Ready(Err(_)) | Poll::Pending => 0,
                }
            });
            match next.map_err(Stopped::Body)? {
                Poll::Ready(Some(_)) => {
                    let pushed = self.output(pushed.map_ok(drop));
                    ready!(pushed).map_err(Stopped::Output)?;
                }
                Poll::Ready(None) => break,
                Poll::Pending => {
                    let peer = self.awaits;
                    // What has come must not wait for what has not.
                    ready!(self.output(out.poll_drain())).map_err(Stopped::Output)?;
                    out.flush().map_err(Stopped::Output)?;
                    self.awaits = peer;
                    return Poll::Pending;
                }
            }
            if out.is_full() {
                ready!(self.output(out.poll_drain())).map_err(Stopped::Output)?;
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Ready when the sink has written all of it: it may fail only then. Whoever never waits does that
    /// themselves.
    fn poll_settle(&mut self, out: &mut Outflow) -> Poll<Result<(), Error>> {
        ready!(self.output(out.poll_drain()))?;
        out.flush()?;
        let written = out.sink.poll_written().map_err(Error::from);
        if written.is_pending() && self.patience.is_nonblocking() {
            return Poll::Ready(Ok(()));
        }
        self.output(written)
    }

    /// The output's answer; a pending one is what is waited for.
    fn output<T>(&mut self, answer: Poll<T>) -> Poll<T> {
        if answer.is_pending() {
            self.awaits = Awaits::Sink;
        }
        answer
    }
}

#[cfg(test)]
mod tests;

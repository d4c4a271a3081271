//! `splice`: the body goes into an output.
//!
//! Each write costs an output, a file above all, about the same, however short it is, and records of TLS
//! and chunks are short. So they are put together until a block is full or the peer pauses. What is
//! large, or is all there is, is written from where it was received.

use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::{Response, Sink};
use crate::client::error::Error;
use crate::client::flushing::interrupted_while;
use crate::transport::{BLOCK, Network, Phase};

/// The least that is written from where it was received, unless it is all there is.
const LARGE: usize = BLOCK / 2;

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
    fn new(sink: &'a mut dyn Sink) -> Self {
        Self {
            sink,
            taken: 0,
            gathered: Vec::new(),
            written: 0,
            flushed: true,
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
        self.sink.flush()
    }
}

impl<N: Network> Response<N> {
    /// Copies the rest of the body, or its next `amount` bytes, to `sink`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn splice(&mut self, sink: &mut dyn Sink, amount: Option<u64>) -> Result<u64, Error> {
        let mut out = Outflow::new(sink);
        let result = match self.copy(&mut out, amount.unwrap_or(u64::MAX)) {
            Ok(()) => self.settle(&mut out),
            // What came before is to be written all the same.
            Err(Stopped::Body(error)) => {
                let _ = self.settle(&mut out);
                Err(error)
            }
            // It had its time.
            Err(Stopped::Output(error)) => {
                let _ = out.flush();
                Err(error)
            }
        };
        let taken = out.taken;
        self.pending.splice(..0, out.into_rest()).for_each(drop);
        match result {
            Err(Error::WouldBlock) if taken > 0 => Ok(taken),
            result => result.map(|()| taken),
        }
    }

    fn copy(&mut self, out: &mut Outflow, amount: u64) -> Result<(), Stopped> {
        while out.total() < amount {
            let left = self.length().unwrap_or(u64::MAX);
            let wanted = left.min(amount - out.total());
            let mut pushed = Poll::Ready(Ok(0));
            let step = self.poll_next(&mut |data| {
                pushed = out.push(data, wanted);
                match pushed {
                    Poll::Ready(Ok(taken)) => taken,
                    Poll::Ready(Err(_)) | Poll::Pending => 0,
                }
            });
            match step.map_err(Stopped::Body)? {
                Poll::Ready(Some(_)) => match pushed {
                    Poll::Ready(pushed) => drop(pushed.map_err(Stopped::Output)?),
                    Poll::Pending => self.wait_for(out).map_err(Stopped::Output)?,
                },
                Poll::Ready(None) => break,
                Poll::Pending => {
                    // What has come must not wait for what has not.
                    let drained = self.drain(out).and_then(|()| out.flush());
                    drained.map_err(Stopped::Output)?;
                    match self.wait_for_peer() {
                        Err(Error::WouldBlock) if out.taken > 0 => break,
                        waited => waited.map_err(Stopped::Body)?,
                    }
                }
            }
            if out.is_full() {
                self.drain(out).map_err(Stopped::Output)?;
            }
        }
        Ok(())
    }

    fn drain(&self, out: &mut Outflow) -> Result<(), Error> {
        while out.poll_drain()?.is_pending() {
            self.wait_for(out)?;
        }
        Ok(())
    }

    /// Waits until the sink has written all of it: it may fail only then. Without blocking, the caller
    /// waits for that.
    fn settle(&self, out: &mut Outflow) -> Result<(), Error> {
        self.drain(out)?;
        out.flush()?;
        while out.sink.poll_written()?.is_pending() {
            match self.wait_for(out) {
                Err(Error::WouldBlock) => break,
                waited => waited?,
            }
        }
        Ok(())
    }

    fn wait_for(&self, out: &mut Outflow) -> Result<(), Error> {
        let deadline = self.patience.deadline(|| self.network.now());
        let waited = out.sink.wait(deadline);
        waited.map_err(|interrupted| interrupted_while(interrupted, Phase::Receive))
    }
}

#[cfg(test)]
mod tests;

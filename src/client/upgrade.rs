//! The stream behind `101 Switching Protocols`, or a 2xx reply to `CONNECT`.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::channel::Channel;
use super::error::Error;
use super::patience::Patience;
use super::waiting::{Awaits, Lent, On, Waiting, Waits};
use crate::transport::{self, BLOCK, Interest, Network, Phase, Stream};

/// A two-way stream that is no longer HTTP.
pub struct Upgraded<N: Network> {
    network: Rc<N>,
    patience: Patience,
    channel: Channel<N::Stream>,
    /// Where the last call stopped.
    awaits: Awaits,
}

impl<N: Network> Upgraded<N> {
    pub(super) fn new(network: Rc<N>, patience: Patience, channel: Channel<N::Stream>) -> Self {
        Self {
            network,
            patience,
            channel,
            awaits: Awaits::Nothing,
        }
    }

    /// The next bytes, up to `amount`; none once the peer has ended its side.
    ///
    /// # Errors
    /// What receiving fails with.
    pub fn poll_read(&mut self, amount: u64) -> Poll<Result<Vec<u8>, Error>> {
        let amount = usize::try_from(amount).unwrap_or(BLOCK).min(BLOCK);
        if self.channel.buffer().is_empty() && amount > 0 {
            let filled = self.channel.poll_fill();
            ready!(self.stopped_at(Interest::Readable, Phase::Receive, filled))?;
        }
        let buffer = self.channel.buffer();
        let bytes = buffer[..amount.min(buffer.len())].to_vec();
        self.channel.consume(bytes.len());
        Poll::Ready(Ok(bytes))
    }

    /// Sends from the front of `bytes`; how many were taken.
    ///
    /// # Errors
    /// What sending fails with.
    pub fn poll_write(&mut self, bytes: &[u8]) -> Poll<Result<u64, Error>> {
        let bytes = &bytes[..bytes.len().min(BLOCK)];
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let written = self.channel.poll_write(&[bytes]);
        let taken = ready!(self.stopped_at(Interest::Writable, Phase::Send, written))?;
        Poll::Ready(Ok(taken as u64))
    }

    /// Sends whatever is still buffered.
    ///
    /// # Errors
    /// What sending fails with.
    pub fn poll_flush(&mut self) -> Poll<Result<(), Error>> {
        let flushed = self.channel.poll_flush();
        self.stopped_at(Interest::Writable, Phase::Send, flushed)
    }

    /// Ends this side.
    ///
    /// # Errors
    /// What sending fails with.
    pub fn poll_shutdown(&mut self) -> Poll<Result<(), Error>> {
        let shut_down = self.channel.poll_shutdown();
        self.stopped_at(Interest::Writable, Phase::Send, shut_down)
    }

    /// What to wait for before there is something to read.
    pub fn waiting_to_read(&mut self) -> Waiting<'_, N> {
        self.awaits = Awaits::Nothing;
        self.waiting()
    }

    /// What to wait for before there is room to write.
    pub fn waiting_to_write(&mut self) -> Waiting<'_, N> {
        self.awaits = Awaits::Peer(Interest::Writable, Phase::Send);
        self.waiting()
    }

    fn stopped_at<T>(
        &mut self,
        interest: Interest,
        phase: Phase,
        result: Poll<Result<T, transport::Error>>,
    ) -> Poll<Result<T, Error>> {
        self.awaits = match result {
            Poll::Pending => Awaits::Peer(interest, phase),
            Poll::Ready(_) => Awaits::Nothing,
        };
        result.map_err(Error::from)
    }
}

impl<N: Network> Waits<N> for Upgraded<N> {
    fn waiting(&mut self) -> Waiting<'_, N> {
        let until = self.patience.deadline(|| self.network.now());
        let on = match self.awaits {
            Awaits::Peer(interest, _) => On::Stream(Lent::Own(self.channel.socket()), interest),
            _ if self.channel.buffer().is_empty() => {
                On::Stream(Lent::Own(self.channel.socket()), Interest::Readable)
            }
            _ => On::Nothing,
        };
        Waiting { on, until }
    }

    fn time_out(&mut self) -> Result<(), Error> {
        Err(Error::TimedOut(self.awaits.phase()))
    }

    fn is_nonblocking(&self) -> bool {
        self.patience.is_nonblocking()
    }

    fn stream(&mut self) -> Option<Lent<'_, N::Stream>> {
        Some(Lent::Own(self.channel.socket()))
    }
}

impl<N: Network> Drop for Upgraded<N> {
    fn drop(&mut self) {
        self.channel.say_goodbye();
    }
}

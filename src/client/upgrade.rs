//! The stream behind `101 Switching Protocols`, or a 2xx reply to `CONNECT`.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::task::Poll;

use super::channel::Channel;
use super::error::Error;
use super::flushing::interrupted_while;
use super::patience::Patience;
use crate::transport::{self, BLOCK, Interest, Network, Phase, Stream};

/// A two-way stream that is no longer HTTP.
pub struct Upgraded<N: Network> {
    network: Rc<N>,
    patience: Patience,
    channel: Channel<N::Stream>,
}

impl<N: Network> Upgraded<N> {
    pub(super) fn new(network: Rc<N>, patience: Patience, channel: Channel<N::Stream>) -> Self {
        Self {
            network,
            patience,
            channel,
        }
    }

    /// The next bytes, up to `amount`; none once the peer has ended its side.
    ///
    /// # Errors
    /// What receiving fails with.
    pub fn read(&mut self, amount: u64) -> Result<Vec<u8>, Error> {
        let amount = usize::try_from(amount).unwrap_or(BLOCK).min(BLOCK);
        if self.channel.buffer().is_empty() && amount > 0 {
            self.block_on(Interest::Readable, Phase::Receive, Channel::poll_fill)?;
        }
        let buffer = self.channel.buffer();
        let bytes = buffer[..amount.min(buffer.len())].to_vec();
        self.channel.consume(bytes.len());
        Ok(bytes)
    }

    /// Sends from the front of `bytes`; how many were taken.
    ///
    /// # Errors
    /// What sending fails with.
    pub fn write(&mut self, bytes: &[u8]) -> Result<u64, Error> {
        let bytes = &bytes[..bytes.len().min(BLOCK)];
        if bytes.is_empty() {
            return Ok(0);
        }
        let taken = self.block_on(Interest::Writable, Phase::Send, |channel| {
            channel.poll_write(&[bytes])
        })?;
        Ok(taken as u64)
    }

    /// Sends whatever is still buffered.
    ///
    /// # Errors
    /// What sending fails with.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.block_on(Interest::Writable, Phase::Send, Channel::poll_flush)
    }

    /// Ends this side.
    ///
    /// # Errors
    /// What sending fails with.
    pub fn shutdown(&mut self) -> Result<(), Error> {
        self.block_on(Interest::Writable, Phase::Send, Channel::poll_shutdown)
    }

    /// What to wait on for something to read.
    pub fn subscribe(&mut self) -> <N::Stream as Stream>::Pollable {
        if self.channel.buffer().is_empty() {
            self.channel.subscribe(Interest::Readable)
        } else {
            self.network.ready()
        }
    }

    /// What to wait on for room to write.
    pub fn subscribe_write(&mut self) -> <N::Stream as Stream>::Pollable {
        self.channel.subscribe(Interest::Writable)
    }

    fn block_on<T>(
        &mut self,
        interest: Interest,
        phase: Phase,
        mut operation: impl FnMut(&mut Channel<N::Stream>) -> Poll<Result<T, transport::Error>>,
    ) -> Result<T, Error> {
        loop {
            match operation(&mut self.channel) {
                Poll::Ready(result) => return Ok(result?),
                Poll::Pending => self
                    .channel
                    .wait(interest, self.patience.deadline(|| self.network.now()))
                    .map_err(|interrupted| interrupted_while(interrupted, phase))?,
            }
        }
    }
}

impl<N: Network> Drop for Upgraded<N> {
    fn drop(&mut self) {
        self.channel.close();
    }
}

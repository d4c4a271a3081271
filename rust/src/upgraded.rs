//! Connections that are no longer HTTP.

use std::fmt;
use std::io::{self, Read, Write};

use crate::bindings::client as wit;
use crate::bindings::wasi::io::poll::Pollable;
use crate::error::{Error, Result};

/// The raw two-way stream of a connection after `101 Switching Protocols`, or after a 2xx reply to `CONNECT`. TLS stays
/// in place if there was TLS.
///
/// What is written has been sent once [`flush`](Write::flush) succeeds. Dropping the stream closes the connection.
pub struct Upgraded(wit::UpgradedStream);

impl Upgraded {
    /// Ends this side, with `close_notify` over TLS: the peer sees the end of the stream. Reading can go on if the host
    /// allows it: some hosts close the whole socket.
    ///
    /// # Errors
    /// `Socket`, `TimedOut`, `Tls`: sending failed.
    pub fn shutdown(&self) -> Result<()> {
        Ok(self.0.shutdown()?)
    }

    /// What to wait for before reading again, where that would have had to wait.
    #[must_use]
    pub fn subscribe(&self) -> Vec<Pollable> {
        self.0.subscribe()
    }

    /// What to wait for before writing or flushing again, where that would have had to wait.
    #[must_use]
    pub fn subscribe_write(&self) -> Vec<Pollable> {
        self.0.subscribe_write()
    }
}

impl Read for &Upgraded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer.len() as u64).map_err(Error::from)?;
        buffer[..read.len()].copy_from_slice(&read);
        Ok(read.len())
    }
}

impl Write for &Upgraded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes).map_err(Error::from)?;
        // It is of `bytes`, which are in memory.
        Ok(usize::try_from(written).unwrap_or(bytes.len()))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(self.0.flush().map_err(Error::from)?)
    }
}

impl Read for Upgraded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buffer)
    }
}

impl Write for Upgraded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (&*self).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        (&*self).flush()
    }
}

impl From<wit::UpgradedStream> for Upgraded {
    fn from(stream: wit::UpgradedStream) -> Self {
        Self(stream)
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgraded").finish_non_exhaustive()
    }
}

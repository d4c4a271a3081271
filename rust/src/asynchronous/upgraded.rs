//! Connections that are no longer HTTP.

use std::fmt;

use wit_bindgen::{FutureReader, StreamReader, StreamResult, StreamWriter};

use super::bindings::{client as wit, wit_stream};
use crate::error::{Error, HttpException, Result};

/// The raw two-way stream of a connection after `101 Switching Protocols`, or after a 2xx reply to `CONNECT`. TLS stays
/// in place if there was TLS.
///
/// Dropping it closes the connection.
pub struct Upgraded {
    received: StreamReader<u8>,
    /// How receiving ended.
    receiving: Option<FutureReader<Result<(), wit::Error>>>,
    sent: Option<StreamWriter<u8>>,
    /// How sending ended.
    sending: Option<FutureReader<Result<(), wit::Error>>>,
}

impl Upgraded {
    pub(super) async fn of(response: &wit::HttpResponse) -> Result<Self> {
        let (writer, reader) = wit_stream::new::<u8>();
        let upgraded = response.upgrade(reader).await?;
        Ok(Self {
            received: upgraded.received,
            receiving: Some(upgraded.receiving),
            sent: Some(writer),
            sending: Some(upgraded.sending),
        })
    }

    /// The next bytes, up to `most`; none once the peer has ended its side.
    ///
    /// # Errors
    /// `Socket`, `TimedOut`, `Tls`: receiving failed.
    pub async fn read(&mut self, most: usize) -> Result<Option<Vec<u8>>> {
        loop {
            let (result, read) = self.received.read(Vec::with_capacity(most)).await;
            if !read.is_empty() {
                return Ok(Some(read));
            }
            if result == StreamResult::Dropped {
                return match self.receiving.take() {
                    Some(receiving) => Ok(receiving.await.map(|()| None)?),
                    None => Ok(None),
                };
            }
        }
    }

    /// Sends all of this.
    ///
    /// # Errors
    /// `Socket`, `TimedOut`, `Tls`: sending failed. [`HttpException::NotConnected`]: this side was ended before.
    pub async fn write(&mut self, bytes: Vec<u8>) -> Result<()> {
        let sent = self.sent.as_mut().ok_or(HttpException::NotConnected)?;
        match sent.write_all(bytes).await.is_empty() {
            true => Ok(()),
            false => self.fail().await,
        }
    }

    /// Ends this side: the peer sees the end of the stream.
    ///
    /// # Errors
    /// As for [`write`](Self::write).
    pub async fn shutdown(&mut self) -> Result<()> {
        self.sent = None;
        match self.sending.take() {
            Some(sending) => Ok(sending.await?),
            None => Ok(()),
        }
    }

    /// Why no more is taken.
    async fn fail(&mut self) -> Result<()> {
        self.shutdown().await?;
        Err(Error::from(HttpException::NotConnected))
    }
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgraded").finish_non_exhaustive()
    }
}

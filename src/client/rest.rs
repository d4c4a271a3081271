//! What may still follow of a request's body, and how it goes out.

use alloc::vec::Vec;

use super::error::Error;
use super::outbound::Outbound;
use crate::http1::{CHUNK_END, Transfer, chunk_head, last_chunk};

/// What may still be queued of the body.
#[derive(Debug)]
pub enum Rest {
    /// Nothing: the head announces no body.
    Unannounced,
    /// What is left of a body whose length was announced. To: `Ended`.
    Length {
        /// How many bytes are queued already.
        queued: u64,
        /// How many more were announced.
        left: u64,
    },
    /// Whatever the caller's own Transfer-Encoding makes of it. To: `Ended`.
    Unframed,
    /// Chunks, and then these trailer lines. To: `Ended`.
    Chunks {
        /// As they go out.
        trailers: Vec<u8>,
    },
    /// Nothing: all of it is queued.
    Ended,
}

impl Rest {
    /// All of the body that a head announces.
    pub fn new(transfer: Transfer, trailers: Vec<u8>) -> Self {
        match transfer {
            Transfer::Nothing => Self::Unannounced,
            Transfer::Plain { length: None } => Self::Unframed,
            Transfer::Plain { length: Some(left) } => Self::Length { queued: 0, left },
            Transfer::Chunked => Self::Chunks { trailers },
        }
    }

    /// How many bytes were announced and are not queued; none where nobody said how many there are.
    pub fn missing(&self) -> u64 {
        match self {
            Self::Length { left, .. } => *left,
            Self::Unannounced | Self::Unframed | Self::Chunks { .. } | Self::Ended => 0,
        }
    }

    /// Whether any body follows, as far as the head tells.
    pub fn is_announced(&self) -> bool {
        !matches!(
            self,
            Self::Unannounced | Self::Length { left: 0, .. } | Self::Ended
        )
    }

    /// Refuses so many bytes if they go beyond what was announced.
    ///
    /// # Errors
    /// `Value`.
    pub fn check(&self, length: u64) -> Result<(), Error> {
        let room = match self {
            Self::Unframed | Self::Chunks { .. } => return Ok(()),
            Self::Unannounced if length > 0 => {
                let text = "neither Content-Length nor Transfer-Encoding announced a body";
                return Err(Error::Value(text.into()));
            }
            Self::Unannounced | Self::Ended => 0,
            Self::Length { left, .. } => *left,
        };
        if length > room {
            let text = format!("{length} bytes of body where {room} are left of those announced");
            return Err(Error::Value(text));
        }
        Ok(())
    }

    /// Queues a block as the head announced it.
    ///
    /// # Errors
    /// `Value` where it goes beyond that.
    pub fn queue(&mut self, block: Vec<u8>, outbound: &mut Outbound) -> Result<(), Error> {
        self.check(block.len() as u64)?;
        match self {
            // An empty chunk would be the last one.
            Self::Chunks { .. } if block.is_empty() => {}
            Self::Chunks { .. } => {
                outbound.push(chunk_head(block.len()).as_ref().to_vec());
                outbound.push(block);
                outbound.push(CHUNK_END.to_vec());
            }
            Self::Length { queued, left } => {
                *queued += block.len() as u64;
                *left -= block.len() as u64;
                outbound.push(block);
            }
            Self::Unannounced | Self::Unframed | Self::Ended => outbound.push(block),
        }
        Ok(())
    }

    /// Adds to the trailers, where there may be any.
    pub fn add_trailers(&mut self, lines: &[u8]) {
        if let Self::Chunks { trailers } = self {
            trailers.extend_from_slice(lines);
        }
    }

    /// Queues what ends the body; nothing may follow.
    pub fn end(&mut self, outbound: &mut Outbound) {
        if let Self::Chunks { trailers } = self {
            outbound.push(last_chunk(trailers));
        }
        *self = Self::Ended;
    }

    /// The same where the body's source has no more.
    ///
    /// # Errors
    /// `Value` where more was announced.
    pub fn end_source(&mut self, outbound: &mut Outbound) -> Result<(), Error> {
        if let Self::Length {
            queued,
            left: left @ 1..,
        } = self
        {
            let text = format!("the body ended after {queued} bytes, {left} short");
            return Err(Error::Value(text));
        }
        self.end(outbound);
        Ok(())
    }
}

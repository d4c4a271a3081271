//! Where a request's body comes from.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::task::Poll;

use super::error::Error;
use crate::http1::BodyLength;
use crate::transport::{Deadline, Interrupted};

/// What a request carries after its head.
pub enum Body<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file or a stream, read as it is sent.
    Source(Box<dyn Source + 'a>),
}

impl Body<'_> {
    /// What a request's head has to say of its length.
    ///
    /// # Errors
    /// Where a source can't be read at all.
    pub fn framing(&mut self) -> Result<BodyLength, Error> {
        Ok(match self {
            Body::Bytes(bytes) => BodyLength::Known(bytes.len() as u64),
            Body::Source(source) => match source.length()? {
                Some(length) => BodyLength::Known(length),
                None => BodyLength::Unknown,
            },
        })
    }
}

/// A body that is read as it is sent.
pub trait Source {
    /// How long it is; none where that is known only at its end. Fails where it can't be read at all.
    fn length(&mut self) -> Result<Option<u64>, Error>;

    /// Reads up to `max` bytes; none at the end. `offset` bytes were read before, perhaps through
    /// another value of this type: a call that would block is repeated with a new one.
    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, Error>>;

    /// Blocks until `poll_read` is worth repeating.
    fn wait(&mut self, deadline: Deadline) -> Result<(), Interrupted>;
}

//! Where a request's body comes from at this end, and where a response's may go.

use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;

use super::Error;

/// A body that is read as it is sent.
pub trait Source {
    /// What it is.
    fn status(&mut self) -> Result<SourceStatus, Error>;

    /// Reads up to `max` bytes; none at the end. `offset` bytes were read before, perhaps through
    /// another value of this type: a pending call is made again with a new one.
    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, Error>>;

    /// What comes behind the body, once all of it is read.
    fn poll_trailers(&mut self) -> Poll<Result<Trailers, Error>> {
        Poll::Ready(Ok(Trailers::new()))
    }
}

/// Trailer fields in their order: name and value.
pub type Trailers = Vec<(String, String)>;

/// What a [`Source`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceStatus {
    /// A file with this many bytes.
    File {
        /// In bytes.
        size: u64,
    },
    /// A stream, a pipe, a device: it ends where it ends.
    Endless,
    /// No bytes at all.
    Directory,
    /// Bytes that may not be read.
    Unreadable,
}

/// An output that the bytes of a body are copied to.
pub trait Sink {
    /// Takes from the front of `bytes`; how many, at least one.
    fn poll_write(&mut self, bytes: &[u8]) -> Poll<Result<usize, Error>>;

    /// Begins to push out what was taken.
    fn flush(&mut self) -> Result<(), Error>;

    /// Whether all that was taken is written.
    fn poll_written(&mut self) -> Poll<Result<(), Error>>;
}

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// A file's bytes.
    File(Vec<u8>),
    /// The files of a directory with their paths, in the order of their names.
    Directory(Vec<(String, Vec<u8>)>),
}

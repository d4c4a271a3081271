//! What a program needs of WASI to have bodies go past it: streams that a response is copied to, streams that are sent,
//! and what to wait for where the timeout is 0.

use crate::bindings::wasi::cli;
use crate::error::{Error, Result};
use crate::files;

pub use crate::bindings::wasi::filesystem::types::Descriptor;
pub use crate::bindings::wasi::io::poll::{Pollable, poll};
pub use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};

/// Standard input, for [`Body::input_stream`](crate::Body::input_stream).
#[must_use]
pub fn stdin() -> InputStream {
    cli::stdin::get_stdin()
}

/// Standard output, for [`Response::splice`](crate::Response::splice).
#[must_use]
pub fn stdout() -> OutputStream {
    cli::stdout::get_stdout()
}

/// An output stream into a file at this path, made or emptied, in a directory that the host gave the program.
///
/// # Errors
/// [`Error::File`]: it can't be made.
pub fn create(path: &str) -> Result<OutputStream> {
    let stream = files::create(path)?.write_via_stream(0);
    stream.map_err(|code| Error::Other(code.message().to_owned()))
}

/// Writes all of it, waiting where the stream has no room.
pub(crate) fn write_all(stream: &OutputStream, mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        // The most that this call takes.
        let (piece, rest) = bytes.split_at(bytes.len().min(4096));
        stream.blocking_write_and_flush(piece).map_err(failed)?;
        bytes = rest;
    }
    Ok(())
}

fn failed(error: StreamError) -> Error {
    Error::Other(match error {
        StreamError::Closed => "the stream is closed".to_owned(),
        StreamError::LastOperationFailed(error) => error.to_debug_string(),
    })
}

//! Lines for people: to standard error and into the key log.

use crate::bindings::wasi::cli::stderr::get_stderr;
use crate::bindings::wasi::io::streams::{OutputStream, StreamError};

/// The most bytes that a blocking write takes; the host traps at more.
const AT_ONCE: usize = 4096;

/// Prints a line on standard error. Where that can't be written to, the line is lost.
pub fn print_to_stderr(line: &str) {
    let _ = write_all(&get_stderr(), format!("{line}\n").as_bytes());
}

/// Blocks until the host has taken all of `bytes`.
pub fn write_all(stream: &OutputStream, bytes: &[u8]) -> Result<(), StreamError> {
    bytes
        .chunks(AT_ONCE)
        .try_for_each(|chunk| stream.blocking_write_and_flush(chunk))
}

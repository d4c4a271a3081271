//! What the host tells a program, and what it hears from it.

use alloc::string::String;

use crate::bindings::wasi::cli::environment::get_environment;
use crate::bindings::wasi::cli::stderr::get_stderr;
use crate::bindings::wasi::io::streams::{OutputStream, StreamError};

/// The most bytes that a blocking write takes; the host traps at more.
const AT_ONCE: usize = 4096;

/// The value of an environment variable, if the host grants it.
pub fn variable(name: &str) -> Option<String> {
    let mut variables = get_environment().into_iter();
    variables
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

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

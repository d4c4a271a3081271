//! Where bytes go: standard output or a file, as a stream that the component writes into by itself.

use crate::bindings::filesystem::Descriptor;
use crate::bindings::stdout::get_stdout;
use crate::bindings::streams::{OutputStream, StreamError};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Directories, Keep};

/// The most that `blocking-write-and-flush` takes at a time.
const PIECE: usize = 4096;

/// An open output.
pub struct Output {
    /// What to write to.
    pub stream: OutputStream,
    // A stream may not outlive its file.
    _file: Option<Descriptor>,
}

impl Output {
    /// Standard output where the path is `-`; else the file from `offset` on, which is emptied where
    /// that is 0.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn open(path: &str, offset: u64, directories: &Directories) -> Result<Self, Failure> {
        if path == "-" {
            return Ok(Self {
                stream: get_stdout(),
                _file: None,
            });
        }
        let keep = if offset > 0 {
            Keep::Contents
        } else {
            Keep::Nothing
        };
        let file = directories.write(path, keep)?;
        let stream = file.write_via_stream(offset).map_err(|code| {
            Failure::new(
                Exit::Write,
                format!("can't write '{path}': {}", code.message()),
            )
        })?;
        Ok(Self {
            stream,
            _file: Some(file),
        })
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// The output takes no more.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        bytes
            .chunks(PIECE)
            .try_for_each(|piece| self.stream.blocking_write_and_flush(piece))
            .map_err(|error| failure(&error))
    }

    /// Waits until all of it is written.
    ///
    /// # Errors
    /// Some of it can't be.
    pub fn finish(&self) -> Result<(), Failure> {
        self.stream
            .blocking_flush()
            .map_err(|error| failure(&error))
    }
}

fn failure(error: &StreamError) -> Failure {
    let reason = match error {
        StreamError::Closed => "it is closed".to_owned(),
        StreamError::LastOperationFailed(error) => error.to_debug_string(),
    };
    Failure::new(Exit::Write, format!("failed writing the output: {reason}"))
}

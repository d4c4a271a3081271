//! Where bytes go: standard output, a file, each as a stream that the component writes into by itself, or
//! nowhere.

use crate::bindings::client::{Error, HttpResponse};
use crate::bindings::filesystem::Descriptor;
use crate::bindings::stdout::get_stdout;
use crate::bindings::streams::{OutputStream, StreamError};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::{Directories, Keep, is_null_device};

/// The most that `blocking-write-and-flush` takes at a time.
const PIECE: usize = 4096;

/// What an output is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Standard output.
    Stdout,
    /// The null device, by this name.
    Null(String),
    /// The file with this path.
    File(String),
}

impl Target {
    /// What an option's value names; `-` is standard output.
    pub fn named(path: &str) -> Self {
        match path {
            "-" => Self::Stdout,
            _ if is_null_device(path) => Self::Null(path.to_owned()),
            _ => Self::File(path.to_owned()),
        }
    }

    /// Its name; none of standard output.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Stdout => None,
            Self::Null(name) | Self::File(name) => Some(name),
        }
    }

    /// How many bytes it holds already.
    pub fn size(&self, directories: &Directories) -> u64 {
        match self {
            Self::Stdout | Self::Null(_) => 0,
            Self::File(path) => directories.size(path),
        }
    }
}

/// An open output.
pub enum Output {
    /// A stream to write to.
    Stream {
        /// The stream.
        stream: OutputStream,
        // A stream may not outlive its file.
        _file: Option<Descriptor>,
    },
    /// Nothing: what is written is gone.
    Null,
}

impl Output {
    /// Opens it; a file from `offset` on, which is emptied where that is 0.
    ///
    /// # Errors
    /// The file can't be written.
    pub fn open(target: &Target, offset: u64, directories: &Directories) -> Result<Self, Failure> {
        let path = match target {
            Target::Stdout => {
                return Ok(Self::Stream {
                    stream: get_stdout(),
                    _file: None,
                });
            }
            Target::Null(_) => return Ok(Self::Null),
            Target::File(path) => path,
        };
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
        Ok(Self::Stream {
            stream,
            _file: Some(file),
        })
    }

    /// Has the component copy up to `amount` bytes of the body here; how many it copied.
    ///
    /// # Errors
    /// As for `splice`.
    pub fn copy(&self, response: &HttpResponse, amount: u64) -> Result<u64, Error> {
        match self {
            Self::Stream { stream, .. } => response.splice(stream, Some(amount)),
            Self::Null => response.discard(Some(amount)),
        }
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// The output takes no more.
    pub fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let Self::Stream { stream, .. } = self else {
            return Ok(());
        };
        bytes
            .chunks(PIECE)
            .try_for_each(|piece| stream.blocking_write_and_flush(piece))
            .map_err(|error| failure(&error))
    }

    /// Waits until all of it is written.
    ///
    /// # Errors
    /// Some of it can't be.
    pub fn finish(&self) -> Result<(), Failure> {
        match self {
            Self::Stream { stream, .. } => stream.blocking_flush(),
            Self::Null => Ok(()),
        }
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

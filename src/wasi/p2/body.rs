//! WASI's descriptors and streams as the sources and outputs of bodies.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;
use core::task::Poll;

use super::error::file_error;
use crate::bindings::wasi::filesystem::types::{Descriptor, DescriptorFlags, DescriptorType};
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::transport::{Error, FileErrorCode, Sink, Source, SourceStatus};

/// A file, which is never waited for.
pub struct File<'a>(pub &'a Descriptor);

impl Source for File<'_> {
    fn status(&mut self) -> Result<SourceStatus, Error> {
        let status = self.0.stat().map_err(file_error)?;
        let flags = self.0.get_flags().map_err(file_error)?;
        Ok(match status.type_ {
            DescriptorType::Directory => SourceStatus::Directory,
            _ if !flags.contains(DescriptorFlags::READ) => SourceStatus::Unreadable,
            DescriptorType::RegularFile => SourceStatus::File { size: status.size },
            _ => SourceStatus::Endless,
        })
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, Error>> {
        let read = self.0.read(max as u64, offset);
        Poll::Ready(read.map(|(bytes, _)| bytes).map_err(file_error))
    }
}

/// A stream.
pub struct Input<'a>(pub &'a InputStream);

impl Source for Input<'_> {
    fn status(&mut self) -> Result<SourceStatus, Error> {
        Ok(SourceStatus::Endless)
    }

    fn poll_read(&mut self, _: u64, max: usize) -> Poll<Result<Vec<u8>, Error>> {
        match self.0.read(max as u64) {
            Ok(bytes) if bytes.is_empty() => Poll::Pending,
            Ok(bytes) => Poll::Ready(Ok(bytes)),
            Err(StreamError::Closed) => Poll::Ready(Ok(Vec::new())),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = FileErrorCode::Other(error.to_debug_string());
                Poll::Ready(Err(Error::File(code)))
            }
        }
    }
}

/// An output.
pub struct Output<'a>(pub &'a OutputStream);

impl Sink for Output<'_> {
    fn poll_write(&mut self, bytes: &[u8]) -> Poll<Result<usize, Error>> {
        let written = match self.0.check_write() {
            Ok(0) => return Poll::Pending,
            Ok(permitted) => {
                let permitted = usize::try_from(permitted).unwrap_or(usize::MAX);
                let amount = bytes.len().min(permitted);
                self.0.write(&bytes[..amount]).map(|()| amount)
            }
            Err(error) => Err(error),
        };
        Poll::Ready(written.map_err(output_error))
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.0.flush().map_err(output_error)
    }

    fn poll_written(&mut self) -> Poll<Result<(), Error>> {
        match self.0.check_write() {
            Ok(0) => Poll::Pending,
            checked => Poll::Ready(checked.map(|_| ()).map_err(output_error)),
        }
    }
}

fn output_error(error: StreamError) -> Error {
    Error::Other(match error {
        StreamError::Closed => "the output stream is closed".to_owned(),
        StreamError::LastOperationFailed(error) => {
            format!("the output stream failed: {}", error.to_debug_string())
        }
    })
}

//! WASI's descriptors and input streams as [`Source`]s of bodies, its output streams as [`Sink`]s.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::task::Poll;

use super::wit;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode,
};
use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::client::{Body, Error, FileErrorCode, HttpException, Sink, Source};
use crate::transport::{Deadline, Interrupted};
use crate::wasi::Timer;

/// A `body`, read as it is sent.
pub fn from_wit(body: wit::Body<'_>) -> Body<'_> {
    match body {
        wit::Body::Bytes(bytes) => Body::Bytes(bytes),
        wit::Body::File(descriptor) => Body::Source(Box::new(File(descriptor))),
        wit::Body::Stream(stream) => Body::Source(Box::new(Input {
            stream,
            timer: Timer::default(),
        })),
    }
}

struct File<'a>(&'a Descriptor);

impl Source for File<'_> {
    fn length(&mut self) -> Result<Option<u64>, Error> {
        let status = self.0.stat().map_err(file_error)?;
        let readable = self
            .0
            .get_flags()
            .map_err(file_error)?
            .contains(DescriptorFlags::READ);
        let unusable = |text: &str| HttpException::UnimplementedFileMode(text.into()).into();
        match status.type_ {
            DescriptorType::Directory => Err(unusable("the body's file is a directory")),
            _ if !readable => Err(unusable("the body's file is not open for reading")),
            DescriptorType::RegularFile => Ok(Some(status.size)),
            _ => Ok(None),
        }
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, Error>> {
        let read = self.0.read(max as u64, offset);
        Poll::Ready(read.map(|(bytes, _)| bytes).map_err(file_error))
    }

    fn wait(&mut self, _: Deadline) -> Result<(), Interrupted> {
        // A read of a file is never pending.
        Ok(())
    }
}

struct Input<'a> {
    stream: &'a InputStream,
    timer: Timer,
}

impl Source for Input<'_> {
    fn length(&mut self) -> Result<Option<u64>, Error> {
        Ok(None)
    }

    fn poll_read(&mut self, _: u64, max: usize) -> Poll<Result<Vec<u8>, Error>> {
        match self.stream.read(max as u64) {
            Ok(bytes) if bytes.is_empty() => Poll::Pending,
            Ok(bytes) => Poll::Ready(Ok(bytes)),
            Err(StreamError::Closed) => Poll::Ready(Ok(Vec::new())),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = FileErrorCode::Other(error.to_debug_string());
                Poll::Ready(Err(Error::File { path: None, code }))
            }
        }
    }

    fn wait(&mut self, deadline: Deadline) -> Result<(), Interrupted> {
        let pollable = self.stream.subscribe();
        self.timer.wait(&[&pollable], deadline)
    }
}

/// An output stream as a [`Sink`].
pub struct Output<'a> {
    stream: &'a OutputStream,
    timer: Timer,
}

impl<'a> Output<'a> {
    pub(super) fn new(stream: &'a OutputStream) -> Self {
        let timer = Timer::default();
        Self { stream, timer }
    }
}

impl Sink for Output<'_> {
    fn poll_write(&mut self, bytes: &[u8]) -> Poll<Result<usize, Error>> {
        let written = match self.stream.check_write() {
            Ok(0) => return Poll::Pending,
            Ok(permitted) => {
                let amount = bytes
                    .len()
                    .min(usize::try_from(permitted).unwrap_or(usize::MAX));
                self.stream.write(&bytes[..amount]).map(|()| amount)
            }
            Err(error) => Err(error),
        };
        Poll::Ready(written.map_err(output_error))
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.stream.flush().map_err(output_error)
    }

    fn poll_written(&mut self) -> Poll<Result<(), Error>> {
        match self.stream.check_write() {
            Ok(0) => Poll::Pending,
            checked => Poll::Ready(checked.map(|_| ()).map_err(output_error)),
        }
    }

    fn wait(&mut self, deadline: Deadline) -> Result<(), Interrupted> {
        let pollable = self.stream.subscribe();
        self.timer.wait(&[&pollable], deadline)
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

fn file_error(code: ErrorCode) -> Error {
    Error::File {
        path: None,
        code: file_error_code(code),
    }
}

/// The host's code in our words.
pub(super) fn file_error_code(code: ErrorCode) -> FileErrorCode {
    match code {
        ErrorCode::NoEntry => FileErrorCode::NoEntry,
        ErrorCode::Access | ErrorCode::NotPermitted | ErrorCode::ReadOnly => FileErrorCode::Access,
        ErrorCode::IsDirectory => FileErrorCode::IsDirectory,
        code => FileErrorCode::Other(code.message().to_owned()),
    }
}

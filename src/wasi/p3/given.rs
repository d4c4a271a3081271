//! What callers give as bodies.

use wit_bindgen::StreamReader;

use super::body::{Input, Step};
use super::error::file_error_code;
use super::operation::Operation;
use crate::bindings::wasi::filesystem::types::{Descriptor, DescriptorFlags, DescriptorType};
use crate::transport::{Error, SourceStatus, Trailers};

impl Input {
    /// A stream.
    pub fn stream(stream: StreamReader<u8>) -> Self {
        Self::new(SourceStatus::Endless, Step::Idle(stream), None)
    }

    /// The contents of a file.
    ///
    /// # Errors
    /// [`Error::File`] where the host does not tell what it is.
    pub async fn file(file: &Descriptor) -> Result<Self, Error> {
        let failed = |code| Error::File(file_error_code(code));
        let status = file.stat().await.map_err(failed)?;
        let flags = file.get_flags().await.map_err(failed)?;
        let status = match status.type_ {
            DescriptorType::Directory => SourceStatus::Directory,
            _ if !flags.contains(DescriptorFlags::READ) => SourceStatus::Unreadable,
            DescriptorType::RegularFile => SourceStatus::File { size: status.size },
            _ => SourceStatus::Endless,
        };
        if let SourceStatus::Directory | SourceStatus::Unreadable = status {
            return Ok(Self::new(status, Step::Ended, None));
        }
        let (contents, end) = file.read_via_stream(0);
        let end = async move { end.await.map(|()| Trailers::new()).map_err(failed) };
        let step = Step::Idle(contents);
        Ok(Self::new(status, step, Some(Operation::new(end))))
    }
}

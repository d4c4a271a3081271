//! What a request carries after its head.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::error::{Error, HttpException};
use crate::http1::BodyLength;
use crate::transport::{Source, SourceStatus};

/// What a request carries after its head.
pub enum Body<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file or a stream, read as it is sent.
    Source(Box<dyn Source + 'a>),
}

impl Body<'_> {
    /// How long it is; none where that is known only at its end.
    ///
    /// # Errors
    /// `UnimplementedFileMode` where it can't be read as a file; `File`.
    pub fn length(&mut self) -> Result<Option<u64>, Error> {
        let unusable = |text: &str| Err(HttpException::UnimplementedFileMode(text.into()).into());
        match self {
            Self::Bytes(bytes) => Ok(Some(bytes.len() as u64)),
            Self::Source(source) => match source.status()? {
                SourceStatus::File { size } => Ok(Some(size)),
                SourceStatus::Endless => Ok(None),
                SourceStatus::Directory => unusable("the body's file is a directory"),
                SourceStatus::Unreadable => unusable("the body's file is not open for reading"),
            },
        }
    }

    /// What a request's head has to say of its length.
    ///
    /// # Errors
    /// As for [`Body::length`].
    pub fn framing(&mut self) -> Result<BodyLength, Error> {
        let length = self.length()?;
        Ok(length.map_or(BodyLength::Unknown, BodyLength::Known))
    }
}

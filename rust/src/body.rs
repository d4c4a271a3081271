//! What a request carries after its head.

use std::borrow::Cow;
use std::fmt;
use std::fs;
use std::io::{Read, Seek};

use crate::bindings::wasi::filesystem::types::Descriptor;
use crate::bindings::wasi::io::streams::InputStream;
use crate::error::Result;
use crate::files;

/// What a request carries after its head.
///
/// Made of bytes or text by `From`; of a reader, a file or a stream with its functions.
pub struct Body<'a>(pub(crate) Kind<'a>);

pub(crate) enum Kind<'a> {
    Bytes(Cow<'a, [u8]>),
    Reader(Reader<'a>),
    File(Descriptor),
    Stream(&'a InputStream),
}

/// A reader, and how much it gives, where that is known.
pub(crate) struct Reader<'a> {
    pub bytes: Box<dyn Read + 'a>,
    pub length: Option<u64>,
}

impl<'a> Body<'a> {
    /// Whatever this reader gives, up to its end. It is read while it is sent, so its length costs no memory.
    ///
    /// The length is unknown, so the body is sent in chunks, unless the request has a `Content-Length`. A reader that
    /// is longer or shorter than that is an [`Error::Body`](crate::Error::Body).
    pub fn reader(reader: impl Read + 'a) -> Self {
        Self(Kind::Reader(Reader {
            bytes: Box::new(reader),
            length: None,
        }))
    }

    /// The same of a reader whose length in bytes is known: it becomes the `Content-Length`.
    pub fn sized_reader(reader: impl Read + 'a, length: u64) -> Self {
        Self(Kind::Reader(Reader {
            bytes: Box::new(reader),
            length: Some(length),
        }))
    }

    /// The contents of the file at this path, in a directory that the host gave the program. The client reads it
    /// itself: its bytes never pass through the program.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File): it can't be opened.
    pub fn file(path: &str) -> Result<Self> {
        files::open(path).map(|file| Self(Kind::File(file)))
    }

    /// A stream of WASI up to its end, such as [standard input](crate::wasi::stdin). Its bytes never pass through the
    /// program.
    #[must_use]
    pub fn input_stream(stream: &'a InputStream) -> Self {
        Self(Kind::Stream(stream))
    }
}

impl<'a> From<&'a [u8]> for Body<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Body<'a> {
    fn from(bytes: &'a [u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl From<Vec<u8>> for Body<'_> {
    fn from(bytes: Vec<u8>) -> Self {
        Self(Kind::Bytes(bytes.into()))
    }
}

impl<'a> From<&'a str> for Body<'a> {
    fn from(text: &'a str) -> Self {
        text.as_bytes().into()
    }
}

impl From<String> for Body<'_> {
    fn from(text: String) -> Self {
        text.into_bytes().into()
    }
}

/// What is left of the file: its length becomes the `Content-Length`, where it has one.
impl From<fs::File> for Body<'_> {
    fn from(mut file: fs::File) -> Self {
        let rest = file.metadata().ok().filter(fs::Metadata::is_file);
        let rest = rest.and_then(|it| it.len().checked_sub(file.stream_position().ok()?));
        match rest {
            Some(length) => Self::sized_reader(file, length),
            None => Self::reader(file),
        }
    }
}

impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Kind::Reader(Reader { length, .. }) => write!(f, "Body(reader, {length:?} bytes)"),
            Kind::File(_) => f.write_str("Body(file)"),
            Kind::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

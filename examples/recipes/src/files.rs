//! Files in the directories that the host gives this program, and what may happen to them.

use crate::bindings::httplib::http::client::Error;
use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags,
};
use crate::bindings::wasi::io::streams::StreamError;

/// The file of this name, for reading.
pub fn open(path: &str) -> Result<Descriptor, Error> {
    open_at(path, OpenFlags::empty(), DescriptorFlags::READ)
}

/// A file of this name, empty and for writing.
pub fn create(path: &str) -> Result<Descriptor, Error> {
    let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE;
    open_at(path, flags, DescriptorFlags::WRITE)
}

fn open_at(path: &str, open: OpenFlags, access: DescriptorFlags) -> Result<Descriptor, Error> {
    for (directory, name) in get_directories() {
        if let Some(inside) = inside(&name, path) {
            let follow = PathFlags::SYMLINK_FOLLOW;
            return Ok(directory.open_at(follow, inside, open, access)?);
        }
    }
    let text = format!("the host gives no directory that holds {path}");
    Err(Error::Other(text))
}

/// The path from this directory on, where it leads through it.
fn inside<'a>(directory: &str, path: &'a str) -> Option<&'a str> {
    if directory == "." {
        return (!path.starts_with('/')).then_some(path);
    }
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    rest.strip_prefix('/')
}

impl From<StreamError> for Error {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Closed => Self::Other("the stream is closed".to_owned()),
            StreamError::LastOperationFailed(error) => Self::Other(error.to_debug_string()),
        }
    }
}

impl From<ErrorCode> for Error {
    fn from(code: ErrorCode) -> Self {
        Self::Other(code.message().to_owned())
    }
}

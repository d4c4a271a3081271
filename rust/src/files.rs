//! Files in the directories that the host gave the program.

use crate::bindings::client::{FileError, FileErrorCode};
use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, ErrorCode, OpenFlags, PathFlags,
};
use crate::error::{Error, Result};

/// The file at this path, for reading.
pub fn open(path: &str) -> Result<Descriptor> {
    open_at(path, OpenFlags::empty(), DescriptorFlags::READ)
}

/// A file at this path, empty and for writing.
pub fn create(path: &str) -> Result<Descriptor> {
    let flags = OpenFlags::CREATE | OpenFlags::TRUNCATE;
    open_at(path, flags, DescriptorFlags::WRITE)
}

fn open_at(path: &str, open: OpenFlags, access: DescriptorFlags) -> Result<Descriptor> {
    let directories = get_directories();
    let within = directories
        .iter()
        .filter_map(|(directory, name)| Some((directory, inside(name, path)?)));
    // The one that is nearest to it.
    let nearest = within.min_by_key(|(_, inside)| inside.len());
    let (directory, inside) = nearest.ok_or_else(|| failed(path, FileErrorCode::NoEntry))?;
    directory
        .open_at(PathFlags::SYMLINK_FOLLOW, inside, open, access)
        .map_err(|code| {
            failed(
                path,
                match code {
                    ErrorCode::NoEntry => FileErrorCode::NoEntry,
                    ErrorCode::Access | ErrorCode::NotPermitted => FileErrorCode::Access,
                    ErrorCode::IsDirectory => FileErrorCode::IsDirectory,
                    other => FileErrorCode::Other(other.message().to_owned()),
                },
            )
        })
}

/// The path from this directory on, where it leads through it.
fn inside<'a>(directory: &str, path: &'a str) -> Option<&'a str> {
    if directory == "." {
        return (!path.starts_with('/')).then_some(path);
    }
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    rest.strip_prefix('/')
}

fn failed(path: &str, code: FileErrorCode) -> Error {
    let path = Some(path.to_owned());
    Error::File(FileError { path, code })
}

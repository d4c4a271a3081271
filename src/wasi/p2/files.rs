//! Files by path, within the directories that the host gave.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::error::file_error_code;
use super::lines::write_all;
use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use crate::transport::tls::KeyLogSink;
use crate::transport::{Contents, FileErrorCode};
use crate::wasi::paths;

/// How many bytes are read at a time.
const BLOCK: u64 = 64 * 1024;

/// What is at `path`, and at the end of links.
pub fn read(path: &str) -> Result<Contents, FileErrorCode> {
    contents(path).map_err(file_error_code)
}

fn contents(path: &str) -> Result<Contents, ErrorCode> {
    let file = File(open(path, OpenFlags::empty(), DescriptorFlags::READ)?);
    if file.0.get_type()? != DescriptorType::Directory {
        return file.read().map(Contents::File);
    }
    let directory = path.trim_end_matches('/');
    let files = file.read_files()?.into_iter();
    let paths = files.map(|(name, bytes)| (format!("{directory}/{name}"), bytes));
    Ok(Contents::Directory(paths.collect()))
}

/// Opens the file, or makes it, for lines that are added at its end. One that can't be written is lost.
pub fn append_lines(path: &str) -> Result<Arc<KeyLogSink>, FileErrorCode> {
    let file = open(path, OpenFlags::CREATE, DescriptorFlags::WRITE);
    let log = file.and_then(|file| file.append_via_stream());
    let log = log.map_err(file_error_code)?;
    Ok(Arc::new(move |line: &str| {
        let _ = write_all(&log, line.as_bytes());
    }))
}

/// A file or a directory, open for reading.
struct File(Descriptor);

impl File {
    /// All bytes of the file.
    fn read(&self) -> Result<Vec<u8>, ErrorCode> {
        let mut bytes = Vec::new();
        loop {
            let (block, is_end) = self.0.read(BLOCK, bytes.len() as u64)?;
            bytes.extend_from_slice(&block);
            if is_end || block.is_empty() {
                return Ok(bytes);
            }
        }
    }

    /// The directory's files with their names, in the order of these. What can't be read is passed
    /// over: links that lead elsewhere, directories, pipes.
    fn read_files(&self) -> Result<Vec<(String, Vec<u8>)>, ErrorCode> {
        let entries = self.0.read_directory()?;
        let mut files = Vec::new();
        while let Some(entry) = entries.read_directory_entry()? {
            // To open a pipe could wait for ever.
            let status = self.0.stat_at(PathFlags::SYMLINK_FOLLOW, &entry.name);
            if !status.is_ok_and(|it| it.type_ == DescriptorType::RegularFile) {
                continue;
            }
            let file = open_at(
                &self.0,
                &entry.name,
                OpenFlags::empty(),
                DescriptorFlags::READ,
            );
            if let Ok(bytes) = file.and_then(|file| Self(file).read()) {
                // Sorted from the start: these are few, and a sorting algorithm is 5 KB of code.
                let place = files.partition_point(|(name, _)| *name < entry.name);
                files.insert(place, (entry.name, bytes));
            }
        }
        Ok(files)
    }
}

fn open(path: &str, how: OpenFlags, access: DescriptorFlags) -> Result<Descriptor, ErrorCode> {
    let directories = get_directories();
    let (directory, rest) = paths::find(&directories, path).ok_or(ErrorCode::NoEntry)?;
    open_at(directory, rest, how, access)
}

fn open_at(
    directory: &Descriptor,
    path: &str,
    how: OpenFlags,
    access: DescriptorFlags,
) -> Result<Descriptor, ErrorCode> {
    directory.open_at(PathFlags::SYMLINK_FOLLOW, path, how, access)
}

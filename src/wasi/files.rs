//! Files by path, within the directories that the host gave.
//!
//! WASI opens nothing by an absolute path: only what lies in a directory that the host has opened
//! before. Paths lead to them as in WASI's C library. A directory goes by the name that the host gave
//! it; of several the longest that a path begins with is meant; and the working directory is `/`, so
//! that a leading `/` or `./` says nothing.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::environment::write_all;
use super::error::file_error_code;
use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use crate::transport::tls::KeyLogSink;
use crate::transport::{Contents, FileErrorCode};

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
    let candidates = directories
        .iter()
        .filter_map(|(directory, name)| Some((directory, within(path, name)?)));
    // The longest name leaves the shortest path.
    let (directory, rest) = candidates
        .min_by_key(|(_, rest)| rest.len())
        .ok_or(ErrorCode::NoEntry)?;
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

/// What is left of `path` in the directory of that name, if it begins with that.
fn within<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let (path, directory) = (plain(path), plain(directory));
    let rest = match directory.trim_end_matches('/') {
        "" => path,
        directory => match path.strip_prefix(directory)? {
            "" => "",
            rest => rest.strip_prefix('/')?,
        },
    };
    match rest.trim_start_matches('/') {
        "" => Some("."),
        rest => Some(rest),
    }
}

/// A path without what says nothing.
fn plain(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    match path.strip_prefix('.') {
        Some("") => "",
        Some(rest) if rest.starts_with('/') => plain(rest),
        _ => path,
    }
}

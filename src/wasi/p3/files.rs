//! Files by path, within the directories that the host gave.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use wit_bindgen::{StreamReader, StreamResult};

use super::error::file_error_code;
use crate::bindings::wasi::filesystem::preopens::get_directories;
use crate::bindings::wasi::filesystem::types::{
    Descriptor, DescriptorFlags, DescriptorType, ErrorCode, OpenFlags, PathFlags,
};
use crate::transport::{BLOCK, Contents, FileErrorCode};
use crate::wasi::paths;

/// What is at `path`, and at the end of links.
pub async fn read(path: &str) -> Result<Contents, FileErrorCode> {
    contents(path).await.map_err(file_error_code)
}

async fn contents(path: &str) -> Result<Contents, ErrorCode> {
    let file = File(open(path, OpenFlags::empty(), DescriptorFlags::READ).await?);
    if !matches!(file.0.get_type().await?, DescriptorType::Directory) {
        return file.read().await.map(Contents::File);
    }
    let directory = path.trim_end_matches('/');
    let files = file.read_files().await?.into_iter();
    let paths = files.map(|(name, bytes)| (format!("{directory}/{name}"), bytes));
    Ok(Contents::Directory(paths.collect()))
}

/// A file or a directory, open for reading.
struct File(Descriptor);

impl File {
    /// All bytes of the file.
    async fn read(&self) -> Result<Vec<u8>, ErrorCode> {
        let (stream, end) = self.0.read_via_stream(0);
        let bytes = collect(stream).await;
        end.await?;
        Ok(bytes)
    }

    /// The directory's files with their names, in the order of these. What can't be read is passed
    /// over: links that lead elsewhere, directories, pipes.
    async fn read_files(&self) -> Result<Vec<(String, Vec<u8>)>, ErrorCode> {
        let (entries, end) = self.0.read_directory();
        let entries = entries.collect().await;
        end.await?;
        let mut files = Vec::new();
        for entry in entries {
            // To open a pipe could wait for ever.
            let name = entry.name;
            let status = self.0.stat_at(PathFlags::SYMLINK_FOLLOW, name.clone());
            let is_file = |it| matches!(it, DescriptorType::RegularFile);
            if !status.await.is_ok_and(|it| is_file(it.type_)) {
                continue;
            }
            let file = open_at(&self.0, &name, OpenFlags::empty(), DescriptorFlags::READ);
            let Ok(file) = file.await else { continue };
            if let Ok(bytes) = Self(file).read().await {
                let place = files.partition_point(|(other, _)| *other < name);
                files.insert(place, (name, bytes));
            }
        }
        Ok(files)
    }
}

/// All bytes of a stream.
async fn collect(mut stream: StreamReader<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        bytes.reserve(BLOCK);
        let (result, more) = stream.read(bytes).await;
        bytes = more;
        if result == StreamResult::Dropped {
            return bytes;
        }
    }
}

/// Opens what is at `path`.
pub async fn open(
    path: &str,
    how: OpenFlags,
    access: DescriptorFlags,
) -> Result<Descriptor, ErrorCode> {
    let directories = get_directories();
    let (directory, rest) = paths::find(&directories, path).ok_or(ErrorCode::NoEntry)?;
    open_at(directory, rest, how, access).await
}

async fn open_at(
    directory: &Descriptor,
    path: &str,
    how: OpenFlags,
    access: DescriptorFlags,
) -> Result<Descriptor, ErrorCode> {
    let path = path.to_string();
    directory
        .open_at(PathFlags::SYMLINK_FOLLOW, path, how, access)
        .await
}

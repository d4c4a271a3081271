//! The files of a `tls-context`: certificates, keys and revocation lists to read, key logs to write.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::sync::{Arc, Mutex};

use super::{convert, wit};
use crate::client::{Error, FileErrorCode};
use crate::transport::tls::KeyLogSink;

/// What a `pem-source` holds.
pub enum Contents {
    /// The bytes given, or those of one file.
    File(Vec<u8>),
    /// A directory's files with their paths, in the order of their names.
    Directory(Vec<(String, Vec<u8>)>),
}

/// The bytes given, or those of the file.
pub fn read(source: wit::PemSource) -> Result<Vec<u8>, wit::Error> {
    match source {
        wit::PemSource::Bytes(bytes) => Ok(bytes),
        wit::PemSource::Path(path) => {
            fs::read(&path).map_err(|error| file_error(path.clone(), &error))
        }
    }
}

/// The same, or the files of the directory.
pub fn read_all(source: wit::PemSource) -> Result<Contents, wit::Error> {
    match source {
        wit::PemSource::Path(path) if is_directory(&path) => match read_directory(&path) {
            Ok(files) => Ok(Contents::Directory(files)),
            Err(error) => Err(file_error(path, &error)),
        },
        source => read(source).map(Contents::File),
    }
}

/// The files of `SSL_CERT_FILE` and `SSL_CERT_DIR`, as far as the host gave this component both the
/// variables and the files.
pub fn environment_authorities() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if let Some(path) = variable("SSL_CERT_FILE") {
        files.extend(fs::read(&path).map(|bytes| (path, bytes)));
    }
    // A list of directories, as OpenSSL has it. An empty path would be the working directory.
    let directories = variable("SSL_CERT_DIR").unwrap_or_default();
    for path in directories.split(':').filter(|path| !path.is_empty()) {
        files.extend(read_directory(path).unwrap_or_default());
    }
    files
}

#[expect(
    clippy::disallowed_methods,
    reason = "ssl.create_default_context reads these two; they choose whom to trust, and weaken nothing else"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Opens a file for lines to be added at its end.
pub fn append_lines(path: String) -> Result<Arc<KeyLogSink>, wit::Error> {
    let opened = OpenOptions::new().append(true).create(true).open(&path);
    let file = Mutex::new(opened.map_err(|error| file_error(path, &error))?);
    Ok(Arc::new(move |line: &str| {
        let mut file = file.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        // A log that can't be written must not stop a connection.
        let _ = file.write_all(line.as_bytes());
    }))
}

fn is_directory(path: &str) -> bool {
    fs::metadata(path).is_ok_and(|metadata| metadata.is_dir())
}

/// What is no readable file is passed over: links that lead elsewhere, directories.
fn read_directory(path: &str) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_file()
            && let Ok(bytes) = fs::read(&path)
        {
            files.push((path.to_string_lossy().into_owned(), bytes));
        }
    }
    files.sort_unstable();
    Ok(files)
}

fn file_error(path: String, error: &io::Error) -> wit::Error {
    let code = match error.kind() {
        io::ErrorKind::NotFound => FileErrorCode::NoEntry,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            FileErrorCode::Access
        }
        io::ErrorKind::IsADirectory => FileErrorCode::IsDirectory,
        _ => FileErrorCode::Other(error.to_string()),
    };
    convert::error(Error::File {
        path: Some(path),
        code,
    })
}

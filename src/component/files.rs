//! The files of a `tls-context`: certificates, keys and revocation lists to read, key logs to write.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::body::file_error_code;
use super::{convert, wit};
use crate::bindings::wasi::filesystem::types::ErrorCode;
use crate::client::Error;
use crate::transport::tls::KeyLogSink;
use crate::wasi::{File, Log, variable};

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
        wit::PemSource::Path(path) => read_file(&path).map_err(|code| file_error(path, code)),
    }
}

/// The same, or the files of the directory.
pub fn read_all(source: wit::PemSource) -> Result<Contents, wit::Error> {
    match source {
        wit::PemSource::Bytes(bytes) => Ok(Contents::File(bytes)),
        wit::PemSource::Path(path) => {
            read_file_or_directory(&path).map_err(|code| file_error(path, code))
        }
    }
}

/// The files of `SSL_CERT_FILE` and `SSL_CERT_DIR`, as far as the host gave this component both the
/// variables and the files.
pub fn environment_authorities() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    if let Some(path) = variable("SSL_CERT_FILE") {
        files.extend(read_file(&path).map(|bytes| (path, bytes)));
    }
    // A list of directories, as OpenSSL has it. An empty path would be the working directory.
    let directories = variable("SSL_CERT_DIR").unwrap_or_default();
    for path in directories.split(':').filter(|path| !path.is_empty()) {
        let found = File::open(path).and_then(|directory| read_directory(path, &directory));
        files.extend(found.unwrap_or_default());
    }
    files
}

/// Opens a file for lines to be added at its end.
pub fn append_lines(path: String) -> Result<Arc<KeyLogSink>, wit::Error> {
    let log = Log::open(&path).map_err(|code| file_error(path, code))?;
    // A log that can't be written must not stop a connection.
    Ok(Arc::new(move |line: &str| log.add(line)))
}

fn read_file(path: &str) -> Result<Vec<u8>, ErrorCode> {
    File::open(path)?.read()
}

fn read_file_or_directory(path: &str) -> Result<Contents, ErrorCode> {
    let file = File::open(path)?;
    if file.is_directory()? {
        return read_directory(path, &file).map(Contents::Directory);
    }
    file.read().map(Contents::File)
}

fn read_directory(path: &str, directory: &File) -> Result<Vec<(String, Vec<u8>)>, ErrorCode> {
    let path = path.trim_end_matches('/');
    let files = directory.read_files()?.into_iter();
    Ok(files
        .map(|(name, bytes)| (format!("{path}/{name}"), bytes))
        .collect())
}

fn file_error(path: String, code: ErrorCode) -> wit::Error {
    convert::error(Error::File {
        path: Some(path),
        code: file_error_code(code),
    })
}

//! Whom to trust: what loads a TLS context, by name or by bytes, and what the environment says of it.

use alloc::string::String;
use alloc::vec::Vec;

use super::error::Error;
use crate::transport::tls::{Config, Context};
use crate::transport::{Contents, FileErrorCode, TlsError};

/// What the host grants of its environment.
#[derive(Clone, Copy)]
pub struct Environment<'a> {
    /// The value of an environment variable.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// What is at a path.
    pub read: &'a dyn Fn(&str) -> Result<Contents, FileErrorCode>,
}

/// Certificates, keys or revocation lists.
#[derive(Clone, Debug)]
pub enum PemSource {
    /// The contents themselves.
    Bytes(Vec<u8>),
    /// The path of a file.
    Path(String),
}

impl PemSource {
    /// The path, if it is one.
    #[must_use]
    pub fn path(&self) -> Option<&String> {
        match self {
            Self::Path(path) => Some(path),
            Self::Bytes(_) => None,
        }
    }
}

impl Environment<'_> {
    /// The contents of one file.
    fn file(self, source: PemSource) -> Result<Vec<u8>, Error> {
        let path = match source {
            PemSource::Bytes(bytes) => return Ok(bytes),
            PemSource::Path(path) => path,
        };
        match (self.read)(&path) {
            Ok(Contents::File(bytes)) => Ok(bytes),
            Ok(Contents::Directory(_)) => Err(file_error(path, FileErrorCode::IsDirectory)),
            Err(code) => Err(file_error(path, code)),
        }
    }

    /// The same, or those of a directory's files.
    fn contents(self, source: PemSource) -> Result<Contents, Error> {
        match source {
            PemSource::Bytes(bytes) => Ok(Contents::File(bytes)),
            PemSource::Path(path) => (self.read)(&path).map_err(|code| file_error(path, code)),
        }
    }

    /// The paths in `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    pub fn default_paths(variable: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
        let mut paths = Vec::from_iter(variable("SSL_CERT_FILE"));
        let directories = variable("SSL_CERT_DIR").unwrap_or_default();
        paths.extend(split(&directories).map(String::from));
        paths
    }

    /// The files at those paths, as far as they can be read.
    fn authorities(self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        if let Some(path) = (self.variable)("SSL_CERT_FILE")
            && let Ok(Contents::File(bytes)) = (self.read)(&path)
        {
            files.push((path, bytes));
        }
        let directories = (self.variable)("SSL_CERT_DIR").unwrap_or_default();
        for path in split(&directories) {
            if let Ok(Contents::Directory(found)) = (self.read)(path) {
                files.extend(found);
            }
        }
        files
    }

    /// `SSLContext.load_default_certs()`: the authorities of the environment, else Mozilla's.
    ///
    /// # Errors
    /// `Tls` where the environment's files hold no certificate, or broken PEM.
    pub fn load_default_certs(self, context: &mut Context) -> Result<(), Error> {
        match self.authorities().as_slice() {
            [] => {
                context.load_bundled();
                Ok(())
            }
            files => context.load_system(files).map_err(Error::Tls),
        }
    }

    /// `SSLContext.load_verify_locations()`.
    ///
    /// # Errors
    /// `File`; `Tls` where there is no certificate, or a malformed one.
    pub fn load_verify_locations(
        self,
        context: &mut Context,
        authorities: PemSource,
    ) -> Result<(), Error> {
        let loaded = match self.contents(authorities)? {
            Contents::File(bytes) => context.load_verify_locations(&bytes),
            Contents::Directory(files) => context.load_verify_directory(&files),
        };
        loaded.map_err(Error::Tls)
    }

    /// Refuses what is on these revocation lists.
    ///
    /// # Errors
    /// `File`; `Tls` where there is no list, or one that can't be used.
    pub fn load_crls(self, context: &mut Context, crls: PemSource) -> Result<(), Error> {
        context.load_crls(&self.file(crls)?).map_err(Error::Tls)
    }

    /// `SSLContext.load_cert_chain()`; without `key` it stands where the chain does.
    ///
    /// # Errors
    /// `File`; `Tls` where there is no certificate or key, or they do not belong together.
    pub fn load_cert_chain(
        self,
        context: &mut Context,
        chain: PemSource,
        key: Option<PemSource>,
    ) -> Result<(), Error> {
        let chain = self.file(chain)?;
        let loaded = match key {
            Some(key) => context.load_cert_chain(&chain, &self.file(key)?),
            None => context.load_cert_chain(&chain, &chain),
        };
        loaded.map_err(Error::Tls)
    }

    /// The configuration of a connection with that context, and with the client certificate in
    /// `key_file` and `cert_file`, if any, for this connection only.
    ///
    /// # Errors
    /// As for [`Environment::load_cert_chain`]; `Tls` for a key without a certificate.
    pub fn config(
        self,
        context: &mut Context,
        key_file: Option<String>,
        cert_file: Option<String>,
    ) -> Result<Config, Error> {
        let config = match (key_file, cert_file) {
            (None, None) => context.config(),
            (key, Some(chain)) => {
                let mut own = context.clone();
                let key = key.map(PemSource::Path);
                self.load_cert_chain(&mut own, PemSource::Path(chain), key)?;
                own.config()
            }
            (Some(_), None) => {
                let text = "key-file without cert-file";
                Err(TlsError::Configuration(text.into()))
            }
        };
        config.map_err(Error::Tls)
    }
}

/// The paths in `SSL_CERT_DIR`: a list, as OpenSSL has it; an empty one would be the working directory.
fn split(directories: &str) -> impl Iterator<Item = &str> {
    directories.split(':').filter(|path| !path.is_empty())
}

fn file_error(path: String, code: FileErrorCode) -> Error {
    Error::File {
        path: Some(path),
        code,
    }
}

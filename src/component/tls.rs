//! The `tls-context` resource.

use std::cell::RefCell;
use std::io;
use std::sync::Arc;

use super::{convert, wit};
use crate::client::{Error, FileErrorCode};
use crate::transport::TlsError;
use crate::transport::tls::Context;

/// `tls-context`.
pub struct TlsContext(RefCell<Context>);

impl wit::GuestTlsContext for TlsContext {
    fn create_default() -> Result<wit::TlsContext, wit::Error> {
        let context = Context::create_default();
        Ok(wit::TlsContext::new(Self(RefCell::new(context))))
    }

    fn create_unverified() -> Result<wit::TlsContext, wit::Error> {
        let context = Context::create_unverified();
        Ok(wit::TlsContext::new(Self(RefCell::new(context))))
    }

    fn load_verify_locations(&self, ca: wit::PemSource) -> Result<(), wit::Error> {
        let ca = read(ca)?;
        self.0
            .borrow_mut()
            .load_verify_locations(&ca)
            .map_err(tls_error)
    }

    fn load_cert_chain(
        &self,
        certificate_chain: wit::PemSource,
        private_key: Option<wit::PemSource>,
    ) -> Result<(), wit::Error> {
        load_cert_chain(&mut self.0.borrow_mut(), certificate_chain, private_key)
    }
}

thread_local! {
    /// What connections without a context of their own share, sessions included.
    static DEFAULT: RefCell<Context> = RefCell::new(Context::create_default());
}

/// The configuration of a connection: its context's, or the default; with the client certificate in
/// `key_file` and `cert_file`, if any, for this connection only.
pub fn config(
    context: Option<wit::TlsContextBorrow<'_>>,
    key_file: Option<String>,
    cert_file: Option<String>,
) -> Result<Arc<rustls::ClientConfig>, wit::Error> {
    let of = |context: &mut Context| match (key_file, cert_file) {
        (None, None) => context.config().map_err(tls_error),
        (key, Some(chain)) => {
            let mut own = context.clone();
            let key = key.map(wit::PemSource::Path);
            load_cert_chain(&mut own, wit::PemSource::Path(chain), key)?;
            own.config().map_err(tls_error)
        }
        (Some(_), None) => Err(tls_error(TlsError::Configuration(
            "key-file without cert-file".into(),
        ))),
    };
    match context {
        Some(context) => of(&mut context.get::<TlsContext>().0.borrow_mut()),
        None => DEFAULT.with_borrow_mut(of),
    }
}

/// The configuration of connections without a context of their own.
pub fn default_config() -> Result<Arc<rustls::ClientConfig>, wit::Error> {
    DEFAULT.with_borrow_mut(|context| context.config().map_err(tls_error))
}

fn load_cert_chain(
    context: &mut Context,
    chain: wit::PemSource,
    key: Option<wit::PemSource>,
) -> Result<(), wit::Error> {
    let chain = read(chain)?;
    let loaded = match key {
        Some(key) => context.load_cert_chain(&chain, &read(key)?),
        None => context.load_cert_chain(&chain, &chain),
    };
    loaded.map_err(tls_error)
}

fn tls_error(error: TlsError) -> wit::Error {
    convert::error(Error::Tls(error))
}

fn read(source: wit::PemSource) -> Result<Vec<u8>, wit::Error> {
    match source {
        wit::PemSource::Bytes(bytes) => Ok(bytes),
        wit::PemSource::Path(path) => std::fs::read(&path).map_err(|error| {
            let code = match error.kind() {
                io::ErrorKind::NotFound => FileErrorCode::NoEntry,
                io::ErrorKind::PermissionDenied => FileErrorCode::Access,
                io::ErrorKind::IsADirectory => FileErrorCode::IsDirectory,
                _ => FileErrorCode::Other(error.to_string()),
            };
            convert::error(Error::File {
                path: Some(path),
                code,
            })
        }),
    }
}

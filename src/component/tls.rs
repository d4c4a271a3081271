//! The `tls-context` resource.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;

use spin::Mutex;

use super::{convert, files, wit};
use crate::client::Error;
use crate::transport::TlsError;
use crate::transport::tls::{Config, Context, ValueError};
use crate::wasi::WallClock;

/// `tls-context`.
pub struct TlsContext(RefCell<Context>);

impl TlsContext {
    fn wrap(context: Context) -> wit::TlsContext {
        wit::TlsContext::new(Self(RefCell::new(context)))
    }
}

impl wit::GuestTlsContext for TlsContext {
    fn create_bare() -> wit::TlsContext {
        Self::wrap(Context::create_bare(Arc::new(WallClock)))
    }

    fn create_default() -> Result<wit::TlsContext, wit::Error> {
        create_default().map(Self::wrap)
    }

    fn create_unverified() -> wit::TlsContext {
        Self::wrap(Context::create_unverified(Arc::new(WallClock)))
    }

    fn set_check_hostname(&self, check: bool) {
        self.0.borrow_mut().set_check_hostname(check);
    }

    fn set_verify_mode(&self, mode: wit::VerifyMode) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        context
            .set_verify_mode(convert::verify_mode(mode))
            .map_err(value_error)
    }

    fn set_minimum_version(&self, version: wit::TlsVersion) {
        let version = convert::tls_version(version);
        self.0.borrow_mut().set_minimum_version(version);
    }

    fn set_alpn_protocols(&self, protocols: Vec<String>) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        context.set_alpn_protocols(protocols).map_err(value_error)
    }

    fn load_default_certs(&self) -> Result<(), wit::Error> {
        load_default_certs(&mut self.0.borrow_mut())
    }

    fn load_verify_locations(&self, ca: wit::PemSource) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        match files::read_all(ca)? {
            files::Contents::File(bytes) => context.load_verify_locations(&bytes),
            files::Contents::Directory(files) => context.load_verify_directory(&files),
        }
        .map_err(tls_error)
    }

    fn load_crls(&self, crls: wit::PemSource) -> Result<(), wit::Error> {
        let crls = files::read(crls)?;
        self.0.borrow_mut().load_crls(&crls).map_err(tls_error)
    }

    fn add_pin(&self, sha256: Vec<u8>) -> Result<(), wit::Error> {
        self.0.borrow_mut().add_pin(&sha256).map_err(value_error)
    }

    fn load_cert_chain(
        &self,
        certificate_chain: wit::PemSource,
        private_key: Option<wit::PemSource>,
    ) -> Result<(), wit::Error> {
        load_cert_chain(&mut self.0.borrow_mut(), certificate_chain, private_key)
    }

    fn set_key_log(&self, path: Option<String>) -> Result<(), wit::Error> {
        let sink = path.map(files::append_lines).transpose()?;
        self.0.borrow_mut().set_key_log(sink);
        Ok(())
    }
}

/// What connections without a context of their own share, sessions included.
static DEFAULT: Mutex<Option<Context>> = Mutex::new(None);

/// The configuration of a connection: its context's, or the default; with the client certificate in
/// `key_file` and `cert_file`, if any, for this connection only.
pub fn config(
    context: Option<wit::TlsContextBorrow<'_>>,
    key_file: Option<String>,
    cert_file: Option<String>,
) -> Result<Config, wit::Error> {
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
        None => match &mut *DEFAULT.lock() {
            Some(context) => of(context),
            none => of(none.insert(create_default()?)),
        },
    }
}

fn create_default() -> Result<Context, wit::Error> {
    let mut context = Context::create_bare(Arc::new(WallClock));
    load_default_certs(&mut context)?;
    Ok(context)
}

/// The authorities of the environment where the host grants it, else the bundled ones.
fn load_default_certs(context: &mut Context) -> Result<(), wit::Error> {
    match files::environment_authorities().as_slice() {
        [] => {
            context.load_bundled();
            Ok(())
        }
        files => context.load_system(files).map_err(tls_error),
    }
}

fn load_cert_chain(
    context: &mut Context,
    chain: wit::PemSource,
    key: Option<wit::PemSource>,
) -> Result<(), wit::Error> {
    let chain = files::read(chain)?;
    let loaded = match key {
        Some(key) => context.load_cert_chain(&chain, &files::read(key)?),
        None => context.load_cert_chain(&chain, &chain),
    };
    loaded.map_err(tls_error)
}

fn tls_error(error: TlsError) -> wit::Error {
    convert::error(Error::Tls(error))
}

fn value_error(ValueError(text): ValueError) -> wit::Error {
    convert::error(Error::Value(text))
}

//! The `tls-context` resource, and what connections take of it.

use alloc::string::String;
use alloc::sync::Arc;
use core::cell::RefCell;

use spin::Mutex;

use super::{convert, wit};
use crate::client::{Environment, Error};
use crate::transport::tls::{Config, Context, ValueError};
use crate::wasi::WallClock;

/// `tls-context`.
pub struct TlsContext(pub RefCell<Context>);

impl TlsContext {
    pub fn new(context: Context) -> Self {
        Self(RefCell::new(context))
    }

    pub fn wrap(context: Context) -> wit::TlsContext {
        wit::TlsContext::new(Self::new(context))
    }

    pub fn bare() -> Context {
        Context::create_bare(Arc::new(WallClock))
    }

    pub fn unverified() -> Context {
        Context::create_unverified(Arc::new(WallClock))
    }

    pub fn default(environment: Environment<'_>) -> Result<Context, Error> {
        let mut context = Self::bare();
        environment.load_default_certs(&mut context)?;
        Ok(context)
    }
}

/// What connections without a context of their own share, sessions included.
static DEFAULT: Mutex<Option<Context>> = Mutex::new(None);

/// Whether there is such a context already.
#[cfg(feature = "p3")]
pub fn has_default() -> bool {
    DEFAULT.lock().is_some()
}

/// The configuration of a connection: its context's, or the default.
pub fn config(
    environment: Environment<'_>,
    context: Option<&TlsContext>,
    key_file: Option<String>,
    cert_file: Option<String>,
) -> Result<Config, Error> {
    let of = |context: &mut Context| environment.config(context, key_file, cert_file);
    match context {
        Some(context) => of(&mut context.0.borrow_mut()),
        None => match &mut *DEFAULT.lock() {
            Some(context) => of(context),
            none => of(none.insert(TlsContext::default(environment)?)),
        },
    }
}

pub fn value_error(ValueError(text): ValueError) -> wit::Error {
    convert::error(Error::Value(text))
}

//! The `tls-context` resource's calls.

use alloc::string::String;
use alloc::vec::Vec;

use crate::client::{Environment, Error};
use crate::component::tls::{self, TlsContext, value_error};
use crate::component::{convert, wit};
use crate::transport::tls::Config;
use crate::wasi::{append_lines, read, variable};

const ENVIRONMENT: Environment<'static> = Environment {
    variable: &variable,
    read: &read,
};

/// The configuration of a connection.
pub fn config(
    context: Option<&TlsContext>,
    key_file: Option<String>,
    cert_file: Option<String>,
) -> Result<Config, Error> {
    tls::config(ENVIRONMENT, context, key_file, cert_file)
}

/// The same of one that was given these options.
pub fn config_of(given: Option<wit::TlsOptions<'_>>) -> Result<Config, Error> {
    match given {
        None => config(None, None, None),
        Some(given) => {
            let context = given.context.as_ref().map(wit::TlsContextBorrow::get);
            config(context, given.key_file, given.cert_file)
        }
    }
}

impl wit::GuestTlsContext for TlsContext {
    fn create_bare() -> wit::TlsContext {
        Self::wrap(Self::bare())
    }

    fn create_default() -> Result<wit::TlsContext, wit::Error> {
        let context = Self::default(ENVIRONMENT);
        context.map(Self::wrap).map_err(convert::error)
    }

    fn create_unverified() -> wit::TlsContext {
        Self::wrap(Self::unverified())
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

    fn set_cipher_suites(&self, names: Vec<String>) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        context.set_cipher_suites(&names).map_err(value_error)
    }

    fn set_alpn_protocols(&self, protocols: Vec<String>) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        context.set_alpn_protocols(protocols).map_err(value_error)
    }

    fn load_default_certs(&self) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        ENVIRONMENT
            .load_default_certs(&mut context)
            .map_err(convert::error)
    }

    fn load_verify_locations(&self, ca: wit::PemSource) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        ENVIRONMENT
            .load_verify_locations(&mut context, convert::pem_source(ca))
            .map_err(convert::error)
    }

    fn load_crls(&self, crls: wit::PemSource) -> Result<(), wit::Error> {
        let mut context = self.0.borrow_mut();
        ENVIRONMENT
            .load_crls(&mut context, convert::pem_source(crls))
            .map_err(convert::error)
    }

    fn add_pin(&self, sha256: Vec<u8>) -> Result<(), wit::Error> {
        self.0.borrow_mut().add_pin(&sha256).map_err(value_error)
    }

    fn load_cert_chain(
        &self,
        certificate_chain: wit::PemSource,
        private_key: Option<wit::PemSource>,
    ) -> Result<(), wit::Error> {
        let chain = convert::pem_source(certificate_chain);
        let key = private_key.map(convert::pem_source);
        ENVIRONMENT
            .load_cert_chain(&mut self.0.borrow_mut(), chain, key)
            .map_err(convert::error)
    }

    fn set_key_log(&self, path: Option<String>) -> Result<(), wit::Error> {
        let log = match path {
            Some(path) => Some(append_lines(&path).map_err(|code| {
                let path = Some(path);
                convert::error(Error::File { path, code })
            })?),
            None => None,
        };
        self.0.borrow_mut().set_key_log(log);
        Ok(())
    }
}

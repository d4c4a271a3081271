//! The `tls-context` resource's calls.

use alloc::string::String;
use alloc::vec::Vec;

use crate::client::{Environment, Error, PemSource};
use crate::component::tls::{self, TlsContext, value_error};
use crate::component::{convert, wit};
use crate::tasks::Files;
use crate::transport::tls::Config;
use crate::wasi::{append_lines, variable};

/// What was read for the configuration of a connection.
#[derive(Default)]
pub struct Prepared(Files);

impl Prepared {
    /// What the configuration of a connection may need is read.
    pub async fn new(given: Option<&wit::TlsOptions<'_>>) -> Self {
        let named = given.map(|given| given.key_file.iter().chain(&given.cert_file));
        let mut paths: Vec<_> = named.into_iter().flatten().cloned().collect();
        if given.is_none_or(|given| given.context.is_none()) && !tls::has_default() {
            paths.extend(Environment::default_paths(&variable));
        }
        Self(Files::read(paths).await)
    }

    /// The configuration of a connection that was given these options.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn config(&self, given: Option<wit::TlsOptions<'_>>) -> Result<Config, Error> {
        self.0.with(|environment| match given {
            None => tls::config(environment, None, None, None),
            Some(given) => {
                let context = given.context.as_ref().map(wit::TlsContextBorrow::get);
                tls::config(environment, context, given.key_file, given.cert_file)
            }
        })
    }
}

impl wit::GuestTlsContext for TlsContext {
    fn create_bare() -> wit::TlsContext {
        Self::wrap(Self::bare())
    }

    async fn create_default() -> Result<wit::TlsContext, wit::Error> {
        let files = Files::read(Environment::default_paths(&variable)).await;
        let context = files.with(Self::default);
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

    async fn load_default_certs(&self) -> Result<(), wit::Error> {
        let files = Files::read(Environment::default_paths(&variable)).await;
        let mut context = self.0.borrow_mut();
        files
            .with(|environment| environment.load_default_certs(&mut context))
            .map_err(convert::error)
    }

    async fn load_verify_locations(&self, ca: wit::PemSource) -> Result<(), wit::Error> {
        let ca = convert::pem_source(ca);
        let files = Files::read(ca.path().cloned()).await;
        let mut context = self.0.borrow_mut();
        files
            .with(|environment| environment.load_verify_locations(&mut context, ca))
            .map_err(convert::error)
    }

    async fn load_crls(&self, crls: wit::PemSource) -> Result<(), wit::Error> {
        let crls = convert::pem_source(crls);
        let files = Files::read(crls.path().cloned()).await;
        let mut context = self.0.borrow_mut();
        files
            .with(|environment| environment.load_crls(&mut context, crls))
            .map_err(convert::error)
    }

    fn add_pin(&self, sha256: Vec<u8>) -> Result<(), wit::Error> {
        self.0.borrow_mut().add_pin(&sha256).map_err(value_error)
    }

    async fn load_cert_chain(
        &self,
        certificate_chain: wit::PemSource,
        private_key: Option<wit::PemSource>,
    ) -> Result<(), wit::Error> {
        let chain = convert::pem_source(certificate_chain);
        let key = private_key.map(convert::pem_source);
        let sources = [&chain].into_iter().chain(&key);
        let files = Files::read(sources.filter_map(PemSource::path).cloned()).await;
        let mut context = self.0.borrow_mut();
        files
            .with(|environment| environment.load_cert_chain(&mut context, chain, key))
            .map_err(convert::error)
    }

    async fn set_key_log(&self, path: Option<String>) -> Result<(), wit::Error> {
        let log = match path {
            Some(path) => Some(append_lines(&path).await.map_err(|code| {
                let path = Some(path);
                convert::error(Error::File { path, code })
            })?),
            None => None,
        };
        self.0.borrow_mut().set_key_log(log);
        Ok(())
    }
}

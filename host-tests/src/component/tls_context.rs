//! `tls-context`.

use wasmtime::component::ResourceAny;

use super::{Guest, Handle, PemSource, Result};

/// `tls-context`: its methods, by the names that Rust gives them.
pub struct TlsContext(Handle);

impl Guest {
    /// `tls-context.create-default`.
    pub fn create_default_context(&self) -> Result<TlsContext> {
        let resource = self.call("[static]tls-context.create-default", |exports, store| {
            exports
                .httplib_http_client()
                .tls_context()
                .call_create_default(store)
        })?;
        Ok(TlsContext(Handle {
            guest: self.clone(),
            resource,
        }))
    }

    /// `tls-context.create-unverified`.
    pub fn create_unverified_context(&self) -> Result<TlsContext> {
        let resource = self.call("[static]tls-context.create-unverified", |exports, store| {
            exports
                .httplib_http_client()
                .tls_context()
                .call_create_unverified(store)
        })?;
        Ok(TlsContext(Handle {
            guest: self.clone(),
            resource,
        }))
    }

    /// A default context that trusts this certificate authority as well.
    pub fn context_trusting(&self, pem: &str) -> Result<TlsContext> {
        let context = self.create_default_context()?;
        context.load_verify_locations(&PemSource::Bytes(pem.into()))?;
        Ok(context)
    }
}

impl TlsContext {
    /// `load-verify-locations`.
    pub fn load_verify_locations(&self, ca: &PemSource) -> Result<()> {
        let name = "[method]tls-context.load-verify-locations";
        self.0.guest.call(name, |exports, store| {
            let context = exports.httplib_http_client().tls_context();
            context.call_load_verify_locations(store, self.0.resource, ca)
        })
    }

    /// `load-cert-chain`.
    pub fn load_cert_chain(
        &self,
        certificate_chain: &PemSource,
        private_key: Option<&PemSource>,
    ) -> Result<()> {
        self.0
            .guest
            .call("[method]tls-context.load-cert-chain", |exports, store| {
                let context = exports.httplib_http_client().tls_context();
                context.call_load_cert_chain(store, self.0.resource, certificate_chain, private_key)
            })
    }

    pub(super) fn resource(&self) -> ResourceAny {
        self.0.resource
    }
}

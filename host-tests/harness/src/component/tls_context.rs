//! `tls-context`.

use wasmtime::component::ResourceAny;

use super::call::export;
use super::{Guest, Handle, PemSource, Result, TlsVersion, VerifyMode};

/// `tls-context`: its methods, by the names that Rust gives them.
pub struct TlsContext(Handle);

impl Guest {
    /// `tls-context.create-bare`.
    #[must_use]
    pub fn create_bare_context(&self) -> TlsContext {
        let resource = export!(
            self,
            "[static]tls-context.create-bare",
            httplib_http_client.tls_context,
            call_create_bare
        );
        self.context(resource)
    }

    /// `tls-context.create-default`.
    pub fn create_default_context(&self) -> Result<TlsContext> {
        let resource = export!(
            self,
            "[static]tls-context.create-default",
            httplib_http_client.tls_context,
            call_create_default
        )?;
        Ok(self.context(resource))
    }

    /// `tls-context.create-unverified`.
    #[must_use]
    pub fn create_unverified_context(&self) -> TlsContext {
        let resource = export!(
            self,
            "[static]tls-context.create-unverified",
            httplib_http_client.tls_context,
            call_create_unverified
        );
        self.context(resource)
    }

    fn context(&self, resource: ResourceAny) -> TlsContext {
        TlsContext(Handle::new(self, resource))
    }

    /// A default context that trusts this certificate authority as well.
    pub fn context_trusting(&self, pem: &str) -> Result<TlsContext> {
        let context = self.create_default_context()?;
        context.load_verify_locations(&PemSource::Bytes(pem.into()))?;
        Ok(context)
    }
}

/// Calls a method of `tls-context`.
macro_rules! call {
    ($self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        export!(
            $self.0.guest,
            concat!("[method]tls-context.", $name),
            httplib_http_client.tls_context,
            $function,
            $self.0.resource $(, $argument)*
        )
    };
}

impl TlsContext {
    /// `set-check-hostname`.
    pub fn set_check_hostname(&self, check: bool) {
        call!(self, "set-check-hostname", call_set_check_hostname, check);
    }

    /// `set-verify-mode`.
    pub fn set_verify_mode(&self, mode: VerifyMode) -> Result<()> {
        call!(self, "set-verify-mode", call_set_verify_mode, mode)
    }

    /// `set-minimum-version`.
    pub fn set_minimum_version(&self, version: TlsVersion) {
        call!(
            self,
            "set-minimum-version",
            call_set_minimum_version,
            version
        );
    }

    /// `set-cipher-suites`.
    pub fn set_cipher_suites(&self, names: &[&str]) -> Result<()> {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        call!(self, "set-cipher-suites", call_set_cipher_suites, &names)
    }

    /// `set-alpn-protocols`.
    pub fn set_alpn_protocols(&self, protocols: &[&str]) -> Result<()> {
        let protocols: Vec<String> = protocols.iter().map(ToString::to_string).collect();
        call!(
            self,
            "set-alpn-protocols",
            call_set_alpn_protocols,
            &protocols
        )
    }

    /// `load-crls`.
    pub fn load_crls(&self, crls: &PemSource) -> Result<()> {
        call!(self, "load-crls", call_load_crls, crls)
    }

    /// `add-pin`.
    pub fn add_pin(&self, sha256: &[u8]) -> Result<()> {
        call!(self, "add-pin", call_add_pin, sha256)
    }

    /// `set-key-log`.
    pub fn set_key_log(&self, path: Option<&str>) -> Result<()> {
        call!(self, "set-key-log", call_set_key_log, path)
    }

    /// `load-default-certs`.
    pub fn load_default_certs(&self) -> Result<()> {
        call!(self, "load-default-certs", call_load_default_certs)
    }

    /// `load-verify-locations`.
    pub fn load_verify_locations(&self, ca: &PemSource) -> Result<()> {
        call!(
            self,
            "load-verify-locations",
            call_load_verify_locations,
            ca
        )
    }

    /// `load-cert-chain`.
    pub fn load_cert_chain(
        &self,
        certificate_chain: &PemSource,
        private_key: Option<&PemSource>,
    ) -> Result<()> {
        call!(
            self,
            "load-cert-chain",
            call_load_cert_chain,
            certificate_chain,
            private_key
        )
    }

    pub(super) fn resource(&self) -> ResourceAny {
        self.0.resource
    }
}

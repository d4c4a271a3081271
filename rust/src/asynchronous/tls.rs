//! Whom to trust, and which certificate to present.

use std::fmt;

use super::bindings::client as wit;
use crate::error::Result;
use crate::tls::{PemSource, TlsVersion, VerifyMode};

/// `ssl.SSLContext` over WASI 0.3: as [`TlsContext`](crate::TlsContext), but that files are awaited.
pub struct TlsContext(pub(super) wit::TlsContext);

impl TlsContext {
    /// Certificates are verified, names are checked, and nobody is trusted until something is loaded.
    #[must_use]
    pub fn create_bare() -> Self {
        Self(wit::TlsContext::create_bare())
    }

    /// The same with the authorities of the environment, or Mozilla's.
    ///
    /// # Errors
    /// As for [`load_default_certs`](crate::TlsContext::load_default_certs).
    pub async fn create_default() -> Result<Self> {
        Ok(Self(wit::TlsContext::create_default().await?))
    }

    /// Any certificate for any name is accepted: anyone who sits between the two ends can then read and change
    /// everything.
    #[must_use]
    pub fn create_unverified() -> Self {
        Self(wit::TlsContext::create_unverified())
    }

    /// Also trusts these certificate authorities.
    ///
    /// # Errors
    /// As for [`load_verify_locations`](crate::TlsContext::load_verify_locations).
    pub async fn load_verify_locations<'a>(
        &self,
        authorities: impl Into<PemSource<'a>>,
    ) -> Result<()> {
        let authorities = authorities.into().to_wit();
        Ok(self.0.load_verify_locations(authorities).await?)
    }

    /// Refuses the certificates on these revocation lists.
    ///
    /// # Errors
    /// As for [`load_verify_locations`](Self::load_verify_locations).
    pub async fn load_crls<'a>(&self, lists: impl Into<PemSource<'a>>) -> Result<()> {
        Ok(self.0.load_crls(lists.into().to_wit()).await?)
    }

    /// The certificate, with its chain, that proves this client to servers that ask, and its key; none if that is in the
    /// same source.
    ///
    /// # Errors
    /// As for [`load_cert_chain`](crate::TlsContext::load_cert_chain).
    pub async fn load_cert_chain<'a>(
        &self,
        chain: impl Into<PemSource<'a>>,
        key: Option<PemSource<'a>>,
    ) -> Result<()> {
        let key = key.map(PemSource::to_wit);
        Ok(self.0.load_cert_chain(chain.into().to_wit(), key).await?)
    }

    /// Accepts only chains that have this key, or another one that was added: the SHA-256 of a certificate's
    /// `SubjectPublicKeyInfo`.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value): not 32 bytes.
    pub fn add_pin(&self, sha256: &[u8]) -> Result<()> {
        Ok(self.0.add_pin(sha256)?)
    }

    /// Whether the certificate must be for the server's name or address. Default: it must.
    pub fn set_check_hostname(&self, check: bool) {
        self.0.set_check_hostname(check);
    }

    /// Whether certificates are verified. Default: they are.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value): `CertNone` while names are checked.
    pub fn set_verify_mode(&self, mode: VerifyMode) -> Result<()> {
        Ok(self.0.set_verify_mode(mode)?)
    }

    /// The oldest version of TLS that is offered. Default: 1.2.
    pub fn set_minimum_version(&self, version: TlsVersion) {
        self.0.set_minimum_version(version);
    }
}

impl fmt::Debug for TlsContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsContext").finish_non_exhaustive()
    }
}

//! Whom to trust, and which certificate to present.

use std::fmt;
use std::path::Path;

use crate::bindings::client as wit;
use crate::error::Result;

pub use wit::{TlsSession, TlsVersion, VerifyMode};

/// Certificates, keys or revocation lists: PEM, or DER where there is one of them.
#[derive(Clone, Copy, Debug)]
pub enum PemSource<'a> {
    /// The contents themselves.
    Bytes(&'a [u8]),
    /// The path of a file, in a directory that the host gave the client.
    Path(&'a str),
}

impl PemSource<'_> {
    pub(crate) fn to_wit(self) -> wit::PemSource {
        match self {
            Self::Bytes(bytes) => wit::PemSource::Bytes(bytes.to_owned()),
            Self::Path(path) => wit::PemSource::Path(path.to_owned()),
        }
    }
}

impl<'a> From<&'a [u8]> for PemSource<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self::Bytes(bytes)
    }
}

impl<'a> From<&'a Vec<u8>> for PemSource<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// Paths are text on WASI.
impl<'a> From<&'a Path> for PemSource<'a> {
    fn from(path: &'a Path) -> Self {
        Self::Path(path.to_str().unwrap_or_default())
    }
}

/// `ssl.SSLContext`: whom to trust, and which certificate to present.
///
/// Connections that share a context resume each other's TLS sessions. A change to the context affects only the
/// connections that are made with it afterwards.
///
/// ```no_run
/// use httplib::{Connection, PemSource, TlsContext};
///
/// # fn main() -> httplib::Result<()> {
/// let context = TlsContext::create_default()?;
/// context.load_verify_locations(PemSource::Path("/certificates/ca.pem"))?;
/// let connection = Connection::builder().tls(&context).https("intranet.example")?;
/// # Ok(())
/// # }
/// ```
pub struct TlsContext(pub(crate) wit::TlsContext);

impl TlsContext {
    /// Certificates are verified, names are checked, and nobody is trusted until something is loaded.
    #[must_use]
    pub fn create_bare() -> Self {
        Self(wit::TlsContext::create_bare())
    }

    /// The same with [`load_default_certs`](Self::load_default_certs).
    ///
    /// # Errors
    /// As there.
    pub fn create_default() -> Result<Self> {
        Ok(Self(wit::TlsContext::create_default()?))
    }

    /// Any certificate for any name is accepted: anyone who sits between the two ends can then read and change
    /// everything. To trust only what is loaded, begin with [`create_bare`](Self::create_bare).
    #[must_use]
    pub fn create_unverified() -> Self {
        Self(wit::TlsContext::create_unverified())
    }

    /// Also trusts the authorities that the environment's `SSL_CERT_FILE` and `SSL_CERT_DIR` name, if the host gives
    /// them; otherwise Mozilla's, which the client contains.
    ///
    /// # Errors
    /// [`TlsError::Configuration`](crate::TlsError::Configuration): the files have no certificate, or broken PEM.
    pub fn load_default_certs(&self) -> Result<()> {
        Ok(self.0.load_default_certs()?)
    }

    /// Also trusts these certificate authorities. The path may be that of a directory.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File): it can't be read.
    /// [`TlsError::Configuration`](crate::TlsError::Configuration): there is no certificate in it, or a malformed one.
    pub fn load_verify_locations<'a>(&self, authorities: impl Into<PemSource<'a>>) -> Result<()> {
        let authorities = authorities.into().to_wit();
        Ok(self.0.load_verify_locations(&authorities)?)
    }

    /// Refuses the certificates on these revocation lists, anywhere in a chain.
    ///
    /// # Errors
    /// As for [`load_verify_locations`](Self::load_verify_locations).
    pub fn load_crls<'a>(&self, lists: impl Into<PemSource<'a>>) -> Result<()> {
        Ok(self.0.load_crls(&lists.into().to_wit())?)
    }

    /// The certificate, with its chain, that proves this client to servers that ask, and its key.
    ///
    /// # Errors
    /// As for [`load_verify_locations`](Self::load_verify_locations); `Configuration` also for an encrypted key, or one
    /// that does not belong to the certificate.
    pub fn load_cert_chain<'a, 'b>(
        &self,
        chain: impl Into<PemSource<'a>>,
        key: impl Into<PemSource<'b>>,
    ) -> Result<()> {
        let (chain, key) = (chain.into().to_wit(), key.into().to_wit());
        Ok(self.0.load_cert_chain(&chain, Some(&key))?)
    }

    /// The same of a source that has both.
    ///
    /// # Errors
    /// As for [`load_cert_chain`](Self::load_cert_chain).
    pub fn load_identity<'a>(&self, chain_and_key: impl Into<PemSource<'a>>) -> Result<()> {
        let both = chain_and_key.into().to_wit();
        Ok(self.0.load_cert_chain(&both, None)?)
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

    /// Which cipher suites are offered, the most wanted first, by IANA's names. Default: all that there are.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value): no name, or one of a suite that is not there.
    pub fn set_cipher_suites(&self, names: &[&str]) -> Result<()> {
        Ok(self.0.set_cipher_suites(&owned(names))?)
    }

    /// The protocols that are offered by ALPN. Default: `http/1.1`.
    ///
    /// # Errors
    /// [`Error::Value`](crate::Error::Value): a name that is empty or too long.
    pub fn set_alpn_protocols(&self, protocols: &[&str]) -> Result<()> {
        Ok(self.0.set_alpn_protocols(&owned(protocols))?)
    }

    /// Appends each connection's secrets to this file, in the format of NSS. None: no log, the default.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File): it can't be opened for writing.
    pub fn set_key_log(&self, path: Option<&str>) -> Result<()> {
        Ok(self.0.set_key_log(path)?)
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

impl fmt::Debug for TlsContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsContext").finish_non_exhaustive()
    }
}

//! `tls-context`, up to the first connection: what it takes, and whether it can be used.

use crate::calls::{ContextCall, Origin, Outcome, Pem, Verify, Version};
use crate::fault::Fault;
use crate::files;
use crate::model::Interface;

/// The suites of the component, and whether each is for TLS 1.3.
pub const SUITES: &[(&str, bool)] = &[
    ("TLS13_CHACHA20_POLY1305_SHA256", false),
    ("TLS_CHACHA20_POLY1305_SHA256", true),
    ("TLS_AES_128_GCM_SHA256", true),
    ("TLS_AES_256_GCM_SHA384", true),
    ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false),
    ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", false),
];

/// What is known of a context.
#[derive(Clone, Debug)]
pub struct Context {
    verify: Verify,
    checks_hostname: bool,
    trusts_anything: bool,
    minimum: Version,
    /// Whether there are suites for TLS 1.2 and for TLS 1.3.
    suites: (bool, bool),
}

impl Context {
    pub fn new(origin: Origin) -> Self {
        let is_verified = origin != Origin::Unverified;
        Self {
            verify: if is_verified {
                Verify::Required
            } else {
                Verify::None
            },
            checks_hostname: is_verified,
            trusts_anything: origin == Origin::Default,
            minimum: Version::Tls12,
            suites: (true, true),
        }
    }

    /// Whether a connection can be made with it.
    pub fn is_usable(&self) -> bool {
        let has_version = self.suites.1 || (self.suites.0 && self.minimum == Version::Tls12);
        has_version && (self.trusts_anything || self.verify == Verify::None)
    }

    pub(super) fn expected(&mut self, interface: Interface, call: &ContextCall) -> Outcome {
        match call {
            ContextCall::SetCheckHostname(check) => {
                self.checks_hostname = *check;
                if *check && self.verify == Verify::None {
                    self.verify = Verify::Required;
                }
                Ok(())
            }
            ContextCall::SetVerifyMode(Verify::None) if self.checks_hostname => Err(Fault::Value),
            ContextCall::SetVerifyMode(mode) => {
                self.verify = *mode;
                Ok(())
            }
            ContextCall::SetMinimumVersion(version) => {
                self.minimum = *version;
                Ok(())
            }
            ContextCall::SetCipherSuites(names) => self.set_suites(names),
            ContextCall::SetAlpnProtocols(names) => {
                let is_wrong = |name: &String| name.is_empty() || name.len() > 255;
                let size: usize = names.iter().map(|name| name.len() + 1).sum();
                match names.iter().any(is_wrong) || size > 16 << 10 {
                    true => Err(Fault::Value),
                    false => Ok(()),
                }
            }
            ContextCall::LoadDefaultCerts => {
                self.trusts_anything = true;
                Ok(())
            }
            ContextCall::LoadVerifyLocations(pem) => {
                let loaded = of(pem, files::has_certificate);
                self.trusts_anything |= loaded.is_ok();
                loaded
            }
            ContextCall::LoadCrls(pem) => of(pem, files::has_crl),
            ContextCall::AddPin(pin) if pin.len() != 32 => Err(Fault::Value),
            ContextCall::AddPin(_) => Ok(()),
            ContextCall::LoadCertChain(chain, key) => identity(chain, key.as_ref()),
            ContextCall::SetKeyLog(Some(path)) if !files::is_in_folder(path) => {
                Err(Fault::File(match interface {
                    Interface::Wasi02 => "no-entry",
                    // The folder may only be read.
                    Interface::Wasi03 => "access",
                }))
            }
            ContextCall::SetKeyLog(_) => Ok(()),
        }
        .into()
    }

    fn set_suites(&mut self, names: &[String]) -> Result<(), Fault> {
        let known = |name: &String| SUITES[1..].iter().find(|(known, _)| known == name);
        let chosen: Option<Vec<_>> = names.iter().map(known).collect();
        let chosen = chosen.filter(|it| !it.is_empty()).ok_or(Fault::Value)?;
        self.suites = (
            chosen.iter().any(|(_, is_new)| !is_new),
            chosen.iter().any(|(_, is_new)| *is_new),
        );
        Ok(())
    }
}

/// Whether it can be read, and has what is asked for.
fn of(pem: &Pem, has: fn(&str) -> bool) -> Result<(), Fault> {
    match pem {
        Pem::BytesOf(name) | Pem::PathOf(name) if has(name) => Ok(()),
        Pem::BytesOf(_) | Pem::PathOf(_) | Pem::Bytes(_) => Err(Fault::TlsConfiguration),
        Pem::Path(_) => Err(Fault::File("no-entry")),
    }
}

fn identity(chain: &Pem, key: Option<&Pem>) -> Result<(), Fault> {
    let name = |pem: &Pem| match pem {
        Pem::BytesOf(name) | Pem::PathOf(name) => Ok(*name),
        Pem::Bytes(_) => Ok(""),
        Pem::Path(_) => Err(Fault::File("no-entry")),
    };
    let (chain, key) = (name(chain)?, key.map(name).transpose()?);
    match files::belong_together(chain, key) {
        true => Ok(()),
        false => Err(Fault::TlsConfiguration),
    }
}

//! What a hello offers: versions, and cipher suites in order of preference.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use rustls::version::{TLS12, TLS13};
use rustls::{SupportedCipherSuite, SupportedProtocolVersion};

use super::pem::configuration;
use super::provider::{SUITES, provider};
use super::session::suite_name;
use super::version::TlsVersion;
use crate::transport::TlsError;

/// The oldest version, and the suites.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The oldest version.
    pub minimum_version: TlsVersion,
    /// The suites that the caller chose; none: all that there are.
    suites: Option<Vec<SupportedCipherSuite>>,
}

impl Default for Offer {
    fn default() -> Self {
        Self {
            minimum_version: TlsVersion::Tls12,
            suites: None,
        }
    }
}

impl Offer {
    /// The most wanted first, by their names in IANA's registry; or why not.
    pub fn set_suites(&mut self, names: &[String]) -> Result<(), String> {
        if names.is_empty() {
            return Err("No cipher can be selected.".to_owned());
        }
        let all = provider().cipher_suites;
        let known = |name: &String| {
            let suite = all.iter().find(|it| suite_name(it.suite()) == *name);
            let text = || format!("'{name}' is not a cipher suite that is known here");
            suite.copied().ok_or_else(text)
        };
        let mut suites = Vec::new();
        for name in names {
            let suite = known(name)?;
            if !suites.contains(&suite) {
                suites.push(suite);
            }
        }
        self.suites = Some(suites);
        Ok(())
    }

    /// The suites, the most wanted first.
    pub fn suites(&self) -> Vec<SupportedCipherSuite> {
        let all = || provider().cipher_suites;
        self.suites.clone().unwrap_or_else(all)
    }

    /// The versions from the oldest on, without those that no suite is for.
    pub fn versions(&self) -> Result<Vec<&'static SupportedProtocolVersion>, TlsError> {
        let versions: &[&SupportedProtocolVersion] = match self.minimum_version {
            TlsVersion::Tls12 => &[&TLS12, &TLS13],
            TlsVersion::Tls13 => &[&TLS13],
        };
        let suites = self.suites();
        let has_suite = |version: &&&SupportedProtocolVersion| {
            suites.iter().any(|it| it.version() == **version)
        };
        let versions: Vec<_> = versions.iter().filter(has_suite).copied().collect();
        match versions[..] {
            [] => Err(configuration("no cipher suite of TLS 1.3 is offered")),
            _ => Ok(versions),
        }
    }

    /// All of it, in words.
    pub fn words(&self) -> String {
        let versions = match self.versions().unwrap_or_default()[..] {
            [one] if *one == TLS12 => "TLS 1.2",
            [_] => "TLS 1.3",
            _ => "TLS 1.2 and 1.3",
        };
        let suites = match &self.suites {
            None => SUITES.to_owned(),
            Some(suites) => {
                let names: Vec<_> = suites.iter().map(|it| suite_name(it.suite())).collect();
                names.join(", ")
            }
        };
        format!("{versions} with {suites}")
    }
}

//! What the environment says of whom to trust.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::client::{Environment, Error, PemSource};
use crate::transport::tls::{Context, TimeProvider};
use crate::transport::{Contents, FileErrorCode, TlsError};

/// Nobody here looks at the time.
#[derive(Debug)]
struct NoClock;

impl TimeProvider for NoClock {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        None
    }
}

/// A host with these variables and files; a path that ends with a slash is a directory's.
struct Host {
    variables: BTreeMap<&'static str, &'static str>,
    files: BTreeMap<&'static str, Vec<u8>>,
}

impl Host {
    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).map(ToString::to_string)
    }

    fn read(&self, path: &str) -> Result<Contents, FileErrorCode> {
        if let Some(bytes) = self.files.get(path) {
            return Ok(Contents::File(bytes.clone()));
        }
        let directory = format!("{}/", path.trim_end_matches('/'));
        let files: Vec<_> = self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with(&directory))
            .map(|(path, bytes)| (path.to_string(), bytes.clone()))
            .collect();
        match files.is_empty() {
            true => Err(FileErrorCode::NoEntry),
            false => Ok(Contents::Directory(files)),
        }
    }

    /// What `call` makes of this host.
    fn with<T>(&self, call: impl FnOnce(Environment<'_>, &mut Context) -> T) -> T {
        let variable = |name: &str| self.variable(name);
        let read = |path: &str| self.read(path);
        let environment = Environment {
            variable: &variable,
            read: &read,
        };
        call(environment, &mut Context::create_bare(Arc::new(NoClock)))
    }
}

fn authority() -> Vec<u8> {
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::new(Vec::new())
        .expect("no names")
        .self_signed(&key)
        .expect("a certificate");
    certificate.pem().into_bytes()
}

fn host(variables: &[(&'static str, &'static str)]) -> Host {
    Host {
        variables: variables.iter().copied().collect(),
        files: [
            ("a/one.pem", authority()),
            ("a/two.pem", authority()),
            ("b/three.pem", authority()),
            ("four.pem", authority()),
            ("broken.pem", b"-----BEGIN CERTIFICATE-----\nno".to_vec()),
            ("nothing.txt", b"nothing".to_vec()),
        ]
        .into(),
    }
}

/// How many authorities are trusted after `load_default_certs`.
fn trusted(variables: &[(&'static str, &'static str)]) -> Result<usize, Error> {
    host(variables).with(|environment, context| {
        environment.load_default_certs(context)?;
        Ok(context.authorities())
    })
}

#[test]
fn the_environment_s_authorities_stand_in_for_mozilla_s() {
    let mozilla = trusted(&[]).expect("the bundled ones");
    assert!(mozilla > 100);
    for (file, directories, count) in [
        ("four.pem", "", 1),
        ("", "a", 2),
        ("", "a:b", 3),
        ("", ":a/::b:", 3),
        ("four.pem", "missing:b", 2),
        ("four.pem", "four.pem", 1),
        ("missing.pem", "", mozilla),
        ("a", "", mozilla),
        ("", "missing:four.pem", mozilla),
    ] {
        let variables = [("SSL_CERT_FILE", file), ("SSL_CERT_DIR", directories)];
        assert_eq!(trusted(&variables), Ok(count), "{variables:?}");
    }
}

#[test]
fn files_of_the_environment_without_a_certificate_are_told() {
    for file in ["nothing.txt", "broken.pem"] {
        let error = trusted(&[("SSL_CERT_FILE", file)]);
        let told = matches!(&error, Err(Error::Tls(TlsError::Configuration(text)))
            if text.contains(file));
        assert!(told, "{error:?}");
    }
}

#[test]
fn a_path_that_can_not_be_read_is_told_with_its_error() {
    let path = |path: &str| PemSource::Path(path.into());
    let error = |path: &str, code| {
        let path = Some(path.into());
        Err(Error::File { path, code })
    };
    host(&[]).with(|it, context| {
        let missing = error("missing", FileErrorCode::NoEntry);
        assert_eq!(it.load_verify_locations(context, path("missing")), missing);
        assert_eq!(it.load_crls(context, path("missing")), missing);
        let directory = error("a", FileErrorCode::IsDirectory);
        assert_eq!(it.load_crls(context, path("a")), directory);
        assert_eq!(it.load_cert_chain(context, path("a"), None), directory);
        assert_eq!(it.load_verify_locations(context, path("a/")), Ok(()));
        assert_eq!(context.authorities(), 2);
    });
}

#[test]
fn a_key_without_its_certificate_is_refused() {
    host(&[]).with(|it, context| {
        let config = it.config(context, Some("four.pem".into()), None);
        let text = TlsError::Configuration("key-file without cert-file".into());
        assert_eq!(config.err(), Some(Error::Tls(text)));
    });
}

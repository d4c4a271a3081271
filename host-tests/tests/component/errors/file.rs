//! Files that can't be read: keys, certificates and bodies.

use harness::component::{Error, FileError, FileErrorCode, Guest, PemSource, Result, TlsOptions};
use harness::peer::Step;
use harness::tls::Authority;
use hyper::body::Bytes;
use tempfile::TempDir;
use wasmtime_wasi::p2::{InputStream, Pollable, StreamError, StreamResult};

use crate::support::{assert_recovers, failure, once};

fn file(path: &str, code: FileErrorCode) -> Error {
    Error::File(FileError {
        path: Some(path.to_owned()),
        code,
    })
}

/// An instance with a folder, `/tls`, that has a directory and a client's key and certificate.
fn guest() -> (Guest, TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let client = Authority::new().request(&["client"]).for_client().issue();
    let write = |name, text: String| std::fs::write(folder.path().join(name), text);
    write("key.pem", client.key_pem()).expect("a fresh folder");
    write("cert.pem", client.chain_pem()).expect("a fresh folder");
    std::fs::create_dir(folder.path().join("directory")).expect("a fresh folder");
    (Guest::builder().preopen(&folder, "/tls").build(), folder)
}

/// What `https` says of these files. The instance works.
fn refused(guest: &Guest, key_file: &str, cert_file: &str) -> Error {
    let tls = TlsOptions {
        key_file: Some(key_file),
        cert_file: Some(cert_file),
        ..TlsOptions::default()
    };
    let error = failure(guest.https("127.0.0.1", None, None, Some(tls)));
    guest.assert_works();
    error
}

#[test]
fn says_no_entry_for_a_missing_key_file() {
    let (guest, _folder) = guest();
    let error = refused(&guest, "/tls/missing.pem", "/tls/cert.pem");
    assert_eq!(error, file("/tls/missing.pem", FileErrorCode::NoEntry));
}

#[test]
fn says_no_entry_for_a_missing_cert_file() {
    let (guest, _folder) = guest();
    let error = refused(&guest, "/tls/key.pem", "/tls/missing.pem");
    assert_eq!(error, file("/tls/missing.pem", FileErrorCode::NoEntry));
}

#[test]
fn says_is_directory_for_a_key_file_that_is_one() {
    let (guest, _folder) = guest();
    let error = refused(&guest, "/tls/directory", "/tls/cert.pem");
    assert_eq!(error, file("/tls/directory", FileErrorCode::IsDirectory));
}

#[test]
fn says_no_entry_where_the_host_gave_no_directory_at_all() {
    let error = refused(&Guest::new(), "/tls/key.pem", "/tls/cert.pem");
    assert_eq!(error, file("/tls/cert.pem", FileErrorCode::NoEntry));
}

#[test]
fn says_no_entry_for_missing_authorities() -> Result<()> {
    let (guest, _folder) = guest();
    let context = guest.create_default_context()?;
    for (path, code) in [
        ("/tls/missing.pem", FileErrorCode::NoEntry),
        ("/elsewhere/ca.pem", FileErrorCode::NoEntry),
    ] {
        let error = failure(context.load_verify_locations(&PemSource::Path(path.into())));
        assert_eq!(error, file(path, code));
    }
    guest.assert_works();
    Ok(())
}

#[test]
fn says_no_entry_for_a_missing_certificate_chain() -> Result<()> {
    let (guest, _folder) = guest();
    let context = guest.create_default_context()?;
    let missing = PemSource::Path("/tls/missing.pem".into());
    let error = failure(context.load_cert_chain(&missing, None));
    assert_eq!(error, file("/tls/missing.pem", FileErrorCode::NoEntry));
    guest.assert_works();
    Ok(())
}

/// A stream that breaks at its first byte.
struct Broken;

#[wasmtime_wasi::async_trait]
impl Pollable for Broken {
    async fn ready(&mut self) {}
}

impl InputStream for Broken {
    fn read(&mut self, _: usize) -> StreamResult<Bytes> {
        let reason = wasmtime::Error::msg("the tape is torn");
        Err(StreamError::LastOperationFailed(reason))
    }
}

#[test]
fn says_why_a_body_could_not_be_read_to_its_end() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitEnd]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.connect()?;
    let body = guest.stream_of(Broken);
    let error = failure(connection.request("PUT", "/", Some(body), &[]));
    let Error::File(FileError {
        path: None,
        code: FileErrorCode::Other(text),
    }) = error
    else {
        panic!("{error:?}")
    };
    assert!(text.contains("the tape is torn"), "{text}");
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

//! New keys of TLS 1.3 without end, from a server that asks for none in return: rustls always does.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use harness::component::{Error, Guest, TlsError, TlsOptions};
use harness::real::Real;
use harness::tls::Authority;
use harness::venv;

use crate::support::{MEMORY, assert_says, failure};

/// tlslite-ng, which sends new keys so often with a byte of the body behind each.
fn serving(authority: &Authority, each: usize, bytes: usize) -> Real {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let python = PYTHON.get_or_init(|| {
        let requirements = Path::new(env!("CARGO_MANIFEST_DIR")).join("tlslite/requirements.txt");
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tlslite");
        venv::python_with(&requirements, &folder)
    });
    let configure = "from tlslite.constants import KeyUpdateMessageType
settings.minVersion = (3, 4)";
    let answer = format!(
        r"connection.write(b'HTTP/1.1 200 OK\r\nContent-Length: {bytes}\r\n\r\n')
kind = KeyUpdateMessageType.update_not_requested
for _ in range({bytes}):
    for _ in range({each}):
        for _ in connection.send_keyupdate_request(kind):
            pass
    connection.write(b'x')"
    );
    let identity = authority.issue(&["127.0.0.1"]);
    Real::tlslite(python, &identity, configure, &answer)
}

/// What reading the body says.
fn body(each: usize, bytes: usize) -> Result<Vec<u8>, Error> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = serving(&authority, each, bytes);
    let context = guest.context_trusting(&authority.pem())?;
    let tls = Some(TlsOptions::with(&context));
    let connection = guest.https("127.0.0.1", server.port(), None, tls)?;
    let body = connection.fetch("GET", "/")?.read(None);
    assert!(guest.memory() <= MEMORY);
    guest.assert_works();
    body
}

#[test]
fn takes_new_keys_before_each_byte() {
    assert_eq!(body(32, 100), Ok(vec![b'x'; 100]));
}

#[test]
fn refuses_new_keys_without_end() {
    let Error::Tls(error) = failure(body(1000, 1)) else {
        panic!("not TLS's error")
    };
    let too_many = "too many records in a row without data";
    assert_says!(error, TlsError::Protocol, too_many);
}

//! `fetch HOST PORT CA`: fetches `/` over HTTPS, trusting the certificate authorities in the PEM file
//! `CA` as well, and prints the status and the body.
//!
//! It ends with 1 and a line on standard error when that failed.

use std::env;
use std::process::ExitCode;
use std::time::Duration;

use httplib::{Connection, Error, PemSource, TlsContext, TlsError};

/// How long each step of a request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port, ca] = arguments.as_slice() else {
        eprintln!("usage: fetch HOST PORT CA");
        return ExitCode::FAILURE;
    };
    match fetch_page(&format!("{host}:{port}"), ca) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Tls(TlsError::HostnameMismatch(text))) => {
            eprintln!("hostname-mismatch: {text}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn fetch_page(server: &str, ca: &str) -> httplib::Result<()> {
    let context = TlsContext::create_default()?;
    context.load_verify_locations(PemSource::Path(ca))?;
    let connection = Connection::builder()
        .timeout(TIMEOUT)
        .tls(&context)
        .https(server)?;
    let mut response = connection.get("/").send()?;
    println!("{} {}", response.status(), response.reason());
    print!("{}", response.text()?);
    Ok(())
}

//! `fetch HOST PORT CA`: fetches `/` over HTTPS, trusting the certificate authorities in the PEM file
//! `CA` as well, and prints the status and the body.
//!
//! It ends with 1 and a line on standard error when that failed.

use std::env;
use std::process::ExitCode;

use bindings::httplib::http::client::{
    ConnectionOptions, Error, HttpConnection, PemSource, TlsContext, TlsError, TlsOptions, describe,
};

mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "
            package example:fetch;

            world fetch {
                import httplib:http/client@0.2.0;
            }
        ",
        generate_all,
    });
}

/// Nanoseconds that each step of a request may take.
const TIMEOUT: u64 = 10_000_000_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [host, port, ca] = arguments.as_slice() else {
        eprintln!("usage: fetch HOST PORT CA");
        return ExitCode::FAILURE;
    };
    let Ok(port) = port.parse() else {
        eprintln!("{port} is no port");
        return ExitCode::FAILURE;
    };
    match fetch_page(host, port, ca) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Error::Tls(TlsError::HostnameMismatch(text))) => {
            eprintln!("hostname-mismatch: {text}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{}", describe(&error));
            ExitCode::FAILURE
        }
    }
}

fn fetch_page(host: &str, port: u16, ca: &str) -> Result<(), Error> {
    let context = TlsContext::create_default()?;
    context.load_verify_locations(&PemSource::Path(ca.to_owned()))?;
    let options = ConnectionOptions {
        strict: None,
        timeout: Some(TIMEOUT),
        source_address: None,
        blocksize: None,
        max_response_headers: None,
    };
    let tls = TlsOptions {
        context: Some(&context),
        key_file: None,
        cert_file: None,
    };
    let connection = HttpConnection::https(host, Some(port), Some(&options), Some(&tls))?;
    connection.request("GET", "/", None, &[])?;
    let response = connection.get_response()?;
    println!("{} {}", response.status(), response.reason());
    let body = response.read(None)?;
    print!("{}", String::from_utf8_lossy(&body));
    Ok(())
}

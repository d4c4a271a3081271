//! # Errors
//!
//! Errors are a variant of families and cases, as `httplib` has classes: match as widely or as narrowly
//! as you like. As text, an error is one line for people.

use httplib::{Error, HttpException, SocketError, SocketErrorCode, TlsError};

use crate::Outcome;

/// Fetches this URL, and says what to do where that fails.
pub fn explain(url: &str) -> Outcome {
    let response = httplib::get(url).send();
    let fetched = response.and_then(|mut response| response.body());
    let Err(error) = fetched else {
        println!("nothing went wrong");
        return Ok(());
    };
    let advice = match &error {
        Error::Value(_) | Error::Http(HttpException::InvalidUrl(_)) => "correct the request",
        Error::Http(HttpException::IncompleteRead(_)) => "ask for the rest with a Range",
        Error::Http(_) => "the server broke the rules of HTTP", // the rest of the family
        Error::Socket(SocketError {
            code: SocketErrorCode::ConnectionRefused,
            ..
        }) => "start the server",
        Error::Socket(_) | Error::TimedOut(_) => "try again later",
        Error::Tls(TlsError::CertificateExpired(_)) => "renew the certificate",
        Error::Tls(_) => "do not trust the server",
        _ => "ask somebody",
    };
    println!("{error}: {advice}"); // the error is one line for people, in Python's words
    Ok(())
}

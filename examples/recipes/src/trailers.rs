//! # Trailers and interim responses
//!
//! Trailers are headers after a body that is sent in chunks; interim responses, such as `103 Early
//! Hints`, are what a server says before its answer.

use crate::bindings::httplib::http::client::{Body, Error, HttpConnection};
use crate::bindings::wasi::cli::stdin::get_stdin;
use crate::fields;

/// Sends standard input with a trailer, and prints what came before and after the answer's body.
pub fn exchange_trailers(server: &str, path: &str) -> Result<(), Error> {
    let connection = HttpConnection::http(server, None, None)?;
    connection.set_trailers(&fields(&[("X-Source", "standard input")]))?; // after the next body
    let body = Body::Stream(&get_stdin()); // in chunks: other bodies have no place for trailers
    let announced = fields(&[("Trailer", "X-Source")]);
    connection.request("PUT", path, Some(body), &announced)?;
    let response = connection.get_response()?;
    for interim in response.interim_responses() {
        println!("{} {}", interim.status, interim.reason); // such as 103 Early Hints
        for (name, value) in interim.headers {
            println!("  {name}: {value}");
        }
    }
    println!("{} {}", response.status(), response.reason());
    let body = response.read(None)?;
    println!("{}", String::from_utf8_lossy(&body));
    // They are known once the body is read to its end.
    for (name, value) in response.trailers().unwrap_or_default() {
        println!("  {name}: {value}");
    }
    Ok(())
}

//! # Trailers and interim responses
//!
//! Trailers are headers after a body that is sent in chunks; interim responses, such as `103 Early
//! Hints`, are what a server says before its answer.

use httplib::{Body, Connection, wasi};

use crate::Outcome;

/// Sends standard input with a trailer, and prints what came before and after the answer's body.
pub fn exchange_trailers(server: &str, path: &str) -> Outcome {
    let connection = Connection::http(server)?;
    let input = wasi::stdin();
    let mut response = connection
        .put(path)
        .header("Trailer", "X-Source")
        .body(Body::input_stream(&input)) // in chunks: other bodies have no place for trailers
        .trailer("X-Source", "standard input")
        .send()?;
    for interim in response.interim_responses() {
        println!("{} {}", interim.status, interim.reason); // such as 103 Early Hints
        for (name, value) in interim.headers {
            println!("  {name}: {value}");
        }
    }
    println!("{} {}", response.status(), response.reason());
    println!("{}", response.text()?);
    // They are known once the body is read to its end.
    for (name, value) in response.trailers().unwrap_or_default() {
        println!("  {name}: {value}");
    }
    Ok(())
}

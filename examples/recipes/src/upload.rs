//! # Uploads
//!
//! A file or a stream is read while it is sent, so its size costs no memory; `Body::reader` takes
//! anything that can be read. With `Expect: 100-continue` the body waits until the server wants it, but not forever.

use std::io;
use std::time::Duration;

use httplib::{Body, Connection};

use crate::Outcome;

/// Sends a file if the server wants it.
pub fn upload_file(server: &str, path: &str, file: &str) -> Outcome {
    let connection = Connection::http(server)?;
    connection.set_continue_timeout(Duration::from_secs(2)); // then the file follows unasked
    let mut response = connection
        .put(path)
        .header("Expect", "100-continue") // the file waits for the server's word
        .body(Body::file(file)?) // its size becomes the Content-Length
        .send()?;
    // A refusal is the response, whenever it comes: the rest of the file is not sent.
    match response.status() {
        413 => println!("the file is too large for {server}"),
        _ => println!("{}", response.text()?),
    }
    Ok(())
}

/// Sends standard input up to its end.
pub fn upload_stream(server: &str, path: &str) -> Outcome {
    let connection = Connection::http(server)?;
    // Any reader will do. Its length is unknown, so it goes in chunks.
    let body = Body::reader(io::stdin().lock());
    let mut response = connection.put(path).body(body).send()?;
    println!("{}", response.text()?);
    Ok(())
}

//! # Uploads
//!
//! A file or a stream is read while it is sent, so its size costs no memory; `Body::Stream` takes any
//! input stream. With `Expect: 100-continue` the body waits until the server wants it, but not forever.

use crate::SECOND;
use crate::bindings::httplib::http::client::{Body, Error, HttpConnection};
use crate::bindings::wasi::cli::stdin::get_stdin;
use crate::fields;
use crate::files::open;

/// Sends a file if the server wants it.
pub fn upload_file(server: &str, path: &str, file: &str) -> Result<(), Error> {
    let connection = HttpConnection::http(server, None, None)?;
    connection.set_continue_timeout(2 * SECOND); // then the file follows unasked
    let file = Body::File(&open(file)?); // its size becomes the Content-Length
    let expect = fields(&[("Expect", "100-continue")]); // the file waits for the server's word
    connection.request("PUT", path, Some(file), &expect)?;
    // A refusal is the response, whenever it comes: the rest of the file is not sent.
    let response = connection.get_response()?;
    match response.status() {
        413 => println!("the file is too large for {server}"),
        _ => println!("{}", String::from_utf8_lossy(&response.read(None)?)),
    }
    Ok(())
}

/// Sends standard input up to its end.
pub fn upload_stream(server: &str, path: &str) -> Result<(), Error> {
    let connection = HttpConnection::http(server, None, None)?;
    let body = Body::Stream(&get_stdin()); // of unknown length, so it goes in chunks
    connection.request("PUT", path, Some(body), &[])?;
    let response = connection.get_response()?;
    println!("{}", String::from_utf8_lossy(&response.read(None)?));
    Ok(())
}

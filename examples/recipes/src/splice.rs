//! # Downloads
//!
//! For one request the function `request` is enough. `splice` copies a body into a file, standard
//! output or any other stream, and the body never passes through your program.

use crate::bindings::httplib::http::client::{Error, request};
use crate::bindings::wasi::cli::stdout::get_stdout;
use crate::bindings::wasi::io::streams::OutputStream;
use crate::files::create;

/// Copies what is at this URL into any output stream.
fn download(url: &str, output: &OutputStream) -> Result<(), Error> {
    // For one request no connection object is needed.
    let response = request("GET", url, None, &[], None, None)?;
    eprintln!("{} {}", response.status(), response.reason());
    // Piece by piece from the socket into the stream: this program never sees the body.
    let copied = response.splice(output, None)?;
    output.blocking_flush()?; // a stream of WASI may still be writing the last piece
    eprintln!("{copied} bytes");
    Ok(())
}

/// Copies what is at this URL to standard output.
pub fn print(url: &str) -> Result<(), Error> {
    download(url, &get_stdout())
}

/// Copies what is at this URL into a file.
pub fn save(url: &str, file: &str) -> Result<(), Error> {
    download(url, &create(file)?.write_via_stream(0)?)
}

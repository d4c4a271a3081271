//! # Downloads
//!
//! For one request the function `get` is enough. `splice` copies a body into a file, standard
//! output or any other stream, and the body never passes through your program.

use httplib::wasi::{self, OutputStream};

use crate::Outcome;

/// Copies what is at this URL into any output stream.
fn download(url: &str, output: &OutputStream) -> Outcome {
    // For one request no connection object is needed.
    let mut response = httplib::get(url).send()?;
    eprintln!("{} {}", response.status(), response.reason());
    // Piece by piece from the socket into the stream: this program never sees the body.
    let copied = response.splice(output)?;
    eprintln!("{copied} bytes");
    Ok(())
}

/// Copies what is at this URL to standard output.
pub fn print(url: &str) -> Outcome {
    download(url, &wasi::stdout())
}

/// Copies what is at this URL into a file.
pub fn save(url: &str, file: &str) -> Outcome {
    download(url, &wasi::create(file)?)
}

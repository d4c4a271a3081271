//! # WebSocket
//!
//! After `101 Switching Protocols` the connection is a raw stream in both directions, for any protocol.
//! `Wire`, in the same file, gives it the `Read` and `Write` that libraries want.

use std::io::{self, Read, Write};

use tungstenite::Message;
use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::{Role, WebSocket};

use crate::bindings::httplib::http::client::{Error, HttpConnection, UpgradedStream, describe};
use crate::fields;

/// Sends a message and prints the answer.
pub fn exchange(server: &str, path: &str, text: &str) -> Result<(), Error> {
    let connection = HttpConnection::http(server, None, None)?;
    let key = generate_key();
    let headers = fields(&[
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", &key),
    ]);
    connection.request("GET", path, None, &headers)?;
    let response = connection.get_response()?;
    let accept = response.get_header("Sec-WebSocket-Accept", None);
    if response.status() != 101 || accept != Some(derive_accept_key(key.as_bytes())) {
        return Err(Error::Other(format!("{server} speaks no WebSocket")));
    }
    let stream = Wire(response.upgrade()?); // from here on it is a raw stream, both ways
    let mut socket = WebSocket::from_raw_socket(stream, Role::Client, None);
    socket.send(Message::text(text))?;
    println!("{}", socket.read()?);
    socket.close(None)?;
    while socket.read().is_ok() {} // up to the server's goodbye
    Ok(())
}

/// The raw stream as Rust's libraries want it.
struct Wire(UpgradedStream);

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer.len() as u64).map_err(failed)?;
        buffer[..read.len()].copy_from_slice(&read);
        Ok(read.len())
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.0.write(bytes).map_err(failed)?;
        Ok(usize::try_from(written).expect("no more than was given"))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(failed)
    }
}

fn failed(error: Error) -> io::Error {
    io::Error::other(describe(&error))
}

impl From<tungstenite::Error> for Error {
    fn from(error: tungstenite::Error) -> Self {
        Self::Other(error.to_string())
    }
}

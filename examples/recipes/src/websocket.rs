//! # WebSocket
//!
//! After `101 Switching Protocols` the connection is a raw stream in both directions, for any protocol.
//! It has the `Read` and `Write` that libraries want: here the frames are tungstenite's.

use httplib::Connection;
use tungstenite::Message;
use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::{Role, WebSocket};

use crate::Outcome;

/// Sends a message and prints the answer.
pub fn exchange(server: &str, path: &str, text: &str) -> Outcome {
    let connection = Connection::http(server)?;
    let key = generate_key();
    let response = connection
        .get(path)
        .header("Connection", "Upgrade")
        .header("Upgrade", "websocket")
        .header("Sec-WebSocket-Version", "13")
        .header("Sec-WebSocket-Key", &key)
        .send()?;
    let accept = response.header("Sec-WebSocket-Accept");
    if response.status() != 101 || accept != Some(derive_accept_key(key.as_bytes())) {
        return Err(format!("{server} speaks no WebSocket").into());
    }
    let stream = response.upgrade()?; // from here on it is a raw stream, both ways
    let mut socket = WebSocket::from_raw_socket(stream, Role::Client, None);
    socket.send(Message::text(text))?;
    println!("{}", socket.read()?);
    socket.close(None)?;
    while socket.read().is_ok() {} // up to the server's goodbye
    Ok(())
}

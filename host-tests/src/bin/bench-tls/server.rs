//! A server that is no bottleneck: a thread for each connection, and bodies that are there already.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What is written at once: as much as rustls buffers.
static BLOCK: [u8; 64 * 1024] = [b'x'; 64 * 1024];

/// Starts a server that answers `GET /N` with N bytes, for as long as the process runs; its port.
pub fn start(config: Arc<ServerConfig>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener");
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let config = config.clone();
            // A client that has read enough simply goes.
            std::thread::spawn(move || serve(socket, config));
        }
    });
    address.port()
}

fn serve(socket: TcpStream, config: Arc<ServerConfig>) -> io::Result<()> {
    socket.set_nodelay(true)?;
    let connection = ServerConnection::new(config).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(connection, socket);
    while let Some(length) = read_request(&mut stream)? {
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n"
        )?;
        let mut left = length;
        while left > 0 {
            let amount = left.min(BLOCK.len());
            stream.write_all(&BLOCK[..amount])?;
            left -= amount;
        }
        stream.flush()?;
    }
    stream.conn.send_close_notify();
    stream.flush()
}

/// Reads a request's head; the length that it asks for, or none at the end.
fn read_request(stream: &mut impl Read) -> io::Result<Option<usize>> {
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => return Ok(None),
            count => head.extend_from_slice(&part[..count]),
        }
    }
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let path = head.split(' ').nth(1).unwrap_or_default();
    path[1..].parse().map(Some).map_err(io::Error::other)
}

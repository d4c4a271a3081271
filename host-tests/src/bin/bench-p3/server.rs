//! A server that is no bottleneck: a thread for each connection, and bodies that are there already.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

static BLOCK: [u8; 256 << 10] = [b'x'; 256 << 10];

/// Starts a server that answers `GET /N` with N bytes, for as long as the process runs; its port.
pub fn start() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener");
    std::thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            // A client that has read enough simply goes.
            std::thread::spawn(move || serve(socket));
        }
    });
    address.port()
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut head = Vec::new();
    let mut part = [0; 1024];
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read(&mut part)? {
            0 => return Ok(()),
            count => head.extend_from_slice(&part[..count]),
        }
    }
    let head = String::from_utf8(head).map_err(io::Error::other)?;
    let path = head.split(' ').nth(1).unwrap_or_default();
    let mut left: usize = path[1..].parse().map_err(io::Error::other)?;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {left}\r\n\r\n")?;
    while left > 0 {
        let amount = left.min(BLOCK.len());
        stream.write_all(&BLOCK[..amount])?;
        left -= amount;
    }
    Ok(())
}

//! A server that is no bottleneck, in this process: a thread for each connection.
//!
//! `GET /N` brings N bytes. What is posted is read 256 KiB at a time and thrown away; the answer says how much it was.

use std::io::{self, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What is written at once: as much as rustls buffers.
static BLOCK: [u8; 64 << 10] = [b'x'; 64 << 10];

/// What is received at once.
const RECEIVED: usize = 256 << 10;

/// Starts one that answers for as long as the process runs; its port. Without a configuration there is no TLS.
pub fn start(tls: Option<Arc<ServerConfig>>) -> u16 {
    start_after(tls, Duration::ZERO)
}

/// The same, which thinks for a while before each answer.
pub fn start_after(tls: Option<Arc<ServerConfig>>, pause: Duration) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a bound listener");
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            let tls = tls.clone();
            // A client that has read enough simply goes.
            thread::spawn(move || greet(socket, tls, pause));
        }
    });
    address.port()
}

fn greet(socket: TcpStream, tls: Option<Arc<ServerConfig>>, pause: Duration) -> io::Result<()> {
    socket.set_nodelay(true)?;
    match tls {
        None => serve(&mut Socket::new(socket)?, pause),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            let mut stream = StreamOwned::new(connection, Socket::new(socket)?);
            serve(&mut stream, pause)?;
            stream.conn.send_close_notify();
            stream.flush()
        }
    }
}

/// Receives ahead: rustls itself asks for 4 KiB at a time.
struct Socket {
    received: BufReader<TcpStream>,
    sent: TcpStream,
}

impl Socket {
    fn new(socket: TcpStream) -> io::Result<Self> {
        let sent = socket.try_clone()?;
        let received = BufReader::with_capacity(RECEIVED, socket);
        Ok(Self { received, sent })
    }
}

impl Read for Socket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.received.read(buffer)
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sent.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Serves a connection to its end.
fn serve(stream: &mut (impl Read + Write), pause: Duration) -> io::Result<()> {
    while let Some(request) = Request::read(stream)? {
        thread::sleep(pause);
        match request.posted {
            None => get(stream, &request.path)?,
            Some(length) => post(stream, length, request.early)?,
        }
        stream.flush()?;
    }
    Ok(())
}

fn get(stream: &mut impl Write, path: &str) -> io::Result<()> {
    let mut left: usize = path[1..].parse().map_err(io::Error::other)?;
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {left}\r\n\r\n")?;
    while left > 0 {
        let amount = left.min(BLOCK.len());
        stream.write_all(&BLOCK[..amount])?;
        left -= amount;
    }
    Ok(())
}

/// Receives a body, of which some came with the head.
fn post(stream: &mut (impl Read + Write), length: usize, early: usize) -> io::Result<()> {
    let mut block = vec![0; RECEIVED];
    let mut came = early;
    while came < length {
        match stream.read(&mut block)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => came += count,
        }
    }
    let body = came.to_string();
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
    )
}

/// A request's head.
struct Request {
    path: String,
    /// How long its body is, if it has one.
    posted: Option<usize>,
    /// How much of that came with the head.
    early: usize,
}

impl Request {
    /// The next one; none at the end.
    fn read(stream: &mut impl Read) -> io::Result<Option<Self>> {
        let mut came = Vec::new();
        let mut part = [0; 1024];
        let end = loop {
            match stream.read(&mut part)? {
                0 => return Ok(None),
                count => came.extend_from_slice(&part[..count]),
            }
            if let Some(end) = came.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let head = String::from_utf8_lossy(&came[..end]).to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map(|text| text.parse().map_err(io::Error::other));
        Ok(Some(Self {
            path: head.split(' ').nth(1).unwrap_or_default().to_owned(),
            posted: length.transpose()?,
            early: came.len() - end,
        }))
    }
}

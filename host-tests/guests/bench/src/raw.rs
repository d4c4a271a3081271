//! The limit: nothing but a socket. Of HTTP it knows where a head ends and how long a body is.

use std::fmt::Debug;
use std::time::Instant;

use crate::bindings::wasi::io::streams::{InputStream, OutputStream, StreamError};
use crate::bindings::wasi::sockets::instance_network::instance_network;
use crate::bindings::wasi::sockets::network::{
    IpAddressFamily, IpSocketAddress, Ipv4SocketAddress,
};
use crate::bindings::wasi::sockets::tcp::{ErrorCode, TcpSocket};
use crate::bindings::wasi::sockets::tcp_create_socket::create_tcp_socket;
use crate::{BLOCK, Measured, Outcome, Target};

const END_OF_HEAD: &[u8] = b"\r\n\r\n";

fn text(error: impl Debug) -> String {
    format!("{error:?}")
}

/// Dropped in this order, as WASI wants it.
struct Socket {
    input: InputStream,
    output: OutputStream,
    _socket: TcpSocket,
}

impl Socket {
    fn connect(target: &Target) -> Result<Self, String> {
        let network = instance_network();
        let socket = create_tcp_socket(IpAddressFamily::Ipv4).map_err(text)?;
        let address = IpSocketAddress::Ipv4(Ipv4SocketAddress {
            port: target.port,
            address: (127, 0, 0, 1),
        });
        socket.start_connect(&network, address).map_err(text)?;
        loop {
            match socket.finish_connect() {
                Ok((input, output)) => {
                    return Ok(Self {
                        input,
                        output,
                        _socket: socket,
                    });
                }
                Err(ErrorCode::WouldBlock) => socket.subscribe().block(),
                Err(code) => return Err(text(code)),
            }
        }
    }

    /// What is there, at least one byte of it; nothing at the end.
    fn read(&self) -> Result<Vec<u8>, String> {
        match self.input.blocking_read(BLOCK) {
            Ok(block) => Ok(block),
            Err(StreamError::Closed) => Ok(Vec::new()),
            Err(error) => Err(text(error)),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), String> {
        let mut left = bytes;
        while !left.is_empty() {
            let room = self.output.check_write().map_err(text)?;
            let room = usize::try_from(room).unwrap_or(usize::MAX).min(left.len());
            if room == 0 {
                self.output.subscribe().block();
                continue;
            }
            let (now, later) = left.split_at(room);
            self.output.write(now).map_err(text)?;
            left = later;
        }
        Ok(())
    }

    fn get(&self, target: &Target) -> Result<(), String> {
        let path = target.path;
        self.write(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").as_bytes())
    }

    /// A response: what of its body came with the head, and how much is left of it.
    fn head(&self) -> Result<(Vec<u8>, u64), String> {
        let mut came = Vec::new();
        loop {
            let block = self.read()?;
            if block.is_empty() {
                return Err("the head ends early".to_owned());
            }
            came.extend(block);
            let Some(end) = came.windows(4).position(|four| four == END_OF_HEAD) else {
                continue;
            };
            let head = String::from_utf8_lossy(&came[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: u64 = length.unwrap_or_default().parse().map_err(text)?;
            came.drain(..end + 4);
            let left = length - came.len() as u64;
            return Ok((came, left));
        }
    }

    /// A response: how long its body was.
    fn response(&self) -> Result<u64, String> {
        let (begin, mut left) = self.head()?;
        let mut came = begin.len() as u64;
        while left > 0 {
            let length = self.read()?.len() as u64;
            if length == 0 {
                return Err(format!("the body ends {left} bytes early"));
            }
            came += length;
            left -= length;
        }
        Ok(came)
    }
}

fn timed(work: impl FnOnce() -> Result<u64, String>) -> Outcome {
    let begin = Instant::now();
    let bytes = work()?;
    Ok(Measured::since(begin, bytes))
}

fn fetch(socket: &Socket, target: &Target) -> Result<u64, String> {
    socket.get(target)?;
    socket.response()
}

pub fn download(target: &Target) -> Outcome {
    timed(|| fetch(&Socket::connect(target)?, target))
}

pub fn upload(target: &Target, count: u64) -> Outcome {
    let block = vec![b'u'; BLOCK as usize];
    timed(|| {
        let socket = Socket::connect(target)?;
        let path = target.path;
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {count}\r\n\r\n");
        socket.write(head.as_bytes())?;
        let mut left = count;
        while left > 0 {
            let now = left.min(BLOCK);
            socket.write(&block[..now as usize])?;
            left -= now;
        }
        let (mut body, left) = socket.head()?;
        let whole = body.len() as u64 + left;
        while (body.len() as u64) < whole {
            body.extend(socket.read()?);
        }
        String::from_utf8_lossy(&body).parse().map_err(text)
    })
}

pub fn requests(target: &Target, count: u64) -> Outcome {
    let socket = Socket::connect(target)?;
    fetch(&socket, target)?;
    timed(|| (0..count).map(|_| fetch(&socket, target)).sum())
}

pub fn connections(target: &Target, count: u64) -> Outcome {
    let once = || fetch(&Socket::connect(target)?, target);
    once()?;
    timed(|| (0..count).map(|_| once()).sum())
}

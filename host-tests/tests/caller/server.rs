//! A server that answers what it is asked for by name, so that a model knows the answer.

use std::io::{BufRead, BufReader, Read, Result, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::replies::{REPLIES, Then};

/// Listens on loopback until the process ends; its port.
pub fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let port = listener.local_addr().expect("it is bound").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A peer may leave when it likes.
            thread::spawn(move || answer(&stream));
        }
    });
    port
}

/// A port where nobody listens: it is bound for as long as this lives.
pub fn nobody() -> (TcpListener, u16) {
    let taken = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
    let taken = taken.expect("there are sockets");
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    taken.bind(&any.into()).expect("loopback has a free port");
    let listener = TcpListener::from(taken);
    let port = listener.local_addr().expect("it is bound").port();
    (listener, port)
}

/// A message, as it came.
struct Message {
    method: String,
    target: String,
    bytes: Vec<u8>,
}

/// Answers until either side ends.
fn answer(stream: &TcpStream) -> Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while let Some(message) = receive(&mut reader, writer)? {
        let name = message.target.rsplit('/').next().unwrap_or_default();
        if let Some(reply) = tunnel(&message) {
            writer.write_all(&reply)?;
            continue;
        }
        let Some(reply) = REPLIES.iter().find(|reply| reply.name == name) else {
            writer.write_all(&echo(&message))?;
            continue;
        };
        writer.write_all(&reply.bytes(message.method == "HEAD"))?;
        match reply.then {
            Then::Keep => {}
            Then::Close => return Ok(()),
            Then::Echo => {
                std::io::copy(&mut reader, &mut writer)?;
                return Ok(());
            }
            Then::Wait => {
                std::io::copy(&mut reader, &mut std::io::sink())?;
                return Ok(());
            }
        }
    }
    Ok(())
}

/// A proxy's reply, with the CONNECT as the body of a refusal; none to what asks for no tunnel to these hosts.
fn tunnel(connect: &Message) -> Option<Vec<u8>> {
    match (connect.method.as_str(), &connect.target) {
        ("CONNECT", host) if host.starts_with("far.example:") => {
            return Some(b"HTTP/1.1 200 OK\r\nVia: a proxy\r\n\r\n".to_vec());
        }
        ("CONNECT", host) if host.starts_with("refused") => {}
        _ => return None,
    }
    let length = connect.bytes.len();
    let head =
        format!("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: {length}\r\n\r\n");
    Some([head.as_bytes(), &connect.bytes].concat())
}

/// All that came since the last reply.
fn echo(message: &Message) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
        message.bytes.len()
    );
    let body = if message.method == "HEAD" {
        &[]
    } else {
        &message.bytes[..]
    };
    [head.as_bytes(), body].concat()
}

/// The next message with its body, which is announced as a server reads it; none at the end.
fn receive(reader: &mut BufReader<&TcpStream>, mut writer: &TcpStream) -> Result<Option<Message>> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let mut words = head.split([' ', '\r']);
    let mut word = || words.next().unwrap_or_default().to_owned();
    let (method, target) = (word(), word());
    let head = head.to_ascii_lowercase();
    let value = |name: &str| {
        let found = head.find(&format!("\r\n{name}:"))? + name.len() + 3;
        head[found..].split("\r\n").next().map(str::trim)
    };
    if value("expect").is_some_and(|it| it.contains("100-continue")) {
        writer.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    if head.contains("\r\ntransfer-encoding:") {
        receive_chunks(reader, &mut bytes)?;
    } else if let Some(length) = value("content-length").and_then(|it| it.parse().ok()) {
        reader.take(length).read_to_end(&mut bytes)?;
    }
    Ok(Some(Message {
        method,
        target,
        bytes,
    }))
}

fn receive_chunks(reader: &mut BufReader<&TcpStream>, bytes: &mut Vec<u8>) -> Result<()> {
    loop {
        let start = bytes.len();
        reader.read_until(b'\n', bytes)?;
        let line = String::from_utf8_lossy(&bytes[start..]).into_owned();
        match u64::from_str_radix(line.trim(), 16) {
            Ok(0) | Err(_) => break,
            Ok(size) => {
                reader.take(size + 2).read_to_end(bytes)?;
            }
        }
    }
    let mut start = bytes.len();
    while reader.read_until(b'\n', bytes)? > 2 || &bytes[start..] != b"\r\n" {
        if bytes.len() == start {
            break;
        }
        start = bytes.len();
    }
    Ok(())
}

//! Bodies that are larger than memory, and trailers.

use std::io::{Seek, SeekFrom, Write};

use harness::component::{Body, Connection, Error, Guest, Result, TlsOptions, bytes};
use harness::server::{Server, pattern};
use harness::tls::{Authority, ServerTls};
use hyper::body::Bytes;
use wasmtime_wasi::p2::{InputStream, Pollable, StreamError};

use crate::support::{again, failure, nonblocking, patiently};

/// As much as does not fit anywhere by chance.
const LARGE: usize = 256 << 20;

/// What an instance may have beside what it had, whatever it sends.
const CONSTANT: usize = 2 << 20;

/// The pattern, made while it is read.
struct Made {
    period: Bytes,
    made: usize,
    length: usize,
}

impl Made {
    fn new(length: usize) -> Self {
        let period = pattern((64 << 10) + 251).into();
        Self {
            period,
            made: 0,
            length,
        }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Made {
    async fn ready(&mut self) {}
}

#[wasmtime_wasi::async_trait]
impl InputStream for Made {
    fn read(&mut self, size: usize) -> std::result::Result<Bytes, StreamError> {
        let size = size.min(64 << 10).min(self.length - self.made);
        if size == 0 {
            return Err(StreamError::Closed);
        }
        let offset = self.made % 251;
        self.made += size;
        Ok(self.period.slice(offset..offset + size))
    }
}

/// Asserts that the server gets all of it, and that memory does not grow with it.
fn assert_uploads(guest: &Guest, connection: &Connection, body: Body, seen: &str) -> Result<()> {
    connection.request("PUT", "/count", bytes("warm"), &[])?;
    connection.get_response()?.read(None)?;
    let before = guest.memory();
    connection.request("PUT", "/count", Some(body), &[])?;
    let response = connection.get_response()?;
    assert_eq!(String::from_utf8_lossy(&response.read(None)?), seen);
    let grown = guest.memory() - before;
    assert!(grown <= CONSTANT, "{grown} bytes more");
    Ok(())
}

#[test]
fn a_stream_of_any_size_takes_no_memory() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let body = guest.stream_of(Made::new(LARGE));
    let seen = format!("{LARGE} bytes of the pattern");
    assert_uploads(&guest, &connection, body, &seen)
}

#[test]
fn a_file_of_any_size_takes_no_memory() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    // All but its last byte is a hole.
    let last = SeekFrom::Start(LARGE as u64 - 1);
    file.seek(last).expect("a file has any size");
    file.write_all(b"x").expect("there is room for a byte");
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let body = guest.file(file.path());
    assert_uploads(&guest, &connection, body, &format!("{LARGE} bytes"))
}

#[test]
fn a_stream_over_tls_takes_no_memory() -> Result<()> {
    const LESS: usize = LARGE / 8;
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let server = Server::https(config);
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", server.port(), None, Some(tls))?;
    let body = guest.stream_of(Made::new(LESS));
    let seen = format!("{LESS} bytes of the pattern");
    assert_uploads(&guest, &connection, body, &seen)
}

#[test]
fn a_download_of_any_size_takes_no_memory() -> Result<()> {
    const LESS: usize = LARGE / 4;
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.fetch("GET", "/bytes/100000")?.read(None)?;
    let before = guest.memory();
    for path in [format!("/bytes/{LESS}"), format!("/chunked/{LESS}")] {
        let response = connection.fetch("GET", &path)?;
        let mut length = 0;
        loop {
            match response.read(Some(64 << 10))?.len() {
                0 => break,
                read => length += read,
            }
        }
        assert_eq!(length, LESS);
    }
    let grown = guest.memory() - before;
    assert!(grown <= CONSTANT, "{grown} bytes more");
    Ok(())
}

/// What the server says about a body that is sent so.
fn counted(send: impl FnOnce(&Guest, &Connection) -> Result<()>) -> Result<String> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    send(&guest, &connection)?;
    let counted = connection.get_response()?.read(None)?;
    Ok(String::from_utf8(counted).expect("it is ASCII"))
}

#[test]
fn trailers_follow_a_stream() -> Result<()> {
    let counted = counted(|guest, connection| {
        connection.set_trailers(&[("X-Sum", "7"), ("X-Name", "body")])?;
        let body = guest.stream_of(Made::new(1 << 20));
        connection.request("PUT", "/count", Some(body), &[])
    })?;
    assert_eq!(
        counted,
        "1048576 bytes of the pattern\nx-sum: 7\nx-name: body"
    );
    Ok(())
}

#[test]
fn trailers_follow_what_send_brought() -> Result<()> {
    let counted = counted(|_, connection| {
        connection.set_encode_chunked(true);
        connection.set_trailers(&[("X-Sum", "7")])?;
        connection.put_request("PUT", "/count")?;
        connection.put_header("Transfer-Encoding", &["chunked"])?;
        connection.end_headers(None)?;
        connection.send(bytes(pattern(9)).expect("a body"))
    })?;
    assert_eq!(counted, "9 bytes of the pattern\nx-sum: 7");
    Ok(())
}

#[test]
fn trailers_are_for_one_request() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_trailers(&[("X-Sum", "7")])?;
    for expected in ["3 bytes\nx-sum: 7", "3 bytes"] {
        connection.request("PUT", "/count", Some(guest.stream("abc")), &[])?;
        let counted = connection.get_response()?.read(None)?;
        assert_eq!(String::from_utf8_lossy(&counted), expected);
    }
    Ok(())
}

#[test]
fn trailers_need_chunks() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_trailers(&[("X-Sum", "7")])?;
    let error = failure(connection.request("PUT", "/count", bytes("abc"), &[]));
    assert!(matches!(error, Error::Value(_)), "{error:?}");
    assert_eq!(server.connections(), 0);
    Ok(())
}

#[test]
fn rejects_fields_that_are_no_trailers() -> Result<()> {
    let guest = Guest::new();
    let connection = guest.http("127.0.0.1", None, None)?;
    for name in [
        "Content-Length",
        "transfer-encoding",
        "Host",
        "Trailer",
        "Content-Type",
        "Authorization",
        "a b",
    ] {
        let error = failure(connection.set_trailers(&[(name, "7")]));
        assert!(matches!(error, Error::Value(_)), "{name}: {error:?}");
    }
    failure(connection.set_trailers(&[("X", "a\r\nb")]));
    Ok(())
}

#[test]
fn a_large_stream_with_trailers_goes_without_blocking() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), Some(&nonblocking()))?;
    connection.set_trailers(&[("X-Sum", "7")])?;
    let body = guest.stream_of(Made::new(32 << 20));
    let request = || connection.request("PUT", "/count", Some(again(&body)), &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    let counted = patiently(|| response.subscribe(), || response.read(None))?;
    let seen = format!("{} bytes of the pattern\nx-sum: 7", 32 << 20);
    assert_eq!(String::from_utf8_lossy(&counted), seen);
    Ok(())
}

//! How a request goes out.

use std::borrow::Cow;
use std::io::{self, Read};

use crate::Fields;
use crate::bindings::{self, client as wit};
use crate::body::{Body, Kind, Reader};
use crate::error::{Error, Result};

/// How much of a reader is read and sent at a time.
const BLOCK: usize = 64 << 10;

/// What is sent.
#[derive(Debug)]
pub struct Request<'a> {
    pub method: &'a str,
    pub target: Cow<'a, str>,
    pub headers: Fields,
    pub body: Option<Body<'a>>,
    pub trailers: Fields,
}

impl Request<'_> {
    /// Sends all of it.
    pub fn send(mut self, connection: &wit::HttpConnection) -> Result<()> {
        match self.body.take() {
            Some(Body(Kind::Reader(reader))) => self.send_reader(connection, reader),
            body => {
                self.body = body;
                self.begin(connection)
            }
        }
    }

    /// The same without a reader: it can be done again.
    pub fn begin(self, connection: &wit::HttpConnection) -> Result<()> {
        let file;
        let body = match self.body {
            None => None,
            Some(Body(Kind::Bytes(bytes))) => Some(wit::Body::Bytes(bytes.into_owned())),
            Some(Body(Kind::Stream(stream))) => Some(wit::Body::Stream(stream)),
            Some(Body(Kind::File(descriptor))) => {
                file = descriptor;
                Some(wit::Body::File(&file))
            }
            Some(Body(Kind::Reader(_))) => {
                let text = "a body from a reader can't be sent without waiting for it";
                return Err(Error::Value(text.to_owned()));
            }
        };
        with_trailers(connection, &self.trailers, || {
            bindings::request(connection, self.method, &self.target, body, &self.headers)
        })
    }

    /// The head, then the reader piece by piece. The last chunk is sent with the look for the response.
    fn send_reader(mut self, connection: &wit::HttpConnection, reader: Reader<'_>) -> Result<()> {
        let length = reader.length.or_else(|| self.content_length());
        self.announce(length);
        connection.set_encode_chunked(length.is_none());
        let begun = with_trailers(connection, &self.trailers, || {
            bindings::request(connection, self.method, &self.target, None, &self.headers)
        });
        connection.set_encode_chunked(false);
        begun?;
        let sent = copy(connection, reader.bytes, length);
        if sent.is_err() {
            // The server must not take what it has for the whole.
            connection.close();
        }
        sent
    }

    /// Says how long the body is, or that it comes in chunks.
    fn announce(&mut self, length: Option<u64>) {
        if self.has("Content-Length") || self.has("Transfer-Encoding") {
            return;
        }
        let (name, value) = match length {
            Some(length) => ("Content-Length", length.to_string()),
            None => ("Transfer-Encoding", "chunked".to_owned()),
        };
        self.headers.insert(0, (name.to_owned(), value));
    }

    /// What the caller announces.
    fn content_length(&self) -> Option<u64> {
        self.header("Content-Length")?.trim().parse().ok()
    }

    /// Whether there is such a header.
    pub fn has(&self, name: &str) -> bool {
        self.header(name).is_some()
    }

    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// Trailers wait for the next request: they must not go with another than this one.
fn with_trailers(
    connection: &wit::HttpConnection,
    trailers: &[(String, String)],
    begin: impl FnOnce() -> Result<(), wit::Error>,
) -> Result<()> {
    if trailers.is_empty() {
        return Ok(begin()?);
    }
    connection.set_trailers(trailers)?;
    let begun = begin();
    connection.set_trailers(&[])?;
    Ok(begun?)
}

/// Sends what is read as it comes, up to this length or to its end.
fn copy(
    connection: &wit::HttpConnection,
    reader: Box<dyn Read + '_>,
    length: Option<u64>,
) -> Result<()> {
    let mut reader = reader.take(length.unwrap_or(u64::MAX));
    let mut sent = 0;
    loop {
        let block = read_block(&mut reader).map_err(Error::Body)?;
        if block.is_empty() {
            break;
        }
        sent += block.len() as u64;
        bindings::send(connection, wit::Body::Bytes(block))?;
    }
    match length {
        Some(length) if sent < length => {
            let text = format!("it ended after {sent} of {length} bytes");
            let error = io::Error::new(io::ErrorKind::UnexpectedEof, text);
            Err(Error::Body(error))
        }
        _ => Ok(()),
    }
}

fn read_block(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut block = vec![0; BLOCK];
    loop {
        match reader.read(&mut block) {
            Ok(read) => {
                block.truncate(read);
                return Ok(block);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

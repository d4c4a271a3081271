//! What CPython's fake sockets are for, with real ones: canned replies, captured requests, and
//! bodies that come in pieces.

use std::ops::Deref;

use harness::LIMIT;
use harness::component::{
    Body, Connection, ConnectionOptions, Error, Guest, HttpException, IncompleteRead, Response,
    Result,
};
use harness::peer::{Peer, Step};

/// A response, with its connection and its peer, which it is dropped before.
pub struct Answer {
    response: Response,
    _connection: Connection,
    _peer: Peer,
}

impl Deref for Answer {
    type Target = Response;

    fn deref(&self) -> &Response {
        &self.response
    }
}

/// A connection to this peer. Who waits for more than has been sent fails instead of hanging.
pub fn connect(guest: &Guest, peer: &Peer) -> Result<Connection> {
    guest.http("127.0.0.1", peer.port(), Some(&limited()))
}

/// Options with a timeout that no test reaches that works.
pub fn limited() -> ConnectionOptions {
    ConnectionOptions {
        timeout: Some(u64::try_from(LIMIT.as_nanos()).expect("some seconds")),
        ..ConnectionOptions::default()
    }
}

/// A response to GET, after which the server ends the connection.
pub fn answer(reply: impl AsRef<[u8]>) -> Result<Answer> {
    answer_to("GET", vec![Step::AwaitHead, Step::send(reply)])
}

/// A response to HEAD, after which the server ends the connection.
pub fn answer_to_head(reply: impl AsRef<[u8]>) -> Result<Answer> {
    answer_to("HEAD", vec![Step::AwaitHead, Step::send(reply)])
}

/// A response to GET on a connection that the server leaves open: reading past the end would wait.
pub fn answer_and_hold(reply: impl AsRef<[u8]>) -> Result<Answer> {
    answer_to("GET", vec![Step::AwaitHead, Step::send(reply), Step::Hold])
}

fn answer_to(method: &str, steps: Vec<Step>) -> Result<Answer> {
    let peer = Peer::script(vec![steps]);
    let connection = connect(&Guest::new(), &peer)?;
    let response = connection.fetch(method, "/")?;
    Ok(Answer {
        response,
        _connection: connection,
        _peer: peer,
    })
}

/// The error of a request that is answered like this.
pub fn refusal(reply: impl AsRef<[u8]>) -> Error {
    match answer(reply) {
        Ok(answer) => panic!("a response with status {}", answer.status()),
        Err(error) => error,
    }
}

/// The exception of a request that is answered like this.
pub fn exception(reply: impl AsRef<[u8]>) -> HttpException {
    http(refusal(reply))
}

/// The `HTTPException` in an error.
pub fn http(error: Error) -> HttpException {
    match error {
        Error::Http(exception) => exception,
        error => panic!("{error:?} is no HTTPException"),
    }
}

/// What an `IncompleteRead` carries: the partial body and how much more was expected.
pub fn incomplete<T: std::fmt::Debug>(result: Result<T>) -> (Vec<u8>, Option<u64>) {
    match result {
        Err(Error::Http(HttpException::IncompleteRead(IncompleteRead { partial, expected }))) => {
            (partial, expected)
        }
        other => panic!("{other:?} is no IncompleteRead"),
    }
}

/// Whether the reply was found to break RFC 9112.
pub fn is_malformed<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Http(HttpException::Malformed(_))))
}

/// Whether a limit was passed.
pub fn is_too_many<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Http(HttpException::TooMany(_))))
}

/// Whether an argument was refused before anything was sent.
pub fn is_value<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Value(_)))
}

/// Whether a host, port or target was refused.
pub fn is_invalid_url<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Http(HttpException::InvalidUrl(_))))
}

/// A request as it arrived.
pub struct Sent {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    pub raw: String,
}

impl Sent {
    pub fn parse(bytes: &[u8]) -> Self {
        let end = find(bytes, b"\r\n\r\n").expect("a whole head was sent");
        let raw = latin1(&bytes[..end + 2]);
        let mut lines = raw.split("\r\n").filter(|line| !line.is_empty());
        let line = lines.next().expect("a request line").to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self {
            line,
            headers,
            body: bytes[end + 4..].to_vec(),
            raw,
        }
    }

    /// The values of the header with this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
            .collect()
    }

    /// The body without its chunks.
    pub fn dechunked(&self) -> Vec<u8> {
        dechunk(&self.body)
    }
}

/// What the connection sends while `work` has it.
pub fn sent(work: impl FnOnce(&Connection) -> Result<()>) -> Result<Sent> {
    sent_by(&Guest::new(), &limited(), work)
}

/// What a connection of this guest with these options sends while `work` has it.
pub fn sent_by(
    guest: &Guest,
    options: &ConnectionOptions,
    work: impl FnOnce(&Connection) -> Result<()>,
) -> Result<Sent> {
    let peer = Peer::script(vec![vec![Step::AwaitEnd]]);
    let connection = guest.http("127.0.0.1", peer.port(), Some(options))?;
    work(&connection)?;
    connection.close();
    Ok(Sent::parse(&peer.all_received(0)))
}

/// The two heads that go through a tunnel: the CONNECT, and the request behind it.
pub fn tunnelled(work: impl FnOnce(&Connection) -> Result<()>) -> Result<(Sent, Sent)> {
    let established = "HTTP/1.1 200 OK\r\n\r\n";
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(established),
        Step::AwaitEnd,
    ]]);
    let connection = connect(&Guest::new(), &proxy)?;
    work(&connection)?;
    connection.close();
    let bytes = proxy.all_received(0);
    let end = find(&bytes, b"\r\n\r\n").expect("a whole CONNECT was sent") + 4;
    Ok((Sent::parse(&bytes[..end]), Sent::parse(&bytes[end..])))
}

/// Chunks decoded, strictly: a test that reads them must not forgive.
pub fn dechunk(mut chunks: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    loop {
        let end = find(chunks, b"\r\n").expect("a chunk-size line");
        let size = std::str::from_utf8(&chunks[..end]).expect("hexadecimal digits");
        let size = usize::from_str_radix(size, 16).expect("hexadecimal digits");
        let data = &chunks[end + 2..];
        assert_eq!(&data[size..size + 2], b"\r\n");
        body.extend_from_slice(&data[..size]);
        chunks = &data[size + 2..];
        if size == 0 {
            assert!(chunks.is_empty(), "something follows the last chunk");
            return body;
        }
    }
}

/// Latin-1, as the component's strings stand for bytes.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

fn find(bytes: &[u8], marker: &[u8]) -> Option<usize> {
    bytes
        .windows(marker.len())
        .position(|window| window == marker)
}

/// A body like a Python iterable: each read gives (at most) one of these pieces.
pub fn iterable(guest: &Guest, pieces: &[&str]) -> Body {
    guest.pieces(pieces.iter().map(|piece| piece.as_bytes().to_vec()))
}

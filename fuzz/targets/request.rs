//! Whatever a caller asks for is refused before a byte is sent, or a server reads back exactly that one request: its
//! method, its target, the caller's headers at the end of the head, and the body.
//!
//! The server reads by the grammar of RFC 9112, with nothing but CRLF for a line end; `httparse` must agree where it can,
//! which is without folds and without the control characters that Python sends too.
#![no_main]

use std::rc::Rc;
use std::task::Poll;

use arbitrary::Arbitrary;
use fuzzed::block_on;
use httplib::client::{
    AcceptEncoding, Body, Connection, Error, Host, HttpException, Options, Scheme, Trace,
};
use httplib::http1::{BodyReader, Framing, Limits, Step};
use httplib::transport::scripted::Scripts;
use httplib::transport::{self, Source, SourceStatus};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Input {
    method: Text,
    target: Text,
    headers: Vec<(Name, Vec<Text>)>,
    calls: Calls,
    encode_chunked: bool,
    trailers: Vec<(Name, Text)>,
    /// In place of `server.example`.
    host: Option<String>,
}

/// How the request is made.
#[derive(Arbitrary, Debug)]
enum Calls {
    Request(Option<Payload>),
    Put {
        skip_host: bool,
        skip_accept_encoding: bool,
        body: Option<Payload>,
        pieces: Vec<Vec<u8>>,
    },
}

#[derive(Arbitrary, Clone, Debug)]
enum Payload {
    Bytes(Vec<u8>),
    Stream(Vec<u8>),
}

/// What is mostly fine, so that the rest is got to.
#[derive(Arbitrary, Clone, Debug)]
enum Text {
    Usual(u8),
    Any(String),
    Length(u16),
}

#[derive(Arbitrary, Clone, Debug)]
enum Name {
    Usual(u8),
    Any(String),
}

const TEXTS: [&str; 10] = [
    "GET",
    "POST",
    "/a?b#c",
    "http://user@other.example:81/x",
    "CONNECT",
    "a.example:443",
    "chunked",
    "gzip, chunked",
    "100-continue",
    "a\r\n b",
];
const NAMES: [&str; 9] = [
    "Content-Length",
    "Transfer-Encoding",
    "Host",
    "Accept-Encoding",
    "Connection",
    "X",
    "Expect",
    "te",
    "Trailer",
];

impl Text {
    fn get(&self) -> String {
        match self {
            Self::Usual(index) => TEXTS[usize::from(*index) % TEXTS.len()].to_owned(),
            Self::Any(text) => text.clone(),
            Self::Length(length) => length.to_string(),
        }
    }
}

impl Name {
    fn get(&self) -> String {
        match self {
            Self::Usual(index) => NAMES[usize::from(*index) % NAMES.len()].to_owned(),
            Self::Any(text) => text.clone(),
        }
    }
}

/// A request as a server has read it.
struct Read<'a> {
    method: &'a [u8],
    target: &'a [u8],
    /// With their folds.
    lines: Vec<&'a [u8]>,
    behind: &'a [u8],
}

fuzz_target!(|input: Input| {
    let network = Scripts::default();
    let peer = network.connect();
    let host = input.host.as_deref().unwrap_or("server.example");
    let (options, trace) = (Options::default(), Trace::new(|_| {}));
    let Ok(mut connection) = Connection::new(
        Rc::new(network.clone()),
        Scheme::Http,
        host,
        None,
        options,
        trace,
    ) else {
        return;
    };
    connection.set_encode_chunked(input.encode_chunked);
    let (headers, trailers) = (fields(&input.headers), trailers(&input.trailers));
    // Those that are refused leave what was set before: nothing.
    let trailers = match connection.set_trailers(&trailers) {
        Ok(()) => trailers,
        Err(_) => Vec::new(),
    };
    let (method, target) = (input.method.get(), input.target.get());
    let sent = make(
        &network,
        &mut connection,
        &input,
        &method,
        &target,
        &headers,
    );
    let wire = peer.wire();
    let bytes = &wire.outbound;
    let body = match sent {
        Ok(body) => body,
        Err(Error::Value(_) | Error::Http(HttpException::InvalidUrl(_))) if bytes.is_empty() => {
            return;
        }
        // A body that is longer than what the head has announced: nothing of it is sent. A stream may be shorter, too.
        Err(Error::Value(_))
            if matches!(
                input.calls,
                Calls::Put { .. } | Calls::Request(Some(Payload::Stream(_)))
            ) =>
        {
            return;
        }
        Err(error) => panic!("{error:?} behind {bytes:?}"),
    };
    let read = read(bytes).expect("a request as RFC 9112 has it");
    assert_eq!(read.method, method.as_bytes());
    let target = target.split('#').next().unwrap_or_default();
    let target = if target.is_empty() { "/" } else { target };
    assert_eq!(read.target, target.as_bytes());
    let automatic = read.lines.len() - headers.len();
    assert!(automatic <= 3, "lines that nobody gave");
    for (line, (name, values)) in read.lines[automatic..].iter().zip(&headers) {
        let value = values.join("\r\n\t");
        assert_eq!(*line, latin1(&format!("{name}: {value}")), "a header");
    }
    assert_once(&read, &headers);
    agree_with_httparse(&read, bytes);
    // Our own reader refuses control characters that Python sends.
    let is_control = |char: char| char.is_ascii_control() && !"\t\r\n".contains(char);
    if trailers.iter().any(|(_, value)| value.contains(is_control)) {
        return;
    }
    check_body(&read, &headers, &input, body, &trailers);
});

type Headers = Vec<(String, Vec<String>)>;

fn fields(headers: &[(Name, Vec<Text>)]) -> Headers {
    let field =
        |(name, values): &(Name, Vec<Text>)| (name.get(), values.iter().map(Text::get).collect());
    headers.iter().take(20).map(field).collect()
}

fn trailers(trailers: &[(Name, Text)]) -> Vec<(String, String)> {
    trailers
        .iter()
        .take(5)
        .map(|(name, value)| (name.get(), value.get()))
        .collect()
}

/// Makes the calls; all that was to be the body.
fn make(
    network: &Scripts,
    connection: &mut Connection<Scripts>,
    input: &Input,
    method: &str,
    target: &str,
    headers: &Headers,
) -> Result<Option<Vec<u8>>, Error> {
    match &input.calls {
        Calls::Request(body) => {
            let joined: Vec<_> = headers
                .iter()
                .map(|(name, values)| (name.clone(), values.join("\r\n\t")))
                .collect();
            let mut sent = body.clone().map(to_body);
            let calls =
                |it: &mut Connection<_>| it.poll_request(method, target, &mut sent, &joined);
            block_on(network, connection, calls)?;
            Ok(body.as_ref().map(|body| body.bytes().to_vec()))
        }
        Calls::Put {
            skip_host,
            skip_accept_encoding,
            body,
            pieces,
        } => {
            let host = if *skip_host {
                Host::Skip
            } else {
                Host::Automatic
            };
            let accept_encoding = match skip_accept_encoding {
                true => AcceptEncoding::Skip,
                false => AcceptEncoding::Automatic,
            };
            connection.put_request(method, target, host, accept_encoding)?;
            for (name, values) in headers {
                connection.put_header(name, values)?;
            }
            let mut sent = body.clone().map(to_body);
            block_on(network, connection, |it| it.poll_end_headers(&mut sent))?;
            let mut whole = body.as_ref().map(|body| body.bytes().to_vec());
            for piece in pieces.iter().take(4) {
                let mut data = Some(Body::Bytes(piece.clone()));
                block_on(network, connection, |it| it.poll_send(&mut data))?;
                whole.get_or_insert_default().extend_from_slice(piece);
            }
            Ok(whole)
        }
    }
}

/// A request line, and field lines with what continues them, up to an empty line.
fn read(bytes: &[u8]) -> Option<Read<'_>> {
    let (line, mut rest) = line(bytes)?;
    let mut words = line.split(|byte| *byte == b' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let is_target = |byte: &u8| byte.is_ascii_graphic();
    let is_right = is_token(method) && !target.is_empty() && target.iter().all(is_target);
    if !is_right || version != b"HTTP/1.1" || words.next().is_some() {
        return None;
    }
    let mut lines: Vec<&[u8]> = Vec::new();
    loop {
        let (line, behind) = self::line(rest)?;
        let before = rest;
        rest = behind;
        match line {
            [] => {
                return Some(Read {
                    method,
                    target,
                    lines,
                    behind,
                });
            }
            [b' ' | b'\t', ..] => {
                let folded = lines.pop()?;
                // Both lie behind each other, with a CRLF between them.
                let start = bytes.len() - before.len() - 2 - folded.len();
                lines.push(&bytes[start..bytes.len() - behind.len() - 2]);
            }
            _ => {
                let colon = line.iter().position(|byte| *byte == b':')?;
                if !is_token(&line[..colon]) {
                    return None;
                }
                lines.push(line);
            }
        }
    }
}

/// The first line, without its CRLF, and what is behind. Neither byte may stand in it alone, nor a NUL.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes
        .iter()
        .position(|byte| matches!(byte, b'\r' | b'\n' | 0))?;
    let (line, rest) = bytes.split_at(end);
    Some((line, rest.strip_prefix(b"\r\n")?))
}

fn is_token(bytes: &[u8]) -> bool {
    let is_tchar = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    !bytes.is_empty() && bytes.iter().all(is_tchar)
}

/// What frames and routes the request is there once, unless the caller gave it more often.
fn assert_once(read: &Read<'_>, headers: &Headers) {
    for name in ["host", "content-length", "transfer-encoding"] {
        let given = headers
            .iter()
            .filter(|(other, _)| other.eq_ignore_ascii_case(name))
            .count();
        assert!(named(read, name).count() <= given.max(1), "{name}");
    }
    let both = named(read, "content-length")
        .next()
        .and(named(read, "transfer-encoding").next());
    assert!(both.is_none(), "two announcements");
}

/// The values of the lines with that name.
fn named<'a>(read: &'a Read<'_>, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    read.lines.iter().filter_map(move |line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        line[..colon]
            .eq_ignore_ascii_case(name.as_bytes())
            .then_some(&line[colon + 1..])
    })
}

fn agree_with_httparse(read: &Read<'_>, bytes: &[u8]) {
    let is_plain = |line: &&[u8]| {
        !line
            .iter()
            .any(|byte| byte.is_ascii_control() && *byte != b'\t')
    };
    if !read.lines.iter().all(is_plain) {
        return;
    }
    let mut slots = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut slots);
    let end = request.parse(bytes).expect("a request").unwrap();
    assert_eq!(end, bytes.len() - read.behind.len());
    assert_eq!(request.method.map(str::as_bytes), Some(read.method));
    assert_eq!(request.path.map(str::as_bytes), Some(read.target));
    assert_eq!(request.headers.len(), read.lines.len());
}

/// Behind the head comes the body and nothing else.
fn check_body(
    read: &Read<'_>,
    headers: &Headers,
    input: &Input,
    body: Option<Vec<u8>>,
    trailers: &[(String, String)],
) {
    let body = body.unwrap_or_default();
    // `send` may bring the rest.
    let is_later = matches!(input.calls, Calls::Put { .. } | Calls::Request(None));
    let gave_coding = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("Transfer-Encoding"));
    if named(read, "transfer-encoding").next().is_some() {
        // Whoever gives a coding of their own has encoded the body, unless they say otherwise.
        if gave_coding && !input.encode_chunked {
            assert!(read.behind == body, "as given");
            return;
        }
        let (data, count) = chunks(read.behind, is_later);
        assert!(data == body, "in chunks");
        assert!(
            count.is_none_or(|count| count == trailers.len()),
            "trailers"
        );
    } else if let Some(length) = named(read, "content-length").next() {
        assert!(read.behind == body, "as announced");
        let length: u64 = String::from_utf8_lossy(length)
            .trim()
            .parse()
            .expect("a length");
        let sent = body.len() as u64;
        assert!(sent <= length, "more than announced");
        assert!(is_later || sent == length, "less than announced");
    } else {
        assert!(
            read.behind.is_empty() && body.is_empty(),
            "no body was announced"
        );
    }
}

/// The data of chunks, and how many trailers there are. The last chunk of a body that `send` brings comes with the call
/// for the response.
fn chunks(bytes: &[u8], is_open: bool) -> (Vec<u8>, Option<usize>) {
    let mut reader = BodyReader::new(Framing::Chunked, Limits::default());
    let (mut data, mut rest) = (Vec::new(), bytes);
    loop {
        match reader.next(rest).expect("chunks") {
            Step::Framing(amount) => rest = &rest[amount..],
            Step::Data(amount) => {
                data.extend_from_slice(&rest[..amount]);
                reader.took(amount);
                rest = &rest[amount..];
            }
            Step::NeedMore => {
                assert!(is_open, "the last chunk is missing");
                return (data, None);
            }
            Step::Complete => {
                assert!(rest.is_empty(), "something behind the last chunk");
                return (data, Some(reader.trailers().len()));
            }
        }
    }
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars()
        .map(|char| u8::try_from(char).expect("a character of Latin-1"))
        .collect()
}

impl Payload {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) | Self::Stream(bytes) => bytes,
        }
    }
}

fn to_body(payload: Payload) -> Body<'static> {
    match payload {
        Payload::Bytes(bytes) => Body::Bytes(bytes),
        Payload::Stream(bytes) => Body::Source(Box::new(Stream(bytes))),
    }
}

/// A stream that does not tell its length.
struct Stream(Vec<u8>);

impl Source for Stream {
    fn status(&mut self) -> Result<SourceStatus, transport::Error> {
        Ok(SourceStatus::Endless)
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, transport::Error>> {
        let rest = &self.0[usize::try_from(offset).expect("a small body")..];
        Poll::Ready(Ok(rest[..rest.len().min(max)].to_vec()))
    }
}

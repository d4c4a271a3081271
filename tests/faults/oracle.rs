//! What must come out, said from the bytes that arrived and from how they ended, after RFC 9112 and the
//! documented limits. It has all bytes at hand and shares no code with the client.

use httplib::client::{Error, HttpException};
use httplib::transport::{Phase, SocketErrorCode, TlsError};

use super::fault::Cut;
use super::outcome::{End, Outcome};

/// How the bytes ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// In order.
    Closed,
    Reset,
    /// They did not: nothing follows.
    Silent,
    /// TLS: without `close_notify`.
    Truncated,
}

impl From<Cut> for Ending {
    /// Where nothing protects the bytes.
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Closed => Self::Closed,
            Cut::Reset => Self::Reset,
            Cut::Silent => Self::Silent,
        }
    }
}

/// The request that was sent, as far as the reply depends on it.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    pub method: &'static str,
    /// Whether a reply may have no head.
    pub allows_http09: bool,
    /// Whether all of it was sent.
    pub is_whole: bool,
    /// Whether what comes behind 101 is read.
    pub upgrades: bool,
}

/// What must come out.
#[derive(Clone, Debug)]
pub struct Expected {
    pub outcome: Outcome,
    /// Whether the same connection goes on.
    pub is_kept: bool,
}

/// What must come out of a reply of which these bytes arrived.
pub fn expect(asked: Asked, arrived: &[u8], ending: Ending) -> Expected {
    let mut reader = Reader {
        rest: arrived,
        ending,
    };
    match reader.reply(asked) {
        Ok((outcome, keeps)) => {
            let is_through = reader.rest.is_empty() && ending == Ending::Silent;
            let is_complete = outcome.error().is_none();
            let is_kept = keeps && is_through && is_complete;
            Expected { outcome, is_kept }
        }
        Err(error) => Expected {
            outcome: Outcome::Failed(error),
            is_kept: false,
        },
    }
}

/// The reply to a `CONNECT`: what is behind it where that opens the tunnel.
pub fn expect_tunnel(arrived: &[u8], ending: Ending) -> Result<&[u8], Error> {
    let mut reader = Reader {
        rest: arrived,
        ending,
    };
    let head = reader.final_head(false).map_err(|error| match error {
        Error::TimedOut(_) => Error::TimedOut(Phase::Tunnel),
        other => other,
    })?;
    match head.status {
        200..300 => Ok(reader.rest),
        _ => Err(refused(head, &mut reader)),
    }
}

fn refused(head: Head, reader: &mut Reader<'_>) -> Error {
    let (body, _) = match head.framing("CONNECT") {
        Err(error) => return error,
        Ok(framing) => reader.body(framing),
    };
    let text = |(name, value): &(Vec<u8>, Vec<u8>)| (latin1(name), latin1(value));
    Error::Tunnel(Box::new(httplib::client::TunnelRefusal {
        status: head.status,
        reason: latin1(&head.reason),
        headers: head.headers.iter().map(text).collect(),
        body,
    }))
}

struct Reader<'a> {
    rest: &'a [u8],
    ending: Ending,
}

struct Head {
    /// 9, 10 or 11.
    version: u16,
    status: u16,
    reason: Vec<u8>,
    headers: Headers,
    interim: Vec<u16>,
}

type Headers = Vec<(Vec<u8>, Vec<u8>)>;

enum Framing {
    None,
    Length(u64),
    Chunked,
    ToTheEnd,
}

impl Reader<'_> {
    /// The reply, and whether it leaves the connection to the next.
    fn reply(&mut self, asked: Asked) -> Result<(Outcome, bool), Error> {
        let head = self.final_head(asked.allows_http09)?;
        let framing = head.framing(asked.method)?;
        let goes_on = head.keeps_alive(&framing);
        let is_upgraded = head.status == 101;
        let (body, end) = match is_upgraded && asked.upgrades {
            true => self.raw(),
            false => self.body(framing),
        };
        let outcome = Outcome::Replied {
            status: head.status,
            interim: head.interim,
            body,
            end,
        };
        Ok((outcome, goes_on && asked.is_whole && !is_upgraded))
    }

    fn final_head(&mut self, allows_http09: bool) -> Result<Head, Error> {
        let mut interim = Vec::new();
        let mut received = false;
        loop {
            let may_be_bare = allows_http09 && interim.is_empty();
            let mut head = self.head(may_be_bare, received)?;
            received = true;
            if head.version == 9 || head.status == 101 || head.status >= 200 {
                head.interim = interim;
                return Ok(head);
            }
            interim.push(head.status);
        }
    }

    /// One head; `received` says whether another came before it.
    fn head(&mut self, may_be_bare: bool, received: bool) -> Result<Head, Error> {
        let begin = self.rest;
        let begun = received || !begin.is_empty();
        while let Some(rest) = strip_empty_line(self.rest) {
            self.rest = rest;
        }
        let is_status_line = agrees(self.rest, b"HTTP/");
        if may_be_bare && (!is_status_line && self.rest != b"\r") {
            self.rest = begin;
            return Ok(Head::bare());
        }
        let Some(line) = self.line() else {
            let shown = self.rest;
            return match self.ending {
                Ending::Closed if begin.is_empty() => Err(disconnected()),
                Ending::Closed if may_be_bare && !shown.starts_with(b"HTTP/") => {
                    self.rest = begin;
                    Ok(Head::bare())
                }
                Ending::Closed if shown.is_empty() || !is_status_line => Err(bad_status_line()),
                Ending::Closed => Err(malformed()),
                _ => Err(self.ended_in_head(begun)),
            };
        };
        let (version, status, reason) = status_line(line)?;
        let Some(headers) = self.section()? else {
            return match self.ending {
                Ending::Closed => Err(malformed()),
                _ => Err(self.ended_in_head(true)),
            };
        };
        Ok(Head {
            version,
            status,
            reason,
            headers,
            interim: Vec::new(),
        })
    }

    fn ended_in_head(&self, begun: bool) -> Error {
        match self.ending {
            Ending::Truncated if !begun => disconnected(),
            _ => self.failure(),
        }
    }

    /// What cut the stream off.
    fn failure(&self) -> Error {
        match self.ending {
            Ending::Reset => Error::Socket {
                phase: Phase::Receive,
                code: SocketErrorCode::ConnectionReset,
                attempts: Vec::new(),
            },
            Ending::Silent => Error::TimedOut(Phase::Receive),
            Ending::Closed | Ending::Truncated => Error::Tls(TlsError::Truncated(String::new())),
        }
    }

    /// The next line without its end, if it is all there.
    fn line(&mut self) -> Option<&[u8]> {
        let end = self.rest.iter().position(|byte| *byte == b'\n')?;
        let (line, rest) = (&self.rest[..end], &self.rest[end + 1..]);
        self.rest = rest;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }

    /// Header lines up to an empty one, if they are all there; before that none of them is judged.
    fn section(&mut self) -> Result<Option<Headers>, Error> {
        let mut lines: Vec<Vec<u8>> = Vec::new();
        while let Some(line) = self.line() {
            let is_fold = line.starts_with(b" ") || line.starts_with(b"\t");
            match lines.last_mut() {
                _ if line.is_empty() => {
                    let headers: Result<_, _> = lines.iter().map(|line| header(line)).collect();
                    return headers.map(Some);
                }
                Some(last) if is_fold => {
                    last.push(b' ');
                    last.extend_from_slice(trim(line));
                }
                // A fold of nothing is no header either: no name begins so.
                _ => lines.push(line.to_vec()),
            }
        }
        Ok(None)
    }

    /// What follows once the connection is another protocol's.
    fn raw(&mut self) -> (Vec<u8>, End) {
        let body = std::mem::take(&mut self.rest).to_vec();
        match self.ending {
            Ending::Closed => (body, Ok(Vec::new())),
            _ => (body, Err(self.failure())),
        }
    }

    fn body(&mut self, framing: Framing) -> (Vec<u8>, End) {
        match framing {
            Framing::None => (Vec::new(), Ok(Vec::new())),
            Framing::ToTheEnd => self.raw(),
            Framing::Length(length) => {
                let length = usize::try_from(length).unwrap_or(usize::MAX);
                let have = length.min(self.rest.len());
                let body = self.rest[..have].to_vec();
                self.rest = &self.rest[have..];
                let missing = (length - have) as u64;
                match missing {
                    0 => (body, Ok(Vec::new())),
                    _ => (body, Err(self.ended_in_body(Some(missing)))),
                }
            }
            Framing::Chunked => {
                let mut body = Vec::new();
                let end = self.chunks(&mut body);
                (body, end)
            }
        }
    }

    fn ended_in_body(&self, expected: Option<u64>) -> Error {
        match self.ending {
            Ending::Closed | Ending::Truncated => {
                let partial = Vec::new();
                HttpException::IncompleteRead { partial, expected }.into()
            }
            Ending::Reset | Ending::Silent => self.failure(),
        }
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> End {
        loop {
            let size = self.chunk_size()?;
            if size == 0 {
                let trailers = self.section()?;
                let trailers = trailers.ok_or_else(|| self.ended_in_body(None))?;
                let text = |(name, value): &(Vec<u8>, Vec<u8>)| (latin1(name), latin1(value));
                return Ok(trailers.iter().map(text).collect());
            }
            let have = usize::try_from(size)
                .unwrap_or(usize::MAX)
                .min(self.rest.len());
            body.extend_from_slice(&self.rest[..have]);
            self.rest = &self.rest[have..];
            if (have as u64) < size {
                return Err(self.ended_in_body(None));
            }
            self.exactly(b"\r\n")?;
        }
    }

    /// `1*16HEXDIG *WS [ ";" extensions ] CRLF`, judged byte by byte.
    fn chunk_size(&mut self) -> Result<u64, Error> {
        let mut size: u64 = 0;
        let mut digits = 0;
        while let Some(digit) = self.peek()?.and_then(|byte| char::from(byte).to_digit(16)) {
            digits += 1;
            if digits > 16 {
                return Err(malformed());
            }
            size = size * 16 + u64::from(digit);
            self.rest = &self.rest[1..];
        }
        if digits == 0 {
            return Err(malformed());
        }
        while let Some(b' ' | b'\t') = self.peek()? {
            self.rest = &self.rest[1..];
        }
        if self.peek()? == Some(b';') {
            self.extensions()?;
        }
        self.exactly(b"\r\n")?;
        Ok(size)
    }

    /// Up to the CR outside of quotes.
    fn extensions(&mut self) -> Result<(), Error> {
        let (mut is_quoted, mut is_escaped) = (false, false);
        while let Some(byte) = self.peek()? {
            if byte == b'\r' && !is_quoted {
                break;
            }
            if !is_text(byte) {
                return Err(malformed());
            }
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_quoted => is_escaped = true,
                b'"' => is_quoted = !is_quoted,
                _ => {}
            }
            self.rest = &self.rest[1..];
        }
        Ok(())
    }

    fn exactly(&mut self, bytes: &[u8]) -> Result<(), Error> {
        for byte in bytes {
            if self.peek()? != Some(*byte) {
                return Err(malformed());
            }
            self.rest = &self.rest[1..];
        }
        Ok(())
    }

    /// The next byte of chunked framing.
    fn peek(&self) -> Result<Option<u8>, Error> {
        match self.rest.first() {
            Some(byte) => Ok(Some(*byte)),
            None => Err(self.ended_in_body(None)),
        }
    }
}

impl Head {
    fn bare() -> Self {
        Self {
            version: 9,
            status: 200,
            reason: Vec::new(),
            headers: Headers::new(),
            interim: Vec::new(),
        }
    }

    /// The members of a header's list, in lower case.
    fn list(&self, name: &str) -> Option<Vec<Vec<u8>>> {
        let is_it = |header: &&(Vec<u8>, Vec<u8>)| header.0.eq_ignore_ascii_case(name.as_bytes());
        let values: Vec<_> = self.headers.iter().filter(is_it).collect();
        let members = values
            .iter()
            .flat_map(|(_, value)| value.split(|byte| *byte == b','));
        let members = members
            .map(|member| trim(member).to_ascii_lowercase())
            .collect();
        (!values.is_empty()).then_some(members)
    }

    fn framing(&self, method: &str) -> Result<Framing, Error> {
        let is_tunnel = method == "CONNECT" && (200..300).contains(&self.status);
        if method == "HEAD" || is_tunnel || matches!(self.status, 100..200 | 204 | 304) {
            return Ok(Framing::None);
        }
        if let Some(codings) = self.list("Transfer-Encoding") {
            return codings_framing(&codings);
        }
        let Some(lengths) = self.list("Content-Length") else {
            return Ok(Framing::ToTheEnd);
        };
        let is_number = |it: &Vec<u8>| !it.is_empty() && it.iter().all(u8::is_ascii_digit);
        let parsed = |it: &Vec<u8>| latin1(it).parse::<u64>().ok().filter(|it| *it < 1 << 63);
        let numbers: Vec<_> = lengths
            .iter()
            .filter(|it| is_number(it))
            .map(parsed)
            .collect();
        match numbers.as_slice() {
            [Some(first), rest @ ..]
                if numbers.len() == lengths.len() && rest.iter().all(|it| *it == Some(*first)) =>
            {
                Ok(Framing::Length(*first))
            }
            _ => Err(malformed()),
        }
    }

    fn keeps_alive(&self, framing: &Framing) -> bool {
        let options = self.list("Connection").unwrap_or_default();
        let says = |option: &str| options.iter().any(|it| it == option.as_bytes());
        let is_encoded = self.list("Transfer-Encoding").is_some();
        let is_doubtful =
            is_encoded && (self.list("Content-Length").is_some() || self.version == 10);
        let ends = matches!(framing, Framing::ToTheEnd) || says("close") || is_doubtful;
        !ends && self.version != 9 && (self.version == 11 || says("keep-alive"))
    }
}

fn codings_framing(codings: &[Vec<u8>]) -> Result<Framing, Error> {
    let known = [
        "gzip",
        "x-gzip",
        "compress",
        "x-compress",
        "deflate",
        "identity",
    ];
    let mut framing = Framing::ToTheEnd;
    for coding in codings.iter().filter(|it| !it.is_empty()) {
        if let Framing::Chunked = framing {
            return Err(malformed());
        }
        let mut parts = coding.splitn(2, |byte| *byte == b';');
        let name = latin1(trim(parts.next().unwrap_or_default()));
        let has_parameter = parts.next().is_some();
        match name.as_str() {
            "chunked" if has_parameter => return Err(malformed()),
            "chunked" => framing = Framing::Chunked,
            name if known.contains(&name) => {}
            _ => return Err(HttpException::UnknownTransferEncoding(String::new()).into()),
        }
    }
    Ok(framing)
}

/// Version, status and reason.
fn status_line(line: &[u8]) -> Result<(u16, u16, Vec<u8>), Error> {
    let behind = line.strip_prefix(b"HTTP/").ok_or_else(bad_status_line)?;
    let is_end = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
    let end = behind.iter().position(is_end).unwrap_or(behind.len());
    let version = match &behind[..end] {
        b"1.0" => 10,
        [b'1', b'.', b'1'..=b'9'] => 11,
        _ => return Err(HttpException::UnknownProtocol(String::new()).into()),
    };
    let code = behind.get(end..end + 4).ok_or_else(bad_status_line)?;
    let digits = latin1(&code[1..]);
    let is_code = code[0] == b' ' && code[1..].iter().all(u8::is_ascii_digit) && code[1] != b'0';
    let reason = &behind[end + 4..];
    let is_reason =
        reason.is_empty() || (reason[0] == b' ' && reason.iter().all(|it| is_text(*it)));
    match digits.parse() {
        Ok(status) if is_code && is_reason => Ok((version, status, trim(reason).to_vec())),
        _ => Err(bad_status_line()),
    }
}

fn header(line: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Error> {
    let colon = line
        .iter()
        .position(|byte| *byte == b':')
        .ok_or_else(malformed)?;
    let (name, value) = (&line[..colon], trim(&line[colon + 1..]));
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    if name.is_empty() || !name.iter().all(is_token) || !value.iter().all(|it| is_text(*it)) {
        return Err(malformed());
    }
    Ok((name.to_vec(), value.to_vec()))
}

fn strip_empty_line(bytes: &[u8]) -> Option<&[u8]> {
    bytes
        .strip_prefix(b"\n")
        .or_else(|| bytes.strip_prefix(b"\r\n"))
}

fn agrees(bytes: &[u8], other: &[u8]) -> bool {
    bytes.iter().zip(other).all(|(a, b)| a == b)
}

/// What may stand in a value: no control character but the tab.
fn is_text(byte: u8) -> bool {
    byte == b'\t' || (byte >= b' ' && byte != 0x7f)
}

fn trim(bytes: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = bytes
        .iter()
        .position(|it| !is_space(it))
        .unwrap_or(bytes.len());
    let end = bytes
        .iter()
        .rposition(|it| !is_space(it))
        .map_or(start, |it| it + 1);
    &bytes[start..end]
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn malformed() -> Error {
    HttpException::Malformed(String::new()).into()
}

fn bad_status_line() -> Error {
    HttpException::BadStatusLine(String::new()).into()
}

fn disconnected() -> Error {
    HttpException::RemoteDisconnected.into()
}

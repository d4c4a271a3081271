//! What a request may be, and how it goes out: the rules of the interface, written a second time.

use crate::calls::{Body, FILE};
use crate::fault::Fault;

/// The head of a request, as far as it was given.
#[derive(Clone, Debug)]
pub struct Head {
    pub method: String,
    pub target: String,
    /// What `Host` says by itself.
    host: Option<String>,
    accept_encoding: bool,
    pub fields: Vec<(String, Vec<u8>)>,
}

/// What may follow a head.
#[derive(Clone, Debug, PartialEq)]
pub enum Transfer {
    /// Nothing was announced.
    Nothing,
    /// So many bytes are missing.
    Left(u64),
    /// Chunks, and no end of them.
    Chunks,
    /// The caller's own coding.
    Unframed,
    /// Nothing: all of it was given.
    Ended,
}

impl Transfer {
    /// Body goes out; `is_whole` where nothing may follow. A stream is known to be too long or too short when it is
    /// read.
    pub fn take(&mut self, body: &Body, is_whole: bool) -> Result<(), Fault> {
        let length = body.contents().len() as u64;
        match self {
            Self::Left(left) if length > *left || (is_whole && length < *left) => {
                return Err(Fault::Value);
            }
            Self::Left(left) => *left -= length,
            Self::Nothing | Self::Ended if length > 0 => return Err(Fault::Value),
            _ => {}
        }
        if is_whole {
            *self = Self::Ended;
        }
        Ok(())
    }
}

/// The headers that are added by themselves.
pub enum Announced {
    Nothing,
    Length(u64),
    Chunked,
}

/// Whether it is a token (RFC 9110 §5.6.2).
pub fn is_token(text: &str) -> bool {
    let is_tchar = |c: char| c.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(c);
    !text.is_empty() && text.chars().all(is_tchar)
}

/// The bytes of a header's value, in Latin-1.
pub fn value(text: &str) -> Result<Vec<u8>, Fault> {
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    if unfolded.contains(['\r', '\n', '\0']) {
        return Err(Fault::Value);
    }
    let bytes = text.chars().map(|c| u8::try_from(u32::from(c)));
    bytes.collect::<Result<_, _>>().map_err(|_| Fault::Value)
}

/// A `Content-Length`.
fn length(value: &[u8]) -> Result<u64, Fault> {
    let digits = std::str::from_utf8(value).map_err(|_| Fault::Value)?;
    let is_plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let number = digits
        .parse::<u64>()
        .ok()
        .filter(|it| i64::try_from(*it).is_ok());
    number.filter(|_| is_plain).ok_or(Fault::Value)
}

impl Body {
    /// How long it is, where that is known before.
    pub fn known(&self) -> Result<Option<u64>, Fault> {
        match self {
            Self::Bytes(bytes) => Ok(Some(bytes.len() as u64)),
            Self::File => Ok(Some(FILE.len() as u64)),
            Self::Stream => Ok(None),
            Self::Directory => Err(Fault::UnimplementedFileMode),
        }
    }

    /// What is in it.
    pub fn contents(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::File | Self::Stream => FILE,
            Self::Directory => &[],
        }
    }
}

impl Head {
    /// A request line, or what may be said of it instead. `host` is that of the connection.
    pub fn new(
        method: &str,
        selector: &str,
        host: Option<&str>,
        accept_encoding: bool,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        if !is_token(method) {
            faults.push(Fault::Value);
        }
        let authority = authority(method, selector);
        let is_sendable = selector.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_sendable || authority.as_deref() == Some("") {
            faults.push(Fault::InvalidUrl);
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let target = selector.split('#').next().unwrap_or_default();
        Ok(Self {
            method: method.to_owned(),
            target: if target.is_empty() { "/" } else { target }.to_owned(),
            host: host.map(|host| authority.unwrap_or_else(|| host.to_owned())),
            accept_encoding,
            fields: Vec::new(),
        })
    }

    /// Whether a header was given.
    pub fn has(&self, name: &str) -> bool {
        self.given(name).next().is_some()
    }

    fn given(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let named = move |(known, _): &&(String, Vec<u8>)| known.eq_ignore_ascii_case(name);
        self.fields
            .iter()
            .filter(named)
            .map(|(_, value)| &value[..])
    }

    /// Whether a header has this member.
    pub fn says(&self, name: &str, member: &str) -> bool {
        self.given(name).any(|value| {
            let members = value.split(|byte| *byte == b',');
            let mut members = members.map(<[u8]>::trim_ascii);
            members.any(|it| it.eq_ignore_ascii_case(member.as_bytes()))
        })
    }

    /// `putheader`.
    pub fn push(&mut self, name: &str, values: &[String]) -> Result<(), Fault> {
        let value = value(&values.join("\r\n\t"))?;
        if !is_token(name) {
            return Err(Fault::Value);
        }
        if name.eq_ignore_ascii_case("Content-Length") {
            let length = length(&value)?;
            if self.has("Transfer-Encoding") || self.length().is_some_and(|it| it != length) {
                return Err(Fault::Value);
            }
        }
        if name.eq_ignore_ascii_case("Transfer-Encoding") && self.has("Content-Length") {
            return Err(Fault::Value);
        }
        self.fields.push((name.to_owned(), value));
        Ok(())
    }

    fn length(&self) -> Option<u64> {
        self.given("Content-Length")
            .next()
            .and_then(|it| length(it).ok())
    }

    /// Whether the codings end with `chunked`, once.
    fn is_chunked(&self) -> bool {
        let codings: Vec<_> = self.given("Transfer-Encoding").collect();
        let codings = codings.join(&b","[..]);
        let members = codings.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
        let members: Vec<_> = members.filter(|it| !it.is_empty()).collect();
        let chunked = |it: &&&[u8]| it.eq_ignore_ascii_case(b"chunked");
        members.last().is_some_and(|it| chunked(&it)) && members.iter().filter(chunked).count() == 1
    }

    /// What is announced, and what may follow. `is_later`: `send` may bring what was announced.
    pub fn announce(
        &self,
        body: Option<&Body>,
        is_later: bool,
        encode_chunked: bool,
    ) -> Result<(Announced, Transfer), Fault> {
        let known = body.map_or(Ok(None), Body::known)?;
        if self.has("Transfer-Encoding") {
            return match (encode_chunked, self.is_chunked()) {
                (false, _) => Ok((Announced::Nothing, Transfer::Unframed)),
                (true, true) => Ok((Announced::Nothing, Transfer::Chunks)),
                (true, false) => Err(Fault::Value),
            };
        }
        if let Some(given) = self.length() {
            let is_wrong = match known {
                Some(known) if is_later => known > given,
                Some(known) => known != given,
                None => false,
            };
            return match is_wrong {
                true => Err(Fault::Value),
                false => Ok((Announced::Nothing, Transfer::Left(given))),
            };
        }
        let wants_length = ["PUT", "POST", "PATCH"]
            .iter()
            .any(|it| it.eq_ignore_ascii_case(&self.method));
        Ok(match (body, known) {
            (None, _) if wants_length && !is_later => (Announced::Length(0), Transfer::Left(0)),
            (None, _) => (Announced::Nothing, Transfer::Nothing),
            (Some(_), Some(known)) => (Announced::Length(known), Transfer::Left(known)),
            (Some(_), None) => (Announced::Chunked, Transfer::Chunks),
        })
    }

    /// The bytes of the head.
    pub fn bytes(&self, announced: &Announced) -> Vec<u8> {
        let mut lines = vec![format!("{} {} HTTP/1.1", self.method, self.target).into_bytes()];
        let line = |name: &str, value: &[u8]| [name.as_bytes(), b": ", value].concat();
        if let Some(host) = self.host.as_ref().filter(|_| !self.has("Host")) {
            lines.push(line("Host", host.as_bytes()));
        }
        if self.accept_encoding && !self.has("Accept-Encoding") {
            lines.push(line("Accept-Encoding", b"identity"));
        }
        match announced {
            Announced::Nothing => {}
            Announced::Length(length) => {
                lines.push(line("Content-Length", length.to_string().as_bytes()));
            }
            Announced::Chunked => lines.push(line("Transfer-Encoding", b"chunked")),
        }
        lines.extend(self.fields.iter().map(|(name, value)| line(name, value)));
        lines.extend([Vec::new(), Vec::new()]);
        lines.join(&b"\r\n"[..])
    }
}

/// The authority that the target itself has.
fn authority(method: &str, selector: &str) -> Option<String> {
    if method == "CONNECT" {
        return Some(selector.to_owned());
    }
    let (scheme, rest) = selector.split_once("://")?;
    if !["http", "https"]
        .iter()
        .any(|it| it.eq_ignore_ascii_case(scheme))
    {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    match (host.starts_with('['), host.split_once('%')) {
        (true, Some((address, zone))) => {
            let behind = zone.split_once(']').map_or("", |(_, behind)| behind);
            Some(format!("{address}]{behind}"))
        }
        _ => Some(host.to_owned()),
    }
}

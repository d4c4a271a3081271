//! The head of a request, put together and checked: RFC 9112 §3 and §5. It sends nothing.
//!
//! Everything a caller gives is checked when it is given, and refused whole: a request line or a
//! header can't be broken out of, and a body can't be announced in two ways. On the wire come the
//! request line, `Host`, `Accept-Encoding`, the length of the body, and the caller's headers as they
//! gave them; each automatic header gives way to the caller's own.

mod codings;

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::ops::Range;

use self::codings::Codings;
use super::grammar::is_ows;
use super::{InvalidRequest, is_token, list_members, parse_length};

/// Between the arguments of one header: a fold.
const CONTINUATION: &[u8] = b"\r\n\t";

/// The method, the target and the headers of a request.
#[derive(Clone, Debug)]
pub struct RequestHead {
    method: String,
    target: String,
    automatic: Automatic,
    /// The caller's header lines, as they go out.
    lines: Vec<u8>,
    /// Where the names stand in `lines`.
    names: Vec<Range<usize>>,
    content_length: Option<u64>,
    codings: Codings,
    says_close: bool,
    expects_continue: bool,
}

/// The headers that are sent without the caller's doing, unless they give their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// The value of `Host`; `None` leaves it out.
    pub host: Option<Vec<u8>>,
    /// Whether `Accept-Encoding: identity` is sent.
    pub accept_encoding: bool,
}

/// What is known of the body when the head is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyLength {
    /// The caller sends the body, if any, afterwards: headers stay as given.
    Later,
    /// There is no body: `Content-Length: 0` for PUT, POST and PATCH, nothing for other methods.
    None,
    /// So many bytes.
    Known(u64),
    /// As many bytes as come; sent chunked unless the caller's headers say otherwise.
    Unknown,
}

/// How the body follows its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Bytes go out as they are.
    Plain {
        /// The number of bytes that the head announced; `None` when the caller's own
        /// Transfer-Encoding frames them.
        length: Option<u64>,
    },
    /// Nothing was announced, neither Content-Length nor Transfer-Encoding: no byte may follow.
    Nothing,
    /// Each block goes out as a chunk, then the last chunk.
    Chunked,
}

/// The automatic header about the body.
enum Announcement {
    None,
    ContentLength(u64),
    Chunked,
}

impl RequestHead {
    /// The head of a request to `target`: a path with a query, an absolute URL or, for CONNECT, an
    /// authority. An empty one means `/`; a fragment is left out.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Value`] for a method that is no token or a `Host` that is no header value,
    /// [`InvalidRequest::Target`] for a target with a space, a control character or a character
    /// beyond ASCII.
    pub fn new(method: &str, target: &str, automatic: Automatic) -> Result<Self, InvalidRequest> {
        check_method(method)?;
        let target = sent_target(target)?.to_string();
        if let Some(host) = &automatic.host {
            check_value("Host", host)?;
        }
        Ok(Self {
            method: method.to_string(),
            target,
            automatic,
            lines: Vec::new(),
            names: Vec::new(),
            content_length: None,
            codings: Codings::default(),
            says_close: false,
            expects_continue: false,
        })
    }

    /// Adds a header. Several values become one, each but the first on a continuation line.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Value`], and nothing is changed: the name is no token; a value has a
    /// NUL, or a CR or LF that is no fold; a Content-Length is no number,
    /// or another one than before, or stands beside a Transfer-Encoding.
    pub fn push<V: AsRef<[u8]>>(&mut self, name: &str, values: &[V]) -> Result<(), InvalidRequest> {
        check_name(name)?;
        let value = joined(values);
        check_value(name, &value)?;
        let content_length = self.check_framing(name, &value)?;

        let start = self.lines.len();
        put_line(&mut self.lines, name, &value);
        self.names.push(start..start + name.len());
        self.content_length = content_length;
        if name.eq_ignore_ascii_case("Transfer-Encoding") {
            self.codings = self.codings.then(&value);
        }
        let says = |header: &str, token: &[u8]| {
            name.eq_ignore_ascii_case(header)
                && list_members(&value)
                    .any(|member| member.trim_ascii().eq_ignore_ascii_case(token))
        };
        self.says_close |= says("Connection", b"close");
        self.expects_continue |= says("Expect", b"100-continue");
        Ok(())
    }

    /// Whether the caller gave a header with this name, in any case.
    pub fn has(&self, name: &str) -> bool {
        self.names
            .iter()
            .any(|range| self.lines[range.clone()].eq_ignore_ascii_case(name.as_bytes()))
    }

    /// Whether the caller's `Connection` says that this is its last request (RFC 9112 §9.6).
    pub fn says_close(&self) -> bool {
        self.says_close
    }

    /// Whether the caller wants to hear `100 Continue` before the body is sent (RFC 9110 §10.1.1).
    pub fn expects_continue(&self) -> bool {
        self.expects_continue
    }

    /// The method.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The bytes of the head, and how the body follows. With `encode_chunked`, a body under the
    /// caller's own Transfer-Encoding is cut into chunks for them.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Value`] when the caller's Content-Length is not the length of the body, or their
    /// Transfer-Encoding does not say that it is cut into chunks.
    pub fn finish(
        &self,
        body: BodyLength,
        encode_chunked: bool,
    ) -> Result<(Vec<u8>, Transfer), InvalidRequest> {
        let (announcement, transfer) = self.announce(body, encode_chunked)?;
        // The request line and the automatic headers are rarely longer than their values and this.
        let capacity = self.method.len() + self.target.len() + self.lines.len() + 160;
        let mut head = Vec::with_capacity(capacity);
        for part in [&self.method, " ", &self.target, " HTTP/1.1\r\n"] {
            head.extend_from_slice(part.as_bytes());
        }
        if let Some(host) = &self.automatic.host
            && !self.has("Host")
        {
            put_line(&mut head, "Host", host);
        }
        if self.automatic.accept_encoding && !self.has("Accept-Encoding") {
            put_line(&mut head, "Accept-Encoding", b"identity");
        }
        match announcement {
            Announcement::None => {}
            Announcement::ContentLength(length) => {
                put_line(&mut head, "Content-Length", length.to_string().as_bytes());
            }
            Announcement::Chunked => put_line(&mut head, "Transfer-Encoding", b"chunked"),
        }
        head.extend_from_slice(&self.lines);
        head.extend_from_slice(b"\r\n");
        Ok((head, transfer))
    }

    /// The Content-Length of the request once this header is added to it (RFC 9112 §6.2).
    fn check_framing(&self, name: &str, value: &[u8]) -> Result<Option<u64>, InvalidRequest> {
        let both = || invalid("both content length and transfer encoding were given".to_string());
        if name.eq_ignore_ascii_case("Transfer-Encoding") && self.content_length.is_some() {
            return Err(both());
        }
        if !name.eq_ignore_ascii_case("Content-Length") {
            return Ok(self.content_length);
        }
        if self.has("Transfer-Encoding") {
            return Err(both());
        }
        let Some(length) = parse_length(value) else {
            let value = super::latin1(value);
            return Err(invalid(format!("invalid content length {value:?}")));
        };
        match self.content_length {
            Some(before) if before != length => Err(invalid(format!(
                "two content lengths were given: {before} and {length}"
            ))),
            _ => Ok(Some(length)),
        }
    }

    fn announce(
        &self,
        body: BodyLength,
        encode_chunked: bool,
    ) -> Result<(Announcement, Transfer), InvalidRequest> {
        let plain = |length| Transfer::Plain { length };
        if self.has("Transfer-Encoding") {
            let transfer = match encode_chunked {
                true => self.codings.require_chunks()?,
                false => plain(None),
            };
            return Ok((Announcement::None, transfer));
        }
        if let Some(given) = self.content_length {
            check_length(given, body)?;
            return Ok((Announcement::None, plain(Some(given))));
        }
        let announced = |length| (Announcement::ContentLength(length), plain(Some(length)));
        Ok(match body {
            BodyLength::Known(length) => announced(length),
            BodyLength::None if self.is_expected_to_have_a_body() => announced(0),
            BodyLength::None | BodyLength::Later => (Announcement::None, Transfer::Nothing),
            BodyLength::Unknown => (Announcement::Chunked, Transfer::Chunked),
        })
    }

    /// RFC 9110 §8.6: servers want a length with these even when it is 0.
    fn is_expected_to_have_a_body(&self) -> bool {
        ["PUT", "POST", "PATCH"]
            .iter()
            .any(|method| self.method.eq_ignore_ascii_case(method))
    }
}

/// Fields that frame or route a message, or change how it is read, are no trailers (RFC 9110 §6.5.1).
const NO_TRAILERS: [&str; 17] = [
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "cookie",
    "expect",
    "host",
    "max-forwards",
    "proxy-authorization",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The trailer section behind a chunked body, as it goes out: a line for each field.
///
/// # Errors
///
/// [`InvalidRequest::Value`] as for [`RequestHead::push`], and for a field that can't be a trailer.
pub fn trailer_section<N, V>(fields: &[(N, V)]) -> Result<Vec<u8>, InvalidRequest>
where
    N: AsRef<str>,
    V: AsRef<[u8]>,
{
    let mut section = Vec::new();
    for (name, value) in fields {
        let name = name.as_ref();
        check_name(name)?;
        if NO_TRAILERS.iter().any(|no| no.eq_ignore_ascii_case(name)) {
            return Err(invalid(format!("{name} can't be a trailer")));
        }
        let value = value.as_ref();
        check_value(name, value)?;
        put_line(&mut section, name, value);
    }
    Ok(section)
}

fn check_name(name: &str) -> Result<(), InvalidRequest> {
    if is_token(name.as_bytes()) {
        Ok(())
    } else {
        Err(invalid(format!("invalid header name {name:?}")))
    }
}

fn check_method(method: &str) -> Result<(), InvalidRequest> {
    if let Some(control) = method.chars().find(|char| char.is_ascii_control()) {
        return Err(invalid(format!(
            "method can't contain control characters: {method:?} (found at least {control:?})"
        )));
    }
    if !is_token(method.as_bytes()) {
        return Err(invalid(format!("invalid method {method:?}")));
    }
    Ok(())
}

/// `target` as it goes into the request line. All of it is checked, the fragment too.
fn sent_target(target: &str) -> Result<&str, InvalidRequest> {
    let forbidden = |char: &char| !matches!(char, '\u{21}'..='\u{7e}');
    if let Some(char) = target.chars().find(forbidden) {
        let what = if char.is_ascii() {
            "control characters or spaces"
        } else {
            "characters beyond ASCII"
        };
        return Err(InvalidRequest::Target(format!(
            "URL can't contain {what}: {target:?} (found at least {char:?})"
        )));
    }
    let sent = target.split('#').next().unwrap_or_default();
    Ok(if sent.is_empty() { "/" } else { sent })
}

fn joined<V: AsRef<[u8]>>(values: &[V]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            bytes.extend_from_slice(CONTINUATION);
        }
        bytes.extend_from_slice(value.as_ref());
    }
    bytes
}

fn check_value(name: &str, value: &[u8]) -> Result<(), InvalidRequest> {
    let mut rest = value;
    while let [first, tail @ ..] = rest {
        rest = match (first, tail) {
            (b'\r', [b'\n', space, tail @ ..]) if is_ows(*space) => tail,
            (b'\r' | b'\n', _) => return Err(invalid_value(name, "a line break that is no fold")),
            (b'\0', _) => return Err(invalid_value(name, "a NUL")),
            _ => tail,
        };
    }
    Ok(())
}

fn check_length(given: u64, body: BodyLength) -> Result<(), InvalidRequest> {
    let length = match body {
        BodyLength::Known(length) => length,
        BodyLength::None => 0,
        BodyLength::Later | BodyLength::Unknown => return Ok(()),
    };
    if length == given {
        return Ok(());
    }
    Err(invalid(format!(
        "content length {given} was given for a body of {length} bytes"
    )))
}

fn put_line(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    for part in [name.as_bytes(), b": ", value, b"\r\n"] {
        head.extend_from_slice(part);
    }
}

/// Without the value itself, which may be a secret.
fn invalid_value(name: &str, what: &str) -> InvalidRequest {
    invalid(format!("invalid header value: {what} in {name}"))
}

fn invalid(what: String) -> InvalidRequest {
    InvalidRequest::Value(what)
}

#[cfg(test)]
mod tests;

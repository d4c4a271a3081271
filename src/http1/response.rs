//! The head of a response, read as it comes in: RFC 9112 §4 and §5, and HTTP/0.9.
//!
//! A [`ReplyReader`] waits for a status line, then for the header section behind it. An interim head
//! is put aside and the wait begins anew; any other head ends it. The status line is judged as soon
//! as it is complete: a peer that speaks something else would keep the rest waiting for ever. A few
//! empty lines may stand before it: some servers end a body, or an interim head, with one too many.

use alloc::vec::Vec;

use super::grammar::{is_field_text, line_end, strip_line_end, trim_ows};
use super::line::{Section, check_line};
use super::{Counted, Error, Headers, Limits, Line, Malformed};

/// What every status line begins with, and no HTTP/0.9 reply.
const PROTOCOL: &[u8] = b"HTTP/";

/// The protocol version of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// No head at all, only a body.
    Http09,
    /// HTTP/1.0.
    Http10,
    /// HTTP/1.1, and HTTP/1.2 to 1.9, which are to be taken for it (RFC 9110 §2.5).
    Http11,
}

impl Version {
    /// The number that `httplib` gives it: 9, 10 or 11.
    pub fn number(self) -> u16 {
        match self {
            Self::Http09 => 9,
            Self::Http10 => 10,
            Self::Http11 => 11,
        }
    }
}

/// A status line and the headers behind it.
#[derive(Clone, Debug)]
pub struct ResponseHead {
    /// The version in the status line.
    pub version: Version,
    /// The status code, 100 to 999.
    pub status: u16,
    /// The reason phrase in Latin-1, without whitespace around it; may be empty.
    pub reason: Vec<u8>,
    /// The headers.
    pub headers: Headers,
}

/// Whether a response has to begin with a status line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusLine {
    /// Anything else is [`Error::BadStatusLine`].
    Required,
    /// Anything else is an HTTP/0.9 reply: for the first response on a connection that is not
    /// `strict` and goes through no tunnel.
    Optional,
}

/// A final response, as far as its head goes.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The interim responses before it, in order: 1xx but 101.
    pub interim: Vec<ResponseHead>,
    /// Its head. HTTP/0.9 has none: status 200, an empty reason, no headers.
    pub head: ResponseHead,
    /// HTTP/0.9 only: the first bytes of the body, which the reader had taken already.
    pub prefix: Vec<u8>,
}

/// Reads one final response head and the interim ones before it.
///
/// After the reply, or an error, it takes nothing more.
#[derive(Debug)]
pub struct ReplyReader {
    limits: Limits,
    status_line: StatusLine,
    interim: Vec<ResponseHead>,
    /// Bytes of the interim heads, and of the head under way.
    received: usize,
    state: State,
    begun: bool,
}

#[derive(Debug, Default)]
enum State {
    /// In front of a status line, of which `held` has come. Goes to `Section` or `Over`.
    StatusLine {
        /// The empty lines before it, which are the beginning of an HTTP/0.9 reply if it is none.
        empty: Vec<u8>,
        held: Vec<u8>,
    },
    /// Behind a status line. Goes to `StatusLine` after an interim head, else to `Over`.
    Section { start: StartLine, lines: Section },
    /// A reply was given out, or an error. Terminal.
    #[default]
    Over,
}

/// What a status line says.
#[derive(Debug)]
struct StartLine {
    version: Version,
    status: u16,
    reason: Vec<u8>,
}

/// What a state made of its input.
enum Progress {
    More(State),
    Head(ResponseHead),
    /// Not HTTP/1: these bytes were taken before that was clear.
    Headless(Vec<u8>),
}

impl ReplyReader {
    /// A reader in front of a response.
    pub fn new(limits: Limits, status_line: StatusLine) -> Self {
        Self {
            limits,
            status_line,
            interim: Vec::new(),
            received: 0,
            state: State::in_front(),
            begun: false,
        }
    }

    /// Takes bytes from the front of `input`, never one behind the head: how many, and the reply once
    /// it is complete. Without a reply all of `input` was taken and more is needed.
    ///
    /// # Errors
    ///
    /// What came is no response head, or goes beyond a limit.
    pub fn read(&mut self, input: &[u8]) -> Result<(usize, Option<Reply>), Error> {
        self.begun |= !input.is_empty();
        let mut taken = 0;
        loop {
            let rest = &input[taken..];
            let (took, progress) = match core::mem::take(&mut self.state) {
                State::StatusLine { empty, held } => self.read_status_line(empty, held, rest)?,
                State::Section { start, lines } => read_section(start, lines, rest)?,
                State::Over => return Ok((taken, None)),
            };
            taken += took;
            self.received += took;
            match progress {
                Progress::More(state) => {
                    self.state = state;
                    if taken == input.len() {
                        return Ok((taken, None));
                    }
                }
                Progress::Head(head) if is_interim(head.status) => self.put_aside(head)?,
                Progress::Head(head) => {
                    let reply = self.reply(head, Vec::new());
                    return Ok((taken, Some(reply)));
                }
                Progress::Headless(prefix) => {
                    let reply = self.reply(headless(), prefix);
                    return Ok((taken, Some(reply)));
                }
            }
        }
    }

    /// The stream ended. What came may be a whole HTTP/0.9 reply.
    ///
    /// # Errors
    ///
    /// [`Error::RemoteDisconnected`] when nothing of the final response came, [`Error::BadStatusLine`]
    /// when what came begins no status line or is empty lines, [`Error::Malformed`] when it ends inside the head.
    pub fn end(&mut self) -> Result<Reply, Error> {
        let received = match core::mem::take(&mut self.state) {
            State::Over => return Err(Error::RemoteDisconnected),
            State::StatusLine { empty, held } if empty.is_empty() && held.is_empty() => {
                return Err(Error::RemoteDisconnected);
            }
            State::StatusLine { empty, held }
                if self.may_be_headless() && !held.starts_with(PROTOCOL) =>
            {
                return Ok(self.reply(headless(), [empty, held].concat()));
            }
            State::StatusLine { held, .. } if held.is_empty() || !agrees_with_protocol(&held) => {
                return Err(Error::BadStatusLine(held));
            }
            State::StatusLine { held, .. } => held.len(),
            State::Section { lines, .. } => lines.received(),
        };
        Err(Malformed::HeadCutShort(received).into())
    }

    /// Whether a byte of any response has come, interim ones included.
    pub fn has_begun(&self) -> bool {
        self.begun
    }

    /// The interim responses so far.
    pub fn interim(&self) -> &[ResponseHead] {
        &self.interim
    }

    fn read_status_line(
        &self,
        empty: Vec<u8>,
        mut held: Vec<u8>,
        input: &[u8],
    ) -> Result<(usize, Progress), Error> {
        let mut begun = held.iter().chain(input);
        match (begun.next(), begun.next()) {
            (Some(b'\n'), _) | (Some(b'\r'), Some(b'\n')) => {
                return self.skip_empty_line(empty, &held, input);
            }
            // It may become an empty line.
            (Some(b'\r'), None) => {}
            _ if self.may_be_headless() && !agrees_with_protocol(held.iter().chain(input)) => {
                return Ok((0, Progress::Headless([empty, held].concat())));
            }
            _ => {}
        }
        let end = line_end(input);
        let taken = end.unwrap_or(input.len());
        let length = held.len() + taken;
        check_line(Line::Status, 0, length, &self.limits)?;
        let line = if held.is_empty() && end.is_some() {
            &input[..taken]
        } else {
            held.extend_from_slice(&input[..taken]);
            &held
        };
        let state = if end.is_some() {
            let start = StartLine::parse(strip_line_end(line))?;
            let lines = Section::headers(self.limits, length);
            State::Section { start, lines }
        } else {
            State::StatusLine { empty, held }
        };
        Ok((taken, Progress::More(state)))
    }

    /// Takes an empty line, which `held` and `input` begin with.
    fn skip_empty_line(
        &self,
        mut empty: Vec<u8>,
        held: &[u8],
        input: &[u8],
    ) -> Result<(usize, Progress), Error> {
        let taken = line_end(input).unwrap_or_default();
        empty.extend_from_slice(held);
        empty.extend_from_slice(&input[..taken]);
        let limit = self.limits.empty_lines;
        let lines = empty.iter().filter(|byte| **byte == b'\n').count();
        if lines <= limit {
            let held = Vec::new();
            return Ok((taken, Progress::More(State::StatusLine { empty, held })));
        }
        if self.may_be_headless() {
            return Ok((taken, Progress::Headless(empty)));
        }
        let what = Counted::EmptyLines;
        Err(Error::TooMany { what, limit })
    }

    /// Whether HTTP/0.9 is possible: its server knows of no interim responses.
    fn may_be_headless(&self) -> bool {
        self.status_line == StatusLine::Optional && self.interim.is_empty()
    }

    fn put_aside(&mut self, head: ResponseHead) -> Result<(), Error> {
        let limit = self.limits.interim_responses;
        if self.interim.len() == limit {
            let what = Counted::InterimResponses;
            return Err(Error::TooMany { what, limit });
        }
        let limit = self.limits.head;
        if self.received > limit {
            let what = Counted::InterimBytes;
            return Err(Error::TooMany { what, limit });
        }
        self.interim.push(head);
        self.state = State::in_front();
        Ok(())
    }

    fn reply(&mut self, head: ResponseHead, prefix: Vec<u8>) -> Reply {
        Reply {
            interim: core::mem::take(&mut self.interim),
            head,
            prefix,
        }
    }
}

impl State {
    fn in_front() -> Self {
        Self::StatusLine {
            empty: Vec::new(),
            held: Vec::new(),
        }
    }
}

impl StartLine {
    /// `HTTP/1.d SP 3DIGIT [SP reason]`, without its line end. RFC 9112 §4 wants the second space even
    /// without a reason; many servers leave it out.
    fn parse(line: &[u8]) -> Result<Self, Error> {
        let bad = || Error::BadStatusLine(line.to_vec());
        let number = line.strip_prefix(PROTOCOL).ok_or_else(bad)?;
        let is_space = |byte: &u8| byte.is_ascii_whitespace();
        let end = number.iter().position(is_space).unwrap_or(number.len());
        let (number, rest) = number.split_at(end);
        let version = match number {
            b"1.0" => Version::Http10,
            [b'1', b'.', b'1'..=b'9'] => Version::Http11,
            _ => {
                let version = &line[..PROTOCOL.len() + end];
                return Err(Error::UnknownProtocol(version.to_vec()));
            }
        };
        let [
            b' ',
            a @ b'1'..=b'9',
            b @ b'0'..=b'9',
            c @ b'0'..=b'9',
            tail @ ..,
        ] = rest
        else {
            return Err(bad());
        };
        let status = [a, b, c]
            .iter()
            .fold(0, |status, digit| status * 10 + u16::from(**digit - b'0'));
        let reason = match tail {
            [] => &[],
            [b' ', reason @ ..] if is_field_text(reason) => trim_ows(reason),
            _ => return Err(bad()),
        };
        Ok(Self {
            version,
            status,
            reason: reason.to_vec(),
        })
    }
}

fn read_section(
    start: StartLine,
    mut lines: Section,
    input: &[u8],
) -> Result<(usize, Progress), Error> {
    let (taken, headers) = lines.read(input)?;
    let progress = match headers {
        None => Progress::More(State::Section { start, lines }),
        Some(headers) => Progress::Head(ResponseHead {
            version: start.version,
            status: start.status,
            reason: start.reason,
            headers,
        }),
    };
    Ok((taken, progress))
}

/// Whether `bytes`, as far as they go, may begin a status line.
fn agrees_with_protocol<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> bool {
    bytes.into_iter().zip(PROTOCOL).all(|(a, b)| a == b)
}

/// 101 is final: what follows it is no longer HTTP (RFC 9110 §15.2.2).
fn is_interim(status: u16) -> bool {
    (100..200).contains(&status) && status != 101
}

/// What stands for the head of an HTTP/0.9 reply.
fn headless() -> ResponseHead {
    ResponseHead {
        version: Version::Http09,
        status: 200,
        reason: Vec::new(),
        headers: Headers::default(),
    }
}

#[cfg(test)]
mod tests;

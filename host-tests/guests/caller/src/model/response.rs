//! `http-response`: the head, and a body that is read in any way.

use super::connection::at_least_one;
use super::request::Head;
use super::upgraded::Upgraded;
use super::{Interface, Model, some_of};
use crate::calls::{Fields, Outcome, ResponseCall};
use crate::fault::Fault;
use crate::replies::Reply;

/// What is known of a response.
#[derive(Clone, Debug)]
pub struct Response {
    pub reply: &'static str,
    status: u16,
    reason: String,
    version: u16,
    pub headers: Fields,
    interim: u64,
    pub will_close: bool,
    /// The socket that it reads from.
    pub link: usize,
    /// What is left of the body, as far as it comes.
    pub rest: Vec<u8>,
    framing: Framing,
    trailers: Fields,
    pub unread: Unread,
    /// Whether a call of it was given up, which may have received more than it gave.
    pub was_abandoned: bool,
}

/// How the end of a body is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    /// By a length, and so many bytes never come.
    Length(u64),
    Chunks,
    /// By chunks that break.
    Broken,
    /// By the end of the connection.
    End,
}

/// What reads give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// What is left.
    Open,
    /// Nothing: all of it was read.
    Complete,
    /// Nothing: it was given up.
    Closed,
    /// This, for ever, once what was received is read.
    Failed(Fault),
    /// Nothing: the stream is no longer HTTP.
    Switched,
}

impl Response {
    /// The response, or what may be said of the reply instead.
    pub fn new(
        reply: &'static Reply,
        head: &Head,
        link: usize,
        must_have_status_line: bool,
        max_headers: Option<u32>,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = match reply.name {
            "nothing" => vec![Fault::RemoteDisconnected],
            "banner" if must_have_status_line => vec![Fault::BadStatusLine],
            "banner" => return Ok(Self::simple(reply, link)),
            "no-status" => vec![Fault::BadStatusLine],
            "two-lengths" | "half-a-head" => vec![Fault::Malformed],
            "unknown-coding" => vec![Fault::UnknownTransferEncoding],
            "other-version" => vec![Fault::UnknownProtocol],
            _ => Vec::new(),
        };
        let headers = fields(reply.head);
        let has_too_many = |lines: usize| max_headers.is_some_and(|most| lines > most as usize);
        if has_too_many(headers.len()) || has_too_many(fields(reply.before).len()) {
            faults.push(Fault::TooMany);
        }
        match faults.is_empty() {
            true => Ok(Self::full(reply, head, headers, link)),
            false => Err(faults),
        }
    }

    /// HTTP/0.9.
    fn simple(reply: &'static Reply, link: usize) -> Self {
        Self {
            reply: reply.name,
            status: 200,
            reason: String::new(),
            version: 9,
            headers: Vec::new(),
            interim: 0,
            will_close: true,
            link,
            rest: reply.wire(),
            framing: Framing::End,
            trailers: Vec::new(),
            unread: Unread::Open,
            was_abandoned: false,
        }
    }

    fn full(reply: &'static Reply, head: &Head, headers: Fields, link: usize) -> Self {
        let (status, reason) = status_line(reply.head);
        let version = if reply.head.starts_with("HTTP/1.0") {
            10
        } else {
            11
        };
        let is_bodiless = head.method == "HEAD" || [101, 204, 304].contains(&status);
        let value = |name: &str| {
            let mut found = headers.iter().filter(|(known, _)| known == name);
            found.next().map(|(_, value)| value.as_str())
        };
        let length = value("Content-Length").and_then(|it| it.parse::<u64>().ok());
        let is_chunked = value("Transfer-Encoding") == Some("chunked");
        let (framing, rest, trailers) = match (is_chunked, length) {
            _ if is_bodiless => (Framing::Length(0), Vec::new(), Vec::new()),
            (true, _) => chunks(&reply.wire()),
            (false, Some(length)) => {
                let rest = reply.wire();
                (
                    Framing::Length(length - rest.len() as u64),
                    rest,
                    Vec::new(),
                )
            }
            (false, None) => (Framing::End, reply.wire(), Vec::new()),
        };
        let says_close = value("Connection") == Some("close") || head.says("Connection", "close");
        let ends = says_close || version == 10 || status == 101 || framing == Framing::End;
        let unread = match framing {
            _ if status == 101 => Unread::Switched,
            Framing::Length(0) if rest.is_empty() => Unread::Complete,
            _ => Unread::Open,
        };
        let continues = u64::from(head.says("Expect", "100-continue"));
        Self {
            reply: reply.name,
            status,
            reason,
            version,
            interim: continues + u64::from(!reply.before.is_empty()),
            will_close: ends,
            headers,
            link,
            rest,
            framing,
            trailers,
            unread,
            was_abandoned: false,
        }
    }

    /// Whether it reads from its socket, or may hand it out.
    pub fn holds_socket(&self) -> bool {
        matches!(self.unread, Unread::Open | Unread::Switched)
    }

    /// Whether all of the body has arrived with the head, so that giving it up costs no connection.
    fn has_arrived(&self) -> bool {
        match self.framing {
            Framing::Length(missing) => missing == 0 && self.rest.len() < 1000,
            Framing::Chunks => true,
            Framing::Broken | Framing::End => false,
        }
    }

    fn length(&self) -> Option<u64> {
        match (&self.unread, self.framing) {
            (Unread::Open | Unread::Failed(_), Framing::Length(missing)) => {
                Some(self.rest.len() as u64 + missing)
            }
            (Unread::Open | Unread::Failed(_), _) => None,
            _ => Some(0),
        }
    }

    /// What a call meets that wants more than the rest.
    fn end(&mut self, partial: Vec<u8>) -> Result<(), Fault> {
        match self.framing {
            Framing::Length(0) | Framing::Chunks | Framing::End => {
                self.unread = Unread::Complete;
                Ok(())
            }
            Framing::Length(missing) => {
                self.unread = Unread::Failed(Fault::IncompleteRead(Vec::new(), Some(missing)));
                self.rest.clear();
                Err(Fault::IncompleteRead(partial, Some(missing)))
            }
            Framing::Broken => {
                self.unread = Unread::Failed(Fault::Malformed);
                Err(Fault::Malformed)
            }
        }
    }

    /// Takes the next `amount` bytes, or what is left of them.
    fn take(&mut self, amount: usize) -> Result<Vec<u8>, Fault> {
        if amount > self.rest.len() {
            match &self.unread {
                Unread::Failed(fault) => return Err(fault.clone()),
                Unread::Open => self.end(self.rest.clone())?,
                _ => {}
            }
        }
        let taken: Vec<u8> = self.rest.drain(..amount.min(self.rest.len())).collect();
        // The end of a framed body comes with its last byte.
        let is_framed = matches!(self.framing, Framing::Length(0) | Framing::Chunks);
        if amount > 0 && self.rest.is_empty() && is_framed && self.unread == Unread::Open {
            self.unread = Unread::Complete;
        }
        Ok(taken)
    }

    fn read(&mut self, amount: Option<u64>) -> Result<Vec<u8>, Fault> {
        match amount.map(usize::try_from) {
            Some(Ok(amount)) => self.take(amount),
            _ => self.take(usize::MAX),
        }
    }

    /// What is left of what a call takes and throws away, or copies.
    fn moved(&mut self, amount: Option<u64>) -> Outcome {
        let before = self.rest.len();
        match self.read(amount) {
            Ok(taken) => Outcome::Number(taken.len() as u64),
            Err(fault) => {
                self.rest.clear();
                let _ = before;
                Outcome::Failed(match fault {
                    Fault::IncompleteRead(_, expected) => {
                        Fault::IncompleteRead(Vec::new(), expected)
                    }
                    fault => fault,
                })
            }
        }
    }

    /// What some bytes may be, and whether they are taken.
    fn some(&mut self, most: u64, is_taken: bool, seen: &Outcome) -> Outcome {
        if self.rest.is_empty() {
            return match &self.unread {
                Unread::Failed(fault) => Outcome::Failed(fault.clone()),
                Unread::Open => match self.end(Vec::new()) {
                    Ok(()) => Outcome::Bytes(Vec::new()),
                    Err(fault) => Outcome::Failed(fault),
                },
                _ => Outcome::Bytes(Vec::new()),
            };
        }
        let bytes = some_of(&self.rest, most, seen);
        if is_taken {
            // It may read to the end of what is known.
            let taken = self.take(bytes.len());
            return taken.map_or_else(Outcome::Failed, Outcome::Bytes);
        }
        Outcome::Bytes(bytes)
    }

    fn read_line(&mut self, limit: Option<u64>) -> Result<Vec<u8>, Fault> {
        let limit = limit.map_or(usize::MAX, |it| usize::try_from(it).unwrap_or(usize::MAX));
        let line = self.rest.iter().position(|byte| *byte == b'\n');
        let line = line.map_or(usize::MAX, |end| end + 1);
        self.take(limit.min(line))
    }

    fn header(&self, name: &str) -> Option<String> {
        let named = self
            .headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name));
        let values: Vec<_> = named.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

impl Model {
    pub(super) fn response(&mut self, slot: usize, call: &ResponseCall, seen: &Outcome) -> Outcome {
        let Some(mut response) = self.responses[slot].take() else {
            return Outcome::Absent;
        };
        // The connection may have closed the socket meanwhile.
        let is_cut = response.unread == Unread::Open && !self.links[response.link].is_open;
        let reads = matches!(
            call,
            ResponseCall::Read(None | Some(1..))
                | ResponseCall::Read1(None | Some(1..))
                | ResponseCall::Splice(None | Some(1..))
                | ResponseCall::Discard(None | Some(1..))
                | ResponseCall::Peek(_)
                | ResponseCall::Readline(None | Some(1..))
        );
        if is_cut && reads {
            response.unread = Unread::Failed(Fault::NotConnected);
        }
        if is_cut && (reads || *call == ResponseCall::Length) {
            // What had not been read is lost, but it counts.
            let lost = std::mem::take(&mut response.rest).len() as u64;
            if let Framing::Length(missing) = &mut response.framing {
                *missing += lost;
            }
        }
        let held = response.holds_socket();
        let outcome = self.response_call(&mut response, is_cut, call, seen);
        if held {
            self.update_link(&response);
        }
        // The whole body was consumed with its response.
        let is_consumed = matches!(call, ResponseCall::Splice(_))
            && self.world.interface == Interface::Wasi03
            && outcome != Outcome::Absent;
        if !is_consumed {
            self.responses[slot] = Some(response);
        }
        outcome
    }

    fn response_call(
        &mut self,
        response: &mut Response,
        is_cut: bool,
        call: &ResponseCall,
        seen: &Outcome,
    ) -> Outcome {
        let bytes = |result: Result<Vec<u8>, Fault>| match result {
            Ok(bytes) => Outcome::Bytes(bytes),
            Err(fault) => Outcome::Failed(fault),
        };
        match call {
            ResponseCall::Status => Outcome::Number(response.status.into()),
            ResponseCall::Reason => Outcome::Text(response.reason.clone()),
            ResponseCall::Version => Outcome::Number(response.version.into()),
            ResponseCall::GetHeader(name, default) => {
                response.header(name).or_else(|| default.clone()).into()
            }
            ResponseCall::GetHeaders => Outcome::Fields(response.headers.clone()),
            ResponseCall::Read(amount) => bytes(response.read(*amount)),
            ResponseCall::Splice(Some(_)) if self.world.interface == Interface::Wasi03 => {
                Outcome::Absent
            }
            ResponseCall::Splice(amount) | ResponseCall::Discard(amount) => response.moved(*amount),
            ResponseCall::InterimResponses => Outcome::Number(response.interim),
            ResponseCall::Trailers => match response.unread {
                Unread::Complete | Unread::Switched => Outcome::Fields(response.trailers.clone()),
                // What was given up may have been read to its end.
                Unread::Closed if matches!(seen, Outcome::Fields(it) if *it == response.trailers) => {
                    seen.clone()
                }
                _ => Outcome::Nothing,
            },
            ResponseCall::Read1(Some(0)) => Outcome::Bytes(Vec::new()),
            ResponseCall::Read1(amount) => response.some(amount.unwrap_or(u64::MAX), true, seen),
            ResponseCall::Peek(_) => response.some(u64::MAX, false, seen),
            ResponseCall::Readline(limit) => bytes(response.read_line(*limit)),
            ResponseCall::Fileno => match (&response.unread, seen) {
                (Unread::Open, Outcome::Number(_)) if !is_cut => seen.clone(),
                (Unread::Open, _) if !is_cut => Outcome::Number(0),
                (Unread::Switched, Outcome::Number(_)) => seen.clone(),
                _ => Outcome::Nothing,
            },
            ResponseCall::IsClosed => {
                Outcome::Flag(!matches!(response.unread, Unread::Open | Unread::Failed(_)))
            }
            ResponseCall::Close => {
                self.close_response(response);
                Outcome::Done
            }
            ResponseCall::WillClose => Outcome::Flag(response.will_close),
            ResponseCall::Length => response.length().into(),
            ResponseCall::Subscribe => at_least_one(seen),
        }
    }

    /// Gives the socket back after the last byte, or closes it after a failure.
    fn update_link(&mut self, response: &Response) {
        let link = &mut self.links[response.link];
        match response.unread {
            Unread::Open | Unread::Switched => {}
            Unread::Complete | Unread::Closed => {
                link.is_lent = false;
                link.is_open &= !response.will_close;
            }
            Unread::Failed(_) => {
                link.is_lent = false;
                link.is_open = false;
            }
        }
    }

    /// `close`, and what dropping it does.
    pub(super) fn close_response(&mut self, response: &mut Response) {
        let held = response.holds_socket();
        if held {
            let link = &mut self.links[response.link];
            link.is_open &= response.has_arrived() && response.unread == Unread::Open;
        }
        if response.unread != Unread::Complete {
            response.unread = Unread::Closed;
        }
        response.rest.clear();
        if held {
            self.update_link(response);
        }
    }

    pub(super) fn upgrade(&mut self, slot: usize, into: usize) -> Outcome {
        match &mut self.responses[slot] {
            Some(response) if response.unread == Unread::Switched => {
                response.unread = Unread::Closed;
                self.upgraded[into] = Some(Upgraded::new(b"hi"));
                Outcome::Done
            }
            Some(_) => Outcome::Failed(Fault::NotConnected),
            None => Outcome::Absent,
        }
    }
}

/// The header lines of a head.
fn fields(head: &str) -> Fields {
    let lines = head.split("\r\n").skip(1);
    let fields = lines.filter_map(|line| line.split_once(": "));
    fields
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn status_line(head: &str) -> (u16, String) {
    let line = head.split("\r\n").next().unwrap_or_default();
    let mut parts = line.splitn(3, ' ').skip(1);
    let status = parts.next().and_then(|it| it.parse().ok());
    (
        status.unwrap_or(0),
        parts.next().unwrap_or_default().to_owned(),
    )
}

/// The body of chunks, and how it ends.
fn chunks(mut wire: &[u8]) -> (Framing, Vec<u8>, Fields) {
    let mut body = Vec::new();
    loop {
        let end = wire.windows(2).position(|it| it == b"\r\n").unwrap_or(0);
        let line = String::from_utf8_lossy(&wire[..end]).into_owned();
        let digits = line.split(';').next().unwrap_or_default();
        let rest = &wire[end + 2..];
        match usize::from_str_radix(digits, 16) {
            Ok(0) => {
                let section = format!("\r\n{}", String::from_utf8_lossy(rest));
                return (Framing::Chunks, body, fields(&section));
            }
            Ok(size) => {
                body.extend_from_slice(&rest[..size]);
                wire = &rest[size + 2..];
            }
            Err(_) => return (Framing::Broken, body, Vec::new()),
        }
    }
}

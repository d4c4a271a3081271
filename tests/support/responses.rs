//! A response case on the readers themselves: whole, byte by byte, and cut in two at each point.

use httplib::http1::{
    BodyReader, Error, Framing, Headers, Limits, Reply, ReplyReader, ResponseHead, Reuse,
    StatusLine, Step, latin1, response_framing, reuse,
};

use super::corpus::Case;
use super::outcome::Seen;

/// What an option may say.
const OPTIONS: &[&str] = &[
    "to ",
    "strict",
    "reused",
    "tunnel",
    "open",
    "header-lines ",
    "head-bytes ",
];

/// Inputs up to this length are cut everywhere; longer ones where lines end, and here and there.
const SHORT: usize = 2048;

/// Inputs beyond this length come in pieces of [`PIECE`] bytes instead of one by one.
const LONG: usize = 256 * 1024;

/// Divides no length that matters.
const PIECE: usize = 997;

/// Runs the case.
///
/// # Errors
/// What came otherwise than the case says.
pub fn run(case: &Case) -> Result<(), String> {
    case.assert_options(OPTIONS);
    let input = case.bytes("reply").expect("a case has a reply");
    let expected = case.block("outcome").expect("a case has an outcome");

    let whole = feed(case, &[&input]);
    let piece = if input.len() > LONG { PIECE } else { 1 };
    let bytewise: Vec<&[u8]> = input.chunks(piece).collect();
    let bytewise = feed(case, &bytewise);
    if bytewise != whole {
        return Err(format!("in small pieces:\n{bytewise}\nwhole:\n{whole}"));
    }
    for at in cuts(&input) {
        let (front, back) = input.split_at(at);
        let pieces = feed(case, &[front, back]);
        if pieces != whole {
            return Err(format!("cut at {at}:\n{pieces}\nwhole:\n{whole}"));
        }
    }
    whole.compare(expected)
}

fn cuts(input: &[u8]) -> Vec<usize> {
    if input.len() <= SHORT {
        return (0..=input.len()).collect();
    }
    /// How many cuts a long input gets at its line ends, from the front and from the back.
    const ENDS: usize = 2;
    let ends: Vec<usize> = (1..input.len())
        .filter(|at| input[at - 1] == b'\n')
        .collect();
    let front = ends.iter().take(ENDS);
    let near_ends = front.chain(ends.iter().rev().take(ENDS));
    let near_ends = near_ends.flat_map(|at| [at - 1, *at, at + 1]);
    let limits = [65_535, 65_536, 65_537, input.len() / 2, input.len() - 1];
    near_ends
        .chain(limits.into_iter().filter(|at| *at < input.len()))
        .collect()
}

/// A reader that is fed, and what it has seen.
struct Exchange<'a> {
    case: &'a Case,
    limits: Limits,
    buffer: Vec<u8>,
    seen: Seen,
}

fn feed(case: &Case, pieces: &[&[u8]]) -> Seen {
    let mut limits = Limits::default();
    if let Some(lines) = case.option("header-lines") {
        limits.header_lines = lines.parse().expect("a number of lines");
    }
    if let Some(bytes) = case.option("head-bytes") {
        limits.head = bytes.parse().expect("a number of bytes");
    }
    let mut exchange = Exchange {
        case,
        limits,
        buffer: Vec::new(),
        seen: Seen::default(),
    };
    if let Err(error) = exchange.read(pieces) {
        exchange.error(&error);
    }
    exchange.seen
}

impl Exchange<'_> {
    fn read(&mut self, pieces: &[&[u8]]) -> Result<(), Error> {
        let mut pieces = pieces.iter().copied();
        let Some(reply) = self.read_head(&mut pieces)? else {
            self.seen.line("waits", "");
            return Ok(());
        };
        let method = self.case.option("to").unwrap_or("GET");
        let framing = response_framing(method, &reply.head)?;
        let reuse = reuse(method, &reply.head, framing);
        self.head(&reply);
        match framing {
            Framing::None => self.seen.line("no body", ""),
            Framing::Chunked => self.seen.line("chunked", ""),
            Framing::Length(length) => self.seen.line("length", length.to_string()),
            Framing::UntilClose => self.seen.line("until close", ""),
        }
        let mut body = BodyReader::new(framing, self.limits);
        let mut data = reply.prefix;
        if body.is_complete() {
            // What a reply to HEAD has instead of a head is no body either.
            self.buffer.splice(..0, std::mem::take(&mut data));
        }
        let outcome = self.read_body(&mut body, &mut data, &mut pieces);
        if !data.is_empty() {
            self.seen.line("body", &data);
        }
        outcome?;
        for (name, value) in body.trailers().iter() {
            self.seen.line("trailer", [name, b": ", value].concat());
        }
        if !body.is_complete() {
            self.seen.line("waits", "");
            return Ok(());
        }
        match reuse {
            Reuse::Keep => self.seen.line("keep", ""),
            Reuse::Close(reason) => self.seen.line("close:", format!("{reason:?}")),
        }
        let left: Vec<u8> = std::mem::take(&mut self.buffer);
        let left = pieces.fold(left, |left, piece| [&left, piece].concat());
        if !left.is_empty() {
            self.seen.line("left over", left);
        }
        Ok(())
    }

    fn read_head<'p>(
        &mut self,
        pieces: &mut impl Iterator<Item = &'p [u8]>,
    ) -> Result<Option<Reply>, Error> {
        let required = ["strict", "reused", "tunnel"]
            .iter()
            .any(|option| self.case.is(option));
        let status_line = match required {
            true => StatusLine::Required,
            false => StatusLine::Optional,
        };
        let mut reader = ReplyReader::new(self.limits, status_line);
        for piece in pieces {
            let (taken, reply) = reader.read(piece)?;
            if reply.is_some() {
                self.buffer = piece[taken..].to_vec();
                return Ok(reply);
            }
            assert_eq!(taken, piece.len(), "without a reply all is taken");
        }
        if self.case.is("open") {
            return Ok(None);
        }
        reader.end().map(Some)
    }

    fn read_body<'p>(
        &mut self,
        body: &mut BodyReader,
        data: &mut Vec<u8>,
        pieces: &mut impl Iterator<Item = &'p [u8]>,
    ) -> Result<(), Error> {
        loop {
            let mut start = 0;
            loop {
                let amount = match body.next(&self.buffer[start..])? {
                    Step::NeedMore | Step::Complete => break,
                    Step::Framing(amount) => amount,
                    Step::Data(amount) => {
                        data.extend_from_slice(&self.buffer[start..start + amount]);
                        body.took(amount);
                        amount
                    }
                };
                assert_ne!(amount, 0, "a step goes on");
                start += amount;
            }
            self.buffer.drain(..start);
            if body.is_complete() {
                return Ok(());
            }
            match pieces.next() {
                Some(piece) => self.buffer.extend_from_slice(piece),
                None if self.case.is("open") => return Ok(()),
                None => return body.end(),
            }
        }
    }

    fn head(&mut self, reply: &Reply) {
        for interim in &reply.interim {
            self.one_head("interim ", interim);
        }
        self.one_head("", &reply.head);
    }

    fn one_head(&mut self, word: &str, head: &ResponseHead) {
        let ResponseHead { status, reason, .. } = head;
        self.seen
            .status(word, head.version.number(), *status, reason);
        self.headers(&head.headers);
    }

    fn headers(&mut self, headers: &Headers) {
        for (name, value) in headers.iter() {
            self.seen.header(name, value);
        }
    }

    fn error(&mut self, error: &Error) {
        let (kind, text) = match error {
            Error::BadStatusLine(text) => ("bad-status-line", latin1(text)),
            Error::UnknownProtocol(text) => ("unknown-protocol", latin1(text)),
            Error::UnknownTransferEncoding(text) => ("unknown-transfer-encoding", latin1(text)),
            Error::LineTooLong { line, .. } => ("line-too-long", line.to_string()),
            Error::TooMany { .. } => ("too-many", error.to_string()),
            Error::Malformed(how) => ("malformed", how.to_string()),
            Error::RemoteDisconnected => ("remote-disconnected", String::new()),
            Error::Incomplete { expected } => {
                let text = expected.map(|missing| format!("{missing} more expected"));
                ("incomplete", text.unwrap_or_default())
            }
        };
        let colon = if text.is_empty() { "" } else { ": " };
        let line = format!("{kind}{colon}{text}");
        let latin1 = line.chars().map(|char| char as u8).collect::<Vec<_>>();
        self.seen.line("error", latin1);
    }
}

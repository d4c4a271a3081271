//! The servers at the other end.

use super::exchange::{Afterwards, Exchange, NEXT, NEXT_REPLY};

/// Whoever is at the other end.
pub trait Host {
    /// Takes what has arrived.
    fn hear(&mut self, bytes: &[u8]);
    /// Says what there is to say.
    fn say(&mut self) -> Vec<u8>;
    /// Whether nothing more will be said.
    fn has_ended(&self) -> bool;
    /// What the client has said, behind all protection and proxies.
    fn heard(&self) -> &[u8];
}

/// A server that answers one exchange, and requests for [`NEXT`].
pub struct Site {
    exchange: &'static Exchange,
    heard: Vec<u8>,
    /// How much of that is answered.
    answered: usize,
    /// How many of the answers of the exchange were given.
    given: usize,
    saying: Vec<u8>,
    ended: bool,
}

impl Site {
    pub fn new(exchange: &'static Exchange) -> Self {
        Self {
            exchange,
            heard: Vec::new(),
            answered: 0,
            given: 0,
            saying: Vec::new(),
            ended: false,
        }
    }

    /// Answers once, if enough has come.
    fn answer(&mut self) -> bool {
        let unanswered = &self.heard[self.answered..];
        let is_next = unanswered.starts_with(format!("GET {NEXT} ").as_bytes());
        let (marker, answer) = match self.exchange.answers.get(self.given) {
            _ if is_next => ("\r\n\r\n", NEXT_REPLY),
            Some((marker, answer)) => (*marker, *answer),
            // The same request again.
            None => self.exchange.answers[0],
        };
        let Some(end) = find(unanswered, marker.as_bytes()) else {
            return false;
        };
        self.answered += end;
        self.saying.extend_from_slice(answer);
        if !is_next {
            self.given = self.given % self.exchange.answers.len() + 1;
            let is_last = self.given == self.exchange.answers.len();
            self.ended = is_last && self.exchange.afterwards == Afterwards::Closes;
        }
        true
    }
}

impl Host for Site {
    fn hear(&mut self, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
        while !self.ended && self.answer() {}
    }

    fn say(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.saying)
    }

    fn has_ended(&self) -> bool {
        self.ended && self.saying.is_empty()
    }

    fn heard(&self) -> &[u8] {
        &self.heard
    }
}

/// A proxy that opens a tunnel to a host.
pub struct Tunnelled<H> {
    behind: H,
    connect: Vec<u8>,
    is_open: bool,
    saying: Vec<u8>,
}

/// What it says to `CONNECT`.
pub const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Established\r\nVia: x\r\n\r\n";

impl<H> Tunnelled<H> {
    pub fn new(behind: H) -> Self {
        Self {
            behind,
            connect: Vec::new(),
            is_open: false,
            saying: Vec::new(),
        }
    }
}

impl<H: Host> Host for Tunnelled<H> {
    fn hear(&mut self, bytes: &[u8]) {
        if self.is_open {
            return self.behind.hear(bytes);
        }
        self.connect.extend_from_slice(bytes);
        if let Some(end) = find(&self.connect, b"\r\n\r\n") {
            self.is_open = true;
            self.saying.extend_from_slice(ESTABLISHED);
            let early = self.connect.split_off(end);
            self.behind.hear(&early);
        }
    }

    fn say(&mut self) -> Vec<u8> {
        let mut said = std::mem::take(&mut self.saying);
        said.extend(self.behind.say());
        said
    }

    fn has_ended(&self) -> bool {
        self.saying.is_empty() && self.behind.has_ended()
    }

    fn heard(&self) -> &[u8] {
        self.behind.heard()
    }
}

/// Where the first `part` of `bytes` ends.
pub fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    let start = bytes.windows(part.len()).position(|it| it == part)?;
    Some(start + part.len())
}

//! The cases: what a peer answers, and the calls that are made.

use harness::peer::{Peer, Step};
use serde_json::{Value, json};

/// How the first connection goes on behind its last answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    End,
    Open,
    Reset,
    Idle,
}

/// A script for a peer and calls for a client.
#[derive(Clone, Debug)]
pub struct Case {
    pub name: String,
    /// The lines that it was read from.
    pub source: String,
    pub calls: Vec<Value>,
    answers: Vec<Vec<u8>>,
    ending: Ending,
}

const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// More connections than any case opens.
const CONNECTIONS: usize = 5;

impl Case {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            source: String::new(),
            calls: Vec::new(),
            answers: Vec::new(),
            ending: Ending::End,
        }
    }

    /// A peer that follows the case's script.
    pub fn peer(&self) -> Peer {
        let answers: Vec<_> = self.answers.iter().map(Vec::as_slice).collect();
        let mut first = Step::answers(&answers);
        match self.ending {
            Ending::End => {}
            Ending::Open => first.extend(Step::answers(&[NO_CONTENT])),
            Ending::Reset => first.extend([Step::AwaitHead, Step::Reset]),
            Ending::Idle => first.push(Step::AwaitEnd),
        }
        let mut connections = vec![first];
        connections.resize(CONNECTIONS, Step::answers(&[NO_CONTENT; 3]));
        Peer::script(connections)
    }

    fn read(&mut self, line: &str) -> Option<()> {
        self.source.push_str(line);
        self.source.push('\n');
        match line {
            "open" => self.ending = Ending::Open,
            "reset" => self.ending = Ending::Reset,
            "idle" => self.ending = Ending::Idle,
            _ => match line.split_once(' ')? {
                ("<", answer) => self.answers.push(unescape(answer)?),
                (">", call) => self.calls.push(serde_json::from_str(call).ok()?),
                _ => return None,
            },
        }
        Some(())
    }

    /// Adds the calls that go without saying.
    fn finish(mut self) -> Self {
        let exchange = |url| {
            [
                json!(["request", "GET", url]),
                json!(["getresponse"]),
                json!(["read"]),
            ]
        };
        if self.calls.is_empty() {
            self.calls.extend(exchange("/"));
        }
        let goes_on = self.calls.iter().any(|call| call[2] == "/again");
        if self.ending == Ending::Open && !goes_on {
            self.calls.extend(exchange("/again"));
        }
        self
    }
}

/// All cases of both files.
pub fn cases() -> Vec<Case> {
    let responses = parse(include_str!("../../oracle/responses.txt"));
    let requests = parse(include_str!("../../oracle/requests.txt"));
    let mut cases = responses;
    cases.extend(requests);
    cases
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let lines = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    for line in lines {
        if let Some(name) = line.strip_prefix("= ") {
            cases.push(Case::new(name));
            continue;
        }
        let read = cases.last_mut().and_then(|case| case.read(line));
        read.unwrap_or_else(|| panic!("no line of a case: {line}"));
    }
    cases.into_iter().map(Case::finish).collect()
}

/// `\r`, `\n`, `\t`, `\\`, `\x00`, and `${text*count}` for a text repeated.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(char) = rest.chars().next() {
        if let Some(repeated) = rest.strip_prefix("${") {
            let (inside, behind) = repeated.split_once('}')?;
            let (text, count) = inside.rsplit_once('*')?;
            bytes.extend(unescape(text)?.repeat(count.parse().ok()?));
            rest = behind;
        } else if let Some(escape) = rest.strip_prefix('\\') {
            let (byte, length) = match escape.chars().next()? {
                'r' => (b'\r', 1),
                'n' => (b'\n', 1),
                't' => (b'\t', 1),
                '\\' => (b'\\', 1),
                'x' => (u8::from_str_radix(escape.get(1..3)?, 16).ok()?, 3),
                _ => return None,
            };
            bytes.push(byte);
            rest = &escape[length..];
        } else {
            bytes.push(u8::try_from(char).ok()?);
            rest = &rest[char.len_utf8()..];
        }
    }
    Some(bytes)
}

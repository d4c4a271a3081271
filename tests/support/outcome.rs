//! What a corpus says of a response, against what came of it.
//!
//! Both are lines of bytes. The corpus need not list headers, and need not tell the text of an error.

use std::fmt::{self, Display, Formatter};

use super::corpus::{bytes, show};

/// What came of a response: a line for each thing that was seen, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Seen(Vec<Vec<u8>>);

impl Seen {
    /// Adds a line: a word and what belongs to it.
    pub fn line(&mut self, word: &str, rest: impl AsRef<[u8]>) {
        let rest = rest.as_ref();
        let space: &[u8] = if rest.is_empty() { b"" } else { b" " };
        self.0.push([word.as_bytes(), space, rest].concat());
    }

    /// Adds a status line: `HTTP/1.1 200 OK`, behind `word` if there is one.
    pub fn status(&mut self, word: &str, version: u16, status: u16, reason: &[u8]) {
        let line = format!("{word}HTTP/{}.{} {status}", version / 10, version % 10);
        self.line(&line, reason);
    }

    /// Adds a header.
    pub fn header(&mut self, name: &[u8], value: &[u8]) {
        self.line("header", [name, b": ", value].concat());
    }

    /// Says what is seen otherwise than expected, if anything is.
    ///
    /// # Errors
    /// Both, line by line.
    pub fn compare(mut self, expected: &[String]) -> Result<(), String> {
        let claims_headers = expected
            .iter()
            .any(|line| line.starts_with("header ") || line == "no headers");
        if !claims_headers {
            self.0.retain(|line| !line.starts_with(b"header "));
        }
        self.fold();
        let expected: Vec<&String> = expected
            .iter()
            .filter(|line| *line != "no headers")
            .collect();
        let same = self.0.len() == expected.len()
            && self
                .0
                .iter()
                .zip(&expected)
                .all(|(seen, expected)| is_seen(expected, seen));
        if same {
            return Ok(());
        }
        let expected: Vec<&str> = expected.iter().map(|line| line.as_str()).collect();
        let expected = expected.join("\n  ");
        Err(format!("expected:\n  {expected}\nseen:\n{self}"))
    }

    /// Makes one line of equal ones: `100 * interim HTTP/1.1 100 Continue`.
    fn fold(&mut self) {
        let mut folded = Vec::new();
        for group in self.0.chunk_by(|a, b| a == b) {
            match group {
                [line] => folded.push(line.clone()),
                [line, ..] => {
                    let times = format!("{} * ", group.len());
                    folded.push([times.as_bytes(), line].concat());
                }
                [] => {}
            }
        }
        self.0 = folded;
    }
}

impl Display for Seen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for line in &self.0 {
            writeln!(f, "  {}", show(line))?;
        }
        Ok(())
    }
}

fn is_seen(expected: &str, seen: &[u8]) -> bool {
    let expected = bytes(expected);
    if !expected.starts_with(b"error ") {
        return expected == seen;
    }
    let (kind, text) = split_error(&expected);
    let (seen_kind, seen_text) = split_error(seen);
    // How much is missing is a number, not a text.
    let exact = kind == b"error incomplete";
    kind == seen_kind
        && if exact {
            text == seen_text
        } else {
            text.is_empty() || seen_text.windows(text.len()).any(|part| part == text)
        }
}

fn split_error(line: &[u8]) -> (&[u8], &[u8]) {
    let colon = line.windows(2).position(|two| two == b": ");
    colon.map_or((line, b""), |at| (&line[..at], &line[at + 2..]))
}

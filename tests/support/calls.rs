//! The calls of a request case, made of any caller: `httplib` itself, or the component.

use super::corpus::{Case, bytes, text};

/// What an option may say.
const OPTIONS: &[&str] = &["host ", "encode-chunked"];

/// What a request carries.
#[derive(Debug)]
pub enum Payload {
    /// Bytes at hand.
    Bytes(Vec<u8>),
    /// A file with these bytes.
    File(Vec<u8>),
    /// A stream with these bytes, which doesn't tell its length.
    Stream(Vec<u8>),
}

/// Why a call was refused.
#[derive(Debug)]
pub struct Refusal {
    /// The error's name in the WIT, such as `invalid-url`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// Whoever offers the calls of `httplib`.
pub trait Caller {
    /// `request`.
    fn request(
        &self,
        method: &str,
        target: &str,
        body: Option<Payload>,
        headers: &[(String, String)],
    ) -> Result<(), Refusal>;
    /// `put-request`; which automatic headers are skipped stands in `skip`.
    fn put_request(&self, method: &str, target: &str, skip: &[&str]) -> Result<(), Refusal>;
    /// `put-header`.
    fn put_header(&self, name: &str, values: &[String]) -> Result<(), Refusal>;
    /// `end-headers`.
    fn end_headers(&self, body: Option<Payload>) -> Result<(), Refusal>;
    /// `send`.
    fn send(&self, data: Payload) -> Result<(), Refusal>;
}

/// Makes the calls of the case up to the first that is refused.
pub fn play(case: &Case, caller: &impl Caller) -> Result<(), Refusal> {
    case.assert_options(OPTIONS);
    let calls = case.block("calls").expect("a case has calls");
    if let Some(line) = calls[0].strip_prefix("request ") {
        return request(caller, line, &calls[1..]);
    }
    for call in calls {
        let (word, rest) = call.split_once(' ').unwrap_or((call, ""));
        match word {
            "put-request" => {
                let mut words = rest.split(' ');
                let mut next = || text(words.next().expect("a method and a target"));
                let (method, target) = (next(), next());
                let skip: Vec<&str> = words.collect();
                caller.put_request(&method, &target, &skip)?;
            }
            "put-header" => {
                let (name, values) = header(rest);
                let values: Vec<String> = values.split(" | ").map(text).collect();
                caller.put_header(&name, &values)?;
            }
            "end-headers" => caller.end_headers(payload(rest))?,
            "send" => caller.send(payload(rest).expect("something to send"))?,
            _ => panic!("{}: call {call:?}", case.title),
        }
    }
    Ok(())
}

/// The bytes that are to arrive; `host` stands for the server's own name.
pub fn sent(case: &Case, host: &str) -> Vec<u8> {
    let lines = case.block("sent").unwrap_or_default();
    let lines = lines.iter().map(|line| line.replace("<host>", host));
    lines.flat_map(|line| bytes(&line)).collect()
}

/// Whether the last call ended as the case says.
///
/// # Errors
/// How it ended otherwise.
pub fn check_end(case: &Case, end: Result<(), Refusal>) -> Result<(), String> {
    let expected = case.block("refused").and_then(|lines| lines.first());
    match (expected, end) {
        (None, Ok(())) => Ok(()),
        (Some(expected), Ok(())) => Err(format!("not refused: {expected}")),
        (None, Err(refusal)) => Err(format!("refused: {refusal:?}")),
        (Some(expected), Err(refusal)) => {
            let (kind, part) = expected.split_once(": ").unwrap_or((expected, ""));
            if kind == refusal.kind && refusal.text.contains(&text(part)) {
                return Ok(());
            }
            Err(format!("refused with {refusal:?}, not {expected}"))
        }
    }
}

fn request(caller: &impl Caller, line: &str, rest: &[String]) -> Result<(), Refusal> {
    let (method, target) = line.split_once(' ').expect("a method and a target");
    let mut headers = Vec::new();
    let mut body = None;
    for line in rest {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "header" => {
                let (name, value) = header(rest);
                headers.push((name, text(value)));
            }
            "body" => body = payload(rest),
            _ => panic!("part of a request: {line:?}"),
        }
    }
    caller.request(&text(method), &text(target), body, &headers)
}

/// A name, and what stands behind the colon.
fn header(line: &str) -> (String, &str) {
    let colon = line.find(':').expect("a name and a value");
    let value = &line[colon + 1..];
    (
        text(&line[..colon]),
        value.strip_prefix(' ').unwrap_or(value),
    )
}

fn payload(words: &str) -> Option<Payload> {
    let (kind, contents) = words.split_once(' ').unwrap_or((words, ""));
    match kind {
        "" => None,
        "bytes" => Some(Payload::Bytes(bytes(contents))),
        "file" => Some(Payload::File(bytes(contents))),
        "stream" => Some(Payload::Stream(bytes(contents))),
        _ => panic!("kind of body: {words:?}"),
    }
}

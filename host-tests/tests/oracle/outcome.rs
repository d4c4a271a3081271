//! What a case led to.

use std::io::Write;
use std::net::TcpStream;

use harness::peer::Peer;
use serde_json::{Value, json};

use crate::case::Case;

/// What the calls returned, and what the peer received on each connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub results: Vec<Value>,
    pub sent: Vec<String>,
}

/// How long a text may be.
const LONG: usize = 1000;

/// Told apart from every request.
const MARKER: &[u8] = b"the client is done";

impl Outcome {
    /// Puts the case's peer before a client, which is done with all its connections when it returns.
    pub fn of(case: &Case, client: impl FnOnce(u16, &[Value]) -> Vec<Value>) -> Self {
        let peer = case.peer();
        let mut results = client(peer.port(), &case.calls);
        results.iter_mut().for_each(shorten);
        let sent = sent(&peer);
        Self { results, sent }
    }

    /// As Python 2 sees it: `getheaders` gives each header once, in no order and in small letters.
    pub fn with_merged_headers(mut self) -> Self {
        for result in &mut self.results {
            if let Some(headers) = result.get_mut("headers") {
                *headers = merged(headers);
            }
        }
        self
    }

    pub fn to_json(&self) -> Value {
        json!({ "results": self.results, "sent": self.sent })
    }

    pub fn from_json(value: &Value) -> Option<Self> {
        let sent = value["sent"].as_array()?.iter();
        Some(Self {
            results: value["results"].as_array()?.clone(),
            sent: sent
                .map(|it| it.as_str().map(str::to_owned))
                .collect::<Option<_>>()?,
        })
    }
}

/// The bytes of each connection in Latin-1, the peer's port left out.
fn sent(peer: &Peer) -> Vec<String> {
    // Connections arrive in order: behind this one there is none.
    let mut last = TcpStream::connect(peer.address()).expect("the peer still listens");
    last.write_all(MARKER).expect("the peer takes some bytes");
    let mut connections = 0;
    peer.wait(|seen| {
        connections = seen.len();
        seen.last().is_some_and(|seen| seen.contains(MARKER))
    });
    let port = format!(":{}", peer.port());
    (0..connections - 1)
        .map(|number| latin1(&peer.all_received(number)).replace(&port, ":PORT"))
        .collect()
}

/// Puts a number in the place of what is too long to be recorded and read.
fn shorten(value: &mut Value) {
    match value {
        Value::String(text) if text.len() > LONG => *text = digest(text),
        Value::Array(values) => values.iter_mut().for_each(shorten),
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        _ => {}
    }
}

/// The beginning, the length, and the FNV-1a hash.
fn digest(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let beginning: String = text.chars().take(40).collect();
    format!(
        "{beginning}... {} characters, {hash:016x}",
        text.chars().count()
    )
}

fn merged(headers: &Value) -> Value {
    let mut merged = std::collections::BTreeMap::<String, String>::new();
    let text = |value: &Value| value.as_str().expect("headers are text").to_owned();
    for header in headers.as_array().expect("headers are a list") {
        let (name, value) = (text(&header[0]).to_ascii_lowercase(), text(&header[1]));
        merged
            .entry(name)
            .and_modify(|before| *before = format!("{before}, {value}"))
            .or_insert(value);
    }
    json!(Vec::from_iter(merged))
}

/// Latin-1, as the component's strings stand for bytes.
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| char::from(byte)).collect()
}

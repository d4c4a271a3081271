//! A Python that makes the calls of cases: `oracle/client.py`.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle/client.py");

/// A running Python.
pub struct Python {
    process: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Such as `3.11.7`.
    pub version: String,
}

impl Python {
    /// Starts the program that the environment names in `variable`, or `default`; none where there
    /// is no such Python.
    pub fn start(variable: &str, default: &str) -> Option<Self> {
        let program = std::env::var(variable).unwrap_or_else(|_| default.to_owned());
        let mut process = Command::new(program)
            .arg(CLIENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let requests = process.stdin.take();
        let mut answers = BufReader::new(process.stdout.take()?);
        let mut line = String::new();
        answers.read_line(&mut line).ok()?;
        let Ok(version) = serde_json::from_str(&line) else {
            let _gone = process.wait();
            return None;
        };
        Some(Self {
            process,
            requests,
            answers,
            version,
        })
    }

    /// Makes the calls.
    pub fn run(&mut self, port: u16, calls: &[Value]) -> Vec<Value> {
        let requests = self.requests.as_mut().expect("open until the end");
        writeln!(requests, "{}", json!({ "port": port, "calls": calls })).expect("it reads");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("it answers");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("{CLIENT} broke off at {calls:?}"))
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // The end of its input is what it waits for.
        drop(self.requests.take());
        let _status = self.process.wait();
    }
}

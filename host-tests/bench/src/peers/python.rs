//! CPython's http.client.

use std::process::Command;

use anyhow::Result;

use crate::peers::said;
use crate::rounds::Measured;

const CLIENT: &str = include_str!("client.py");

/// Has it do what the guest of the same arguments does.
pub fn run(what: &str, url: &str, count: u64, authority: &str) -> Result<Measured> {
    let mut python = Command::new("python3");
    python.args(["-c", CLIENT, what, url, &count.to_string()]);
    Measured::parse(&said(python.env("CA", authority))?)
}

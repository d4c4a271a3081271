//! How large the published files may be.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// How large they were when somebody last agreed to it, by name.
const AGREED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/bin/dist/sizes.txt");
/// What they must be below whatever was agreed to, in bytes: 1 MiB, and 1.5 MiB.
const LIMITS: [(&str, u64); 2] = [("httplib.wasm", 1 << 20), ("httplib-cli.wasm", 3 << 19)];
/// By how much a file may grow unnoticed: a twentieth.
const GROWTH: u64 = 20;

/// Prints the sizes of these files, and fails where one has grown or is too large.
pub fn check(folder: &Path, names: &[String]) -> Result<()> {
    let agreed = fs::read_to_string(AGREED).context("the agreed sizes are in the repository")?;
    let mut complaints = String::new();
    println!("{:>10}  {:>10}  file", "bytes", "agreed");
    for name in names {
        let size = fs::metadata(folder.join(name))?.len();
        let agreed = find(&agreed, name);
        let shown = agreed.map_or_else(|| "-".into(), |agreed| agreed.to_string());
        println!("{size:>10}  {shown:>10}  {name}");
        if agreed.is_some_and(|agreed| size > agreed + agreed / GROWTH) {
            writeln!(complaints, "{name} has grown by more than 5 %")?;
        }
        let limit = LIMITS.iter().find(|(limited, _)| limited == name);
        if let Some((_, limit)) = limit.filter(|(_, limit)| size >= *limit) {
            writeln!(complaints, "{name} must be below {limit} bytes")?;
        }
    }
    ensure!(
        complaints.is_empty(),
        "{complaints}where that is meant to be, change {AGREED}"
    );
    Ok(())
}

fn find(agreed: &str, name: &str) -> Option<u64> {
    let mut lines = agreed.lines().map(str::split_whitespace);
    let line = lines.find(|line| line.clone().nth(1) == Some(name));
    line?.next()?.parse().ok()
}

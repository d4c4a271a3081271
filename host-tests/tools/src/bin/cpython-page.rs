//! Writes `docs/conformance.md` from what the test binary `cpython` prints: `make conformance`.

use std::io::{self, Read};
use std::process::ExitCode;

use tools::conformance::{page, results, rows};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/conformance.md");

fn main() -> anyhow::Result<ExitCode> {
    let mut output = String::new();
    io::stdin().read_to_string(&mut output)?;
    print!("{output}");
    let results = results(&output);
    anyhow::ensure!(!results.is_empty(), "no test has said anything");
    std::fs::write(PAGE, page(&results))?;
    let passes = |name: String| results.get(&name).is_some_and(|result| result == "ok");
    let rows = rows();
    let failed = rows
        .iter()
        .filter(|row| row.applies && !passes(row.function()));
    Ok(match failed.count() {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

//! Checks and times the AEADs where they run: the kernel exists in WebAssembly only.
//!
//! Its argument says what to do. A check that fails panics; one that passes says how much it tried.
#![forbid(unsafe_code)]

use std::process::ExitCode;

mod bench;
mod parts;
mod provider;
mod random;
mod reference;
mod timing;
mod vectors;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let count = match arguments[..] {
        ["rfc8439"] => vectors::rfc8439(),
        ["gcm"] => vectors::gcm(),
        ["wycheproof"] => vectors::wycheproof(),
        ["sampled"] => reference::sampled(),
        ["exhaustive"] => reference::exhaustive(),
        ["bench"] => {
            bench::run();
            return ExitCode::SUCCESS;
        }
        ["timing", samples] => {
            timing::run(samples.parse().expect("a number of times"));
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!(
                "kernel rfc8439 | gcm | wycheproof | sampled | exhaustive | bench | timing SAMPLES"
            );
            return ExitCode::FAILURE;
        }
    };
    println!("{count}");
    ExitCode::SUCCESS
}

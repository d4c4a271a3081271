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
mod vectors;

fn main() -> ExitCode {
    let count = match std::env::args().nth(1).as_deref() {
        Some("rfc8439") => vectors::rfc8439(),
        Some("gcm") => vectors::gcm(),
        Some("wycheproof") => vectors::wycheproof(),
        Some("sampled") => reference::sampled(),
        Some("exhaustive") => reference::exhaustive(),
        Some("bench") => {
            bench::run();
            return ExitCode::SUCCESS;
        }
        _ => {
            eprintln!("kernel rfc8439 | gcm | wycheproof | sampled | exhaustive | bench");
            return ExitCode::FAILURE;
        }
    };
    println!("{count}");
    ExitCode::SUCCESS
}

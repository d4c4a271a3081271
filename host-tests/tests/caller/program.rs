//! The program that makes the calls, over either version of WASI.

use std::env;

use host_tests::commands::Command;
use host_tests::programs::Program;

use crate::folder::folder;
use crate::server::{nobody, serve};

/// Of WASI.
#[derive(Clone, Copy, Debug)]
pub enum Version {
    Wasi02,
    Wasi03,
}

/// A number that the environment gives, or this one.
pub fn given(name: &str, otherwise: u64) -> u64 {
    let given = env::var(name).ok();
    given.map_or(otherwise, |it| it.parse().expect("a number"))
}

/// Runs it, with a server on loopback and a folder, and gives what it prints.
///
/// # Panics
/// Where a call did not go as it was to: that is told with the seed that has it happen again.
pub fn run(version: Version, command: &str, numbers: &[u64]) -> String {
    let (folder, port, (_taken, nobody)) = (folder(), serve(), nobody());
    let ports = [port, nobody].map(u64::from);
    let numbers: Vec<_> = ports.iter().chain(numbers).map(u64::to_string).collect();
    let mut arguments = vec![command];
    arguments.extend(numbers.iter().map(String::as_str));
    match version {
        Version::Wasi02 => {
            let program = Command::composed(env!("CALLER").as_ref());
            program.run(&arguments).folder(folder.path()).prints()
        }
        Version::Wasi03 => {
            let program = Program::with_httplib(env!("P3_CALLER"));
            let report = program.files(folder.path()).run(&arguments);
            report.lines.join("\n")
        }
    }
}

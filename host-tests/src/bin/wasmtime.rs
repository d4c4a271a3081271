//! `wasmtime run`, `compile` and `config`, as its command line has them: what the README's blocks call, also where no
//! wasmtime is installed.
#![forbid(unsafe_code)]

use clap::Parser;
use wasmtime_cli::commands::{CompileCommand, ConfigCommand, RunCommand};

/// Runs WebAssembly.
#[derive(Parser)]
#[command(name = "wasmtime")]
enum Wasmtime {
    Run(RunCommand),
    /// Compiles it ahead.
    Compile(CompileCommand),
    /// Writes a configuration of the cache.
    Config(ConfigCommand),
}

fn main() -> wasmtime::Result<()> {
    match Wasmtime::parse() {
        Wasmtime::Run(command) => command.execute(),
        Wasmtime::Compile(command) => command.execute(),
        Wasmtime::Config(command) => command.execute(),
    }
}

//! `wasmtime run`, as its command line has it: what the README's blocks call, also where no wasmtime is
//! installed.
#![forbid(unsafe_code)]

use clap::Parser;
use wasmtime_cli::commands::RunCommand;

/// Runs WebAssembly.
#[derive(Parser)]
#[command(name = "wasmtime")]
enum Wasmtime {
    Run(RunCommand),
}

fn main() -> wasmtime::Result<()> {
    let Wasmtime::Run(command) = Wasmtime::parse();
    command.execute()
}

//! `wac plug`, as its command line has it: what the README's blocks call, also where no wac is installed.
#![forbid(unsafe_code)]

use clap::Parser;
use wac_cli::commands::PlugCommand;

/// Composes components.
#[derive(Parser)]
#[command(name = "wac")]
enum Wac {
    Plug(PlugCommand),
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Wac::Plug(command) = Wac::parse();
    command.exec().await
}

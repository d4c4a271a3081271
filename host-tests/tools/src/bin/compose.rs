//! `compose PROGRAM --plug HTTPLIB -o OUT`: makes a program that imports httplib one component with it.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use clap::Parser;
use tools::compose::compose;

/// Makes a program that imports httplib one component with it.
#[derive(Parser)]
struct Arguments {
    /// The program's component.
    program: PathBuf,
    /// httplib.
    #[arg(long)]
    plug: PathBuf,
    /// Where the composed component goes.
    #[arg(short, long)]
    output: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let composed = compose(&arguments.program, &arguments.plug)?;
    let output = arguments.output.display();
    fs::write(&arguments.output, &composed).with_context(|| output.to_string())?;
    println!("built {output}, {} KiB", composed.len() >> 10);
    Ok(())
}

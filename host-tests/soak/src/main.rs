//! `soak --minutes 10 --write docs`: runs the load, prints what came of it, and draws it.
#![forbid(unsafe_code)]

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use soak::{Plan, picture, run};

/// Runs a mixed load with faults, and fails where anything is wrong or grows.
#[derive(Parser)]
struct Arguments {
    /// How long.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// How many instances there are at a time.
    #[arg(long, default_value_t = 20)]
    instances: usize,
    /// The folder to write `soak.svg` to.
    #[arg(long)]
    write: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let report = run(Plan {
        duration: Duration::from_secs(arguments.minutes * 60),
        instances: arguments.instances,
        interval: Duration::from_secs(1),
    });
    println!("{}", report.markdown());
    if let Some(folder) = arguments.write {
        fs::write(folder.join("soak.svg"), picture::draw(&report))?;
    }
    report.assert_full();
    report.assert_flat();
    Ok(())
}

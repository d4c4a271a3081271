//! Writes what is published, with its checksums and its bill of materials. `make dist` starts it.
//!
//! Two runs give the same bytes: nothing in the files tells when or where they were made.
#![forbid(unsafe_code)]

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use tools::compose::compose;

mod checksums;
mod npm;
mod sbom;
mod sizes;
mod wit;

/// Writes what is published.
#[derive(Parser)]
struct Arguments {
    /// The folder to write it into; what is in there goes.
    #[arg(long, default_value = "dist")]
    out: PathBuf,
    /// The component.
    #[arg(long)]
    component: PathBuf,
    /// The component over WASI 0.3.
    #[arg(long)]
    p3: PathBuf,
    /// The provider of `wasi:http/client`.
    #[arg(long)]
    wasi_http: PathBuf,
    /// The program of the command line, not composed yet.
    #[arg(long)]
    program: PathBuf,
}

fn main() -> Result<()> {
    let Arguments {
        out,
        component,
        p3,
        wasi_http,
        program,
    } = Arguments::parse();
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    fs::create_dir_all(&out)?;
    let write = |name: &str, bytes: &[u8]| {
        fs::write(out.join(name), bytes).with_context(|| format!("{name} can't be written"))
    };
    write("httplib.wasm", &fs::read(&component)?)?;
    write("httplib-p3.wasm", &fs::read(&p3)?)?;
    write("httplib-wasi-http.wasm", &fs::read(&wasi_http)?)?;
    write("httplib-cli.wasm", &compose(&program, &component)?)?;
    for folder in ["wit", "wit/p3"] {
        let (version, package) = wit::package(folder)?;
        write(&format!("httplib-http-{version}.wasm"), &package)?;
    }
    write("httplib.cdx.json", &sbom::bill()?)?;
    npm::pack(&component, &out)?;
    let names = checksums::write(&out)?;
    sizes::check(&out, &names)
}

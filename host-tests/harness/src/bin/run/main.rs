//! Runs the component: the reference's examples on a server of its own, or one request to a URL.
//!
//! `make run` and `make run URL=https://…` start it. It ends with 1 and a line on standard error when
//! something failed.
#![forbid(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use hyper::Uri;

mod examples;
mod fetch;
mod site;
mod transcript;

/// Runs httplib, a component, in wasmtime.
///
/// Without a URL it starts an HTTP and an HTTPS server on this machine and shows the four examples
/// of the httplib reference on each.
#[derive(Parser)]
#[command(name = "run")]
struct Arguments {
    /// What to fetch.
    #[arg(long, env = "URL")]
    url: Option<Uri>,
    /// The method.
    #[arg(long, env = "METHOD", default_value = "GET")]
    method: String,
    /// A PEM file with certificate authorities to trust besides Mozilla's.
    #[arg(long, env = "CA")]
    ca: Option<PathBuf>,
    /// An HTTP proxy: http://host:port.
    #[arg(long, env = "PROXY")]
    proxy: Option<Uri>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    match &arguments.url {
        Some(url) => fetch::fetch(url, &arguments),
        None => examples::run_all(),
    }
}

//! `host PLUGIN --allow HOST[:PORT] … URL…`: has a plugin fetch each URL, all at once, and prints what
//! it gave.
//!
//! Each call has an instance of its own. It reaches what is on the list and nothing else, and is ended
//! when it wants more memory or time than a call may have; the others and the host go on.
//!
//! A crate of its own needs clap with `derive`, tokio with `macros`, `net`, `rt-multi-thread` and
//! `time`, and wasmtime and wasmtime-wasi 48.
#![deny(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use plugin::Plugin;
use sandbox::Policy;
use tokio::task::JoinSet;

mod allow;
mod limits;
mod memory;
mod names;
mod plugin;
mod sandbox;

/// Has a plugin fetch URLs.
#[derive(Parser)]
#[command(name = "host")]
struct Arguments {
    /// The plugin, composed with httplib by `wac plug`.
    plugin: PathBuf,
    /// What to fetch.
    #[arg(required = true)]
    urls: Vec<String>,
    #[command(flatten)]
    policy: Policy,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let plugin = match Plugin::load(&arguments.plugin, arguments.policy) {
        Ok(plugin) => Arc::new(plugin),
        Err(error) => {
            eprintln!("{}: {error:#}", arguments.plugin.display());
            return ExitCode::FAILURE;
        }
    };
    let mut calls = JoinSet::new();
    for url in arguments.urls {
        let plugin = plugin.clone();
        calls.spawn(async move { (plugin.fetch(&url).await, url) });
    }
    let mut exit = ExitCode::SUCCESS;
    while let Some(call) = calls.join_next().await {
        let (outcome, url) = call.expect("a call does not panic");
        let line = match outcome {
            Ok(Ok(page)) => {
                println!("{url}: {page}");
                continue;
            }
            Ok(Err(error)) => format!("failed: {error}"),
            // Its root is one line; what is around it is the plugin's backtrace.
            Err(ended) => format!("ended: {}", ended.root_cause()),
        };
        eprintln!("{url}: {line}");
        exit = ExitCode::FAILURE;
    }
    exit
}

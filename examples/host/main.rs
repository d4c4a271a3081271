//! `host PLUGIN --allow HOST[:PORT] … URL…`: has a plugin fetch each URL, all at once, and prints what
//! it gave.
//!
//! Each call has an instance of its own, or one of those that `--instances` keeps. It reaches what is on
//! the list and nothing else, and is ended when it wants more memory or time than a call may have; the
//! others and the host go on.
//!
//! A crate of its own needs clap with `derive`, tokio with `macros`, `net`, `rt-multi-thread`, `sync` and
//! `time`, and wasmtime and wasmtime-wasi 48.
#![deny(unsafe_code)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use plugin::{Outcome, Plugin};
use pool::{Pool, Size};
use sandbox::Policy;
use tokio::task::JoinSet;

mod allow;
mod limits;
mod load;
mod memory;
mod names;
mod plugin;
mod pool;
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
    #[command(flatten)]
    pool: Size,
    /// Fetch each URL so many times, and print how long that took in place of the pages.
    #[arg(long, requires = "instances")]
    times: Option<usize>,
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
    let succeeded = match arguments.pool.instances {
        None => each(&plugin, arguments.urls).await,
        Some(instances) => {
            let pool = Pool::start(&plugin, instances, &arguments.pool);
            match arguments.times {
                None => pooled(pool, arguments.urls).await,
                Some(times) => load::run(pool, &arguments.urls, times).await,
            }
        }
    };
    match succeeded {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// An instance for each URL.
async fn each(plugin: &Arc<Plugin>, urls: Vec<String>) -> bool {
    let mut calls = JoinSet::new();
    for url in urls {
        let plugin = plugin.clone();
        calls.spawn(async move { (plugin.fetch(&url).await, url) });
    }
    print_all(calls).await
}

/// The pool's instances for all of them.
async fn pooled(pool: Pool, urls: Vec<String>) -> bool {
    let mut calls = JoinSet::new();
    let mut refused = false;
    for url in urls {
        if let Some(answer) = pool.offer(&url) {
            calls.spawn(async move { (answer.await.expect("it is given"), url) });
        } else {
            eprintln!("{url}: refused: too many calls wait for an instance");
            refused = true;
        }
    }
    // What was accepted is answered, though the pool is on its way down.
    let (succeeded, _) = tokio::join!(print_all(calls), pool.shut_down());
    succeeded && !refused
}

/// Prints what comes as it comes, and gives whether each is a page.
async fn print_all(mut calls: JoinSet<(Outcome, String)>) -> bool {
    let mut succeeded = true;
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
        succeeded = false;
    }
    succeeded
}

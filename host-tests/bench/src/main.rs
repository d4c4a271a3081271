//! Times the component beside its peers, in one run.
//!
//! `make bench` starts it, and `make bench-quick` for a glance. Each figure is taken several times, in turns with those
//! beside it; what is said of it is the median. Everything is on loopback.
//!
//! - [`subjects`]: what is measured.
//! - [`guests`], [`peers`]: who does it, in WebAssembly and outside.
//! - [`servers`]: who answers.
//! - [`rounds`], [`table`], [`picture`], [`machine`]: the figures, and what becomes of them.
#![deny(unsafe_code)]

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use harness::component;
use harness::tls::{Authority, Identity};
use rustls::CipherSuite;

use guests::{Guests, Program};
use peers::curl::Curl;
use rounds::Scale;
use servers::nginx::Nginx;
use subjects::{
    connections, downloads, files, handshakes, instances, npm, pool, provider, records, requests,
    start, uploads,
};
use table::Table;

mod guests;
mod machine;
mod own_client;
mod peers;
mod picture;
mod rounds;
mod servers;
mod subjects;
mod table;

/// The suite that the component offers first.
const CHACHA20: CipherSuite = CipherSuite::TLS13_CHACHA20_POLY1305_SHA256;

/// Times the component beside its peers.
#[derive(Parser)]
struct Arguments {
    /// The folder with the programs that are measured.
    #[arg(long)]
    guests: PathBuf,
    /// The component over WASI 0.3.
    #[arg(long)]
    p3: PathBuf,
    /// The provider of `wasi:http/client`.
    #[arg(long)]
    provider: PathBuf,
    /// The folder of the npm package, which is built.
    #[arg(long)]
    npm: PathBuf,
    /// Prints ratios alone, of fewer and smaller measurements.
    #[arg(long)]
    quick: bool,
    /// Only this subject.
    #[arg(long)]
    only: Option<String>,
    /// Where the page and the picture of a whole run go; without it, the page is printed.
    #[arg(long)]
    write: Option<PathBuf>,
}

type Subject = fn(&World) -> Result<Vec<Table>>;

const SUBJECTS: &[(&str, Subject)] = &[
    ("http", downloads::http),
    ("https", downloads::https),
    ("aes", downloads::aes),
    ("upload", uploads::run),
    ("requests", requests::run),
    ("connections", connections::run),
    ("tls", tls),
    ("instances", instances::run),
    ("pool", pool::run),
    ("start", start::run),
    ("npm", npm::run),
    ("provider", provider::run),
];

fn tls(world: &World) -> Result<Vec<Table>> {
    Ok([handshakes::run(world)?, records::run(world)?]
        .into_iter()
        .flatten()
        .collect())
}

/// What all subjects have.
struct World {
    scale: Scale,
    authority: Authority,
    identity: Identity,
    nginx: Nginx,
    curl: Curl,
    guests: Guests,
    p3: PathBuf,
    provider: PathBuf,
    npm: PathBuf,
}

impl World {
    fn new(arguments: &Arguments) -> Result<Self> {
        let authority = Authority::new();
        let identity = authority.issue(&["localhost", "127.0.0.1"]);
        Ok(Self {
            scale: match arguments.quick {
                true => Scale::QUICK,
                false => Scale::FULL,
            },
            nginx: Nginx::start(&identity)?,
            curl: Curl::new(&authority.pem())?,
            guests: Guests::new(arguments.guests.clone(), &authority)?,
            p3: arguments.p3.clone(),
            provider: arguments.provider.clone(),
            npm: arguments.npm.clone(),
            authority,
            identity,
        })
    }

    /// The program of `guests/bench`, composed with the component.
    fn bench(&self) -> Result<Program<'_>> {
        self.guests.composed(files::BENCH, &component::path())
    }
}

/// A program that cargo builds beside this one.
fn beside(name: &str) -> Result<PathBuf> {
    let path = env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "{} is not built", path.display());
    Ok(path)
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let chosen = chosen(arguments.only.as_deref())?;
    let busy = machine::busy();
    let world = World::new(&arguments)?;
    let mut tables = Vec::new();
    for (name, subject) in chosen {
        let begin = Instant::now();
        let measured = subject(&world).with_context(|| name.to_owned())?;
        if arguments.quick {
            let lines = measured.iter().flat_map(Table::lines);
            lines.for_each(|line| println!("{line}"));
        }
        tables.extend(measured);
        eprintln!("{name}: {:.0} s", begin.elapsed().as_secs_f64());
    }
    match arguments.write {
        _ if arguments.quick => {}
        Some(folder) => write(&folder, &page(busy, &tables), &tables)?,
        None => print!("{}", page(busy, &tables)),
    }
    Ok(())
}

fn chosen(only: Option<&str>) -> Result<Vec<&'static (&'static str, Subject)>> {
    let chosen = SUBJECTS
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == *name));
    let chosen: Vec<_> = chosen.collect();
    let names: Vec<&str> = SUBJECTS.iter().map(|(name, _)| *name).collect();
    ensure!(!chosen.is_empty(), "the subjects are {}", names.join(", "));
    Ok(chosen)
}

/// The page, in Markdown.
fn page(busy: String, tables: &[Table]) -> String {
    let machine = machine::describe(busy);
    let tables: Vec<String> = tables.iter().map(Table::markdown).collect();
    let tables = tables.join("\n");
    format!(
        "# Benchmark\n\n`make bench` wrote this page. Figures are medians of rounds that go through all contenders of a \
         table in\nturn, on loopback; a ratio is the median of the rounds' ratios. Compare within a table: machines \
         differ by a factor\nof two. Transfers include connecting. MB are millions of bytes.\n\n{machine}\n{tables}"
    )
}

fn write(folder: &Path, page: &str, tables: &[Table]) -> Result<()> {
    fs::write(folder.join("bench.md"), page)?;
    fs::write(folder.join("bench.svg"), picture::draw(tables))?;
    println!("wrote {0}/bench.md and {0}/bench.svg", folder.display());
    Ok(())
}

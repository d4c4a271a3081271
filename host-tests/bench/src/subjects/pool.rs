//! The example host with instances that it keeps, as a process of its own: how many calls a few of them answer, and how
//! much memory they take.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use harness::component;
use harness::tls::ServerTls;
use rustls::ServerConfig;
use tempfile::TempDir;

use crate::peers::said;
use crate::rounds::Contenders;
use crate::servers::own;
use crate::subjects::files;
use crate::table::Table;
use crate::{CHACHA20, World, beside};

/// How long a server thinks that does not answer at once.
const PAUSE: Duration = Duration::from_millis(20);

const ONE: &str = "1 instance";
const TEN: &str = "10 instances";
const HUNDRED: &str = "100 instances";
const FRESH: &str = "10, each for one call";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let host = Host::new(world)?;
    let tls = ServerTls::new(&world.identity).tls13_only();
    let tls = tls.cipher_suite(CHACHA20).build();
    let mut tables = Vec::new();
    for (scheme, tls) in [("http", None), ("https", Some(tls))] {
        for pause in [Duration::ZERO, PAUSE] {
            tables.push(calls(world, &host, &Site::new(scheme, &tls, pause))?);
        }
    }
    tables.push(memory(world, &host)?);
    Ok(tables)
}

/// How many calls a second.
fn calls(world: &World, host: &Host, site: &Site) -> Result<Table> {
    let take = |instances: u64, more: &'static [&'static str]| {
        // About a second and a half.
        let times = match site.pause.is_zero() {
            true => 2000,
            false => 75 * instances.min(30),
        };
        let times = world.scale.of(times);
        move || Ok(host.run(site, instances, times, more)?.rate)
    };
    let rows = Contenders::new()
        .with(ONE, take(1, &[]))
        .with(TEN, take(10, &[]))
        .with(HUNDRED, take(100, &[]))
        .with(FRESH, take(10, &["--calls", "1"]))
        .run(world.scale.rounds)?;
    let after = match site.pause.is_zero() {
        true => "at once".to_owned(),
        false => format!("after {} ms", site.pause.as_millis()),
    };
    let title = format!("A pool, {}, answered {after}", site.scheme);
    Ok(Table::new(title, "calls a second", rows)
        .note("The host of examples/host. Each call fetches 1 KB over a connection of its own."))
}

/// What the process takes, and what each instance has of that, after calls of which as many as there are instances were
/// under way at once.
fn memory(world: &World, host: &Host) -> Result<Table> {
    let site = Site::new("http", &None, PAUSE);
    let resident = |instances: u64| {
        let site = &site;
        move || Ok(host.run(site, instances, 5 * instances, &[])?.resident / 1024.0)
    };
    let linear = || Ok(host.run(&site, 10, 50, &[])?.linear / 1024.0);
    let rows = Contenders::new()
        .with(ONE, resident(1))
        .with(TEN, resident(10))
        .with(HUNDRED, resident(100))
        .with("linear memory of an instance", linear)
        .run(world.scale.rounds)?;
    Ok(Table::new("A pool's process", "MiB", rows)
        .note("Resident; wasmtime with its compiler and the compiled plugin among it."))
}

/// A server, and how it is reached.
struct Site {
    scheme: &'static str,
    pause: Duration,
    port: u16,
}

impl Site {
    fn new(scheme: &'static str, tls: &Option<Arc<ServerConfig>>, pause: Duration) -> Self {
        let port = own::start_after(tls.clone(), pause);
        Self {
            scheme,
            pause,
            port,
        }
    }
}

/// The host, and its plugin and whom that trusts in a folder.
struct Host {
    program: std::path::PathBuf,
    folder: TempDir,
}

impl Host {
    fn new(world: &World) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let plugin = world
            .guests
            .composition(files::PLUGIN, &component::path())?;
        fs::write(folder.path().join("plugin.wasm"), plugin)?;
        fs::create_dir(folder.path().join("authorities"))?;
        let authority = folder.path().join("authorities").join("ca.pem");
        fs::write(authority, world.authority.pem())?;
        let program = beside("host")?;
        Ok(Self { program, folder })
    }

    /// Has it make so many calls.
    fn run(&self, site: &Site, instances: u64, times: u64, more: &[&str]) -> Result<Figures> {
        let (scheme, port) = (site.scheme, site.port);
        let mut host = Command::new(&self.program);
        host.current_dir(&self.folder).arg("plugin.wasm");
        host.args(["--allow", "127.0.0.1", "--authorities", "authorities"]);
        host.args(["--instances", &instances.to_string()]);
        host.args(["--times", &times.to_string()]).args(more);
        host.arg(format!("{scheme}://127.0.0.1:{port}/1000"));
        Figures::parse(&said(&mut host)?)
    }
}

/// What the host printed: `N pages in N s, N a second; N KiB resident, N KiB linear memory each`.
struct Figures {
    rate: f64,
    resident: f64,
    linear: f64,
}

impl Figures {
    fn parse(line: &str) -> Result<Self> {
        let numbers = line.split(' ').filter_map(|word| word.parse().ok());
        let numbers: Vec<f64> = numbers.collect();
        let [_, _, rate, resident, linear] = numbers[..] else {
            return Err(anyhow::anyhow!("{line}")).context("the host prints five numbers");
        };
        Ok(Self {
            rate,
            resident,
            linear,
        })
    }
}

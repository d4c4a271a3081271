//! Small bodies over one connection, one after the other.

use anyhow::Result;

use crate::World;
use crate::guests::Program;
use crate::peers::{python, ureq};
use crate::rounds::Contenders;
use crate::servers::nginx::Site;
use crate::subjects::files;
use crate::subjects::names::{ATTOHTTPC, HTTPLIB, LINKED, PYTHON, RAW, UREQ, WASI_HTTP};
use crate::table::{Bound, Table};

const SMALL: u64 = 1000;
const COUNT: u64 = 4000;
/// For those that connect each time; attohttpc over TLS waits for a delayed acknowledgment each time as well.
const FEW: u64 = 400;
const FEWEST: u64 = 40;

const NOTE: &str = "attohttpc opens a connection for each request, as the host's wasi:http does: neither has reuse. \
    Over TLS attohttpc, which leaves Nagle's algorithm on, also waits for a delayed acknowledgment of 40 ms.";

pub fn run(world: &World) -> Result<Vec<Table>> {
    Ok(vec![http(world)?, https(world)?])
}

fn http(world: &World) -> Result<Table> {
    let requests = Requests::new(world, Site::Http, FEW)?;
    let wasi_http = world.guests.alone(files::WASI_HTTP)?;
    let rows = Contenders::new()
        .with(RAW, || {
            requests.frequency(&requests.bench, "raw-requests", COUNT)
        })
        .with(WASI_HTTP, || {
            requests.frequency(&wasi_http, "requests", FEW)
        });
    let rows = requests.join(rows).run(world.scale.rounds)?;
    let table = Table::new("Requests for 1 KB, http", "a second", rows)
        .wanted(HTTPLIB, Bound::AtLeast(0.9), RAW)
        .wanted(LINKED, Bound::AtLeast(0.9), RAW)
        .note(NOTE)
        .pictured();
    Ok(table)
}

fn https(world: &World) -> Result<Table> {
    let requests = Requests::new(world, Site::ChaCha20, FEWEST)?;
    let rows = requests.join(Contenders::new()).run(world.scale.rounds)?;
    let table = Table::new("Requests for 1 KB, https", "a second", rows)
        .wanted(HTTPLIB, Bound::AtLeast(1.8), PYTHON)
        .note(NOTE)
        .pictured();
    Ok(table)
}

/// What is asked for.
struct Requests<'a> {
    world: &'a World,
    bench: Program<'a>,
    linked: Program<'a>,
    attohttpc: Program<'a>,
    url: String,
    few: u64,
    authority: String,
}

impl<'a> Requests<'a> {
    fn new(world: &'a World, site: Site, few: u64) -> Result<Self> {
        Ok(Self {
            world,
            bench: world.bench()?,
            linked: world.guests.alone(files::LINKED)?,
            attohttpc: world.guests.alone(files::ATTOHTTPC)?,
            url: world.nginx.url(site, SMALL)?,
            few,
            authority: world.authority.pem(),
        })
    }

    fn frequency(&self, program: &Program, what: &str, count: u64) -> Result<f64> {
        let count = self.world.scale.of(count);
        program
            .measure(what, &self.url, count)?
            .frequency(count, SMALL)
    }

    /// With those that can do it over HTTP and over TLS.
    fn join<'b>(&'b self, contenders: Contenders<'b>) -> Contenders<'b> {
        let count = self.world.scale.of(COUNT);
        contenders
            .with(HTTPLIB, || self.frequency(&self.bench, "requests", COUNT))
            .with(LINKED, || self.frequency(&self.linked, "requests", COUNT))
            .with(ATTOHTTPC, || {
                self.frequency(&self.attohttpc, "connections", self.few)
            })
            .with(UREQ, move || {
                let authority = self.world.authority.der();
                ureq::requests(&self.url, count, authority)?.frequency(count, SMALL)
            })
            .with(PYTHON, move || {
                let measured = python::run("requests", &self.url, count, &self.authority)?;
                measured.frequency(count, SMALL)
            })
    }
}

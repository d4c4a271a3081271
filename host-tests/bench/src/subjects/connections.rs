//! Small bodies over a connection each.

use anyhow::Result;

use crate::World;
use crate::guests::Program;
use crate::rounds::Contenders;
use crate::servers::nginx::Site;
use crate::subjects::files;
use crate::subjects::names::{ATTOHTTPC, HTTPLIB, LINKED, RAW};
use crate::table::{Bound, Table};

const SMALL: u64 = 1000;
const COUNT: u64 = 1000;
const SECURE: u64 = 200;
/// For attohttpc over TLS, which waits for a delayed acknowledgment each time.
const FEWEST: u64 = 40;

const RESUMED: &str = "httplib, https, resumed";
const FULL: &str = "httplib, https, full handshake";
const ATTOHTTPC_FULL: &str = "attohttpc, wasm, https";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let bench = world.bench()?;
    let linked = world.guests.alone(files::LINKED)?;
    let attohttpc = world.guests.alone(files::ATTOHTTPC)?;
    let plain = world.nginx.url(Site::Http, SMALL)?;
    let resuming = world.nginx.url(Site::ChaCha20, SMALL)?;
    let full = world.nginx.url(Site::Full, SMALL)?;
    let frequency = |program: &Program, what: &str, url: &str, count: u64| {
        let count = world.scale.of(count);
        program.measure(what, url, count)?.frequency(count, SMALL)
    };
    let rows = Contenders::new()
        .with(RAW, || frequency(&bench, "raw-connections", &plain, COUNT))
        .with(HTTPLIB, || frequency(&bench, "connections", &plain, COUNT))
        .with(LINKED, || frequency(&linked, "connections", &plain, COUNT))
        .with(ATTOHTTPC, || {
            frequency(&attohttpc, "connections", &plain, COUNT)
        })
        .with(RESUMED, || frequency(&bench, "resumed", &resuming, SECURE))
        .with(FULL, || frequency(&bench, "full", &full, SECURE))
        .with(ATTOHTTPC_FULL, || {
            frequency(&attohttpc, "connections", &full, FEWEST)
        })
        .run(world.scale.rounds)?;
    let table = Table::new("Requests for 1 KB, a connection each", "a second", rows)
        .wanted(HTTPLIB, Bound::AtLeast(1.2), ATTOHTTPC)
        .wanted(LINKED, Bound::AtLeast(1.2), ATTOHTTPC);
    Ok(vec![table])
}

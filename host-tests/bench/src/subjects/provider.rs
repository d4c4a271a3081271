//! Requests over TLS behind the same program: with the provider of `wasi:http/client`, and with the host's own client,
//! which opens a connection for each.

use anyhow::Result;
use harness::server::Server;
use harness::tls::{KeyType, ServerTls};

use crate::World;
use crate::guests::{Program, Run};
use crate::own_client::OwnClient;
use crate::rounds::Contenders;
use crate::subjects::files;
use crate::table::Table;

const COUNT: u64 = 1000;

const PROVIDER: &str = "httplib, the provider";
const HOST: &str = "the host's own client";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let keys = [
        ("ECDSA on P-256", KeyType::P256),
        ("RSA, 2048 bits", KeyType::Rsa2048),
    ];
    keys.into_iter()
        .map(|(name, key)| with_certificate(world, name, key))
        .collect()
}

fn with_certificate(world: &World, name: &str, key: KeyType) -> Result<Table> {
    let authority = &world.authority;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("ca.pem"), authority.pem())?;
    let identity = authority.request(&["localhost"]).key(key).issue();
    let server = Server::streaming(Some(ServerTls::new(&identity).build()));
    let url = format!("https://localhost:{}/", server.port());
    let count = world.scale.of(COUNT);
    let provided = world.guests.composed(files::PROVIDED, &world.provider)?;
    let alone = world.guests.alone(files::PROVIDED)?;
    let run = || Run::new(&["time", &url, &count.to_string()]);
    let rows = Contenders::new()
        .with(PROVIDER, || {
            let run = run().trusting(folder.path(), "ca.pem")?;
            frequency(&provided, run, count)
        })
        .with(HOST, || {
            let run = run().hooks(OwnClient::new(authority.der()));
            frequency(&alone, run, count)
        })
        .run(world.scale.rounds)?;
    let title = format!("wasi:http, requests for 5 bytes, https, {name}");
    Ok(Table::new(title, "a second", rows))
}

/// The program says how many nanoseconds it took.
fn frequency(program: &Program, run: Run, count: u64) -> Result<f64> {
    let nanoseconds: f64 = program.run(run)?.trim_end().parse()?;
    Ok(count as f64 * 1e9 / nanoseconds)
}

//! Long bodies from nginx, over HTTP and over TLS 1.3 with either cipher.

use anyhow::Result;

use crate::World;
use crate::guests::Program;
use crate::peers::{python, ureq};
use crate::rounds::Contenders;
use crate::servers::nginx::Site;
use crate::subjects::files;
use crate::subjects::names::{ATTOHTTPC, CURL, LINKED, PYTHON, RAW, READ, SPLICE, UREQ, WASI_HTTP};
use crate::table::{Bound, Table};

const LONG: u64 = 256 << 20;
/// Where a byte costs ten times as much.
const SHORT: u64 = 64 << 20;

const BORDER: &str = "What read1 gives crosses from the component into the program that it is composed with, as a list, which \
    wasmtime copies byte by byte. A program that has httplib linked in has no such border.";

const P3_RAW: &str = "socket, wasm";
const P3_STREAM: &str = "httplib, consume-body";
const P3_READ: &str = "httplib, read";

pub fn http(world: &World) -> Result<Vec<Table>> {
    let download = Download::new(world, Site::Http, LONG)?;
    let wasi_http = world.guests.alone(files::WASI_HTTP)?;
    let rows = Contenders::new()
        .with(RAW, || download.rate(&download.bench, "raw"))
        .with(WASI_HTTP, || download.rate(&wasi_http, "read"));
    let rows = download.join(rows).run(world.scale.rounds)?;
    let table = Table::new(download.title("http"), "MB/s", rows)
        .wanted(SPLICE, Bound::AtLeast(0.85), RAW)
        .wanted(LINKED, Bound::AtLeast(0.75), RAW)
        .wanted(LINKED, Bound::AtLeast(1.0), ATTOHTTPC)
        .note(BORDER)
        .pictured();
    Ok(vec![table, over_p3(&download)?])
}

pub fn https(world: &World) -> Result<Vec<Table>> {
    let download = Download::new(world, Site::ChaCha20, LONG)?;
    let rows = download.join(Contenders::new()).run(world.scale.rounds)?;
    let table = Table::new(download.title("https, ChaCha20-Poly1305"), "MB/s", rows)
        .wanted(SPLICE, Bound::AtLeast(0.7), PYTHON)
        .wanted(LINKED, Bound::AtLeast(0.9), SPLICE)
        .note(BORDER)
        .pictured();
    Ok(vec![table])
}

/// A server that insists on what WebAssembly has no instructions for.
pub fn aes(world: &World) -> Result<Vec<Table>> {
    let download = Download::new(world, Site::Aes128, SHORT)?;
    let rows = download.join(Contenders::new()).run(world.scale.rounds)?;
    let table = Table::new(download.title("https, AES-128-GCM"), "MB/s", rows)
        .wanted_itself(SPLICE, Bound::AtLeast(150.0))
        .note(
            "150 MB/s are 2.4 times what the component did on two cores of an AMD EPYC while its \
             AES was RustCrypto's.",
        )
        .pictured();
    Ok(vec![table])
}

fn over_p3(download: &Download) -> Result<Table> {
    let world = download.world;
    let program = world.guests.composed(files::P3, &world.p3)?;
    let rows = Contenders::new()
        .with(P3_RAW, || download.rate(&program, "raw"))
        .with(P3_STREAM, || download.rate(&program, "stream"))
        .with(P3_READ, || download.rate(&program, "read"))
        .run(world.scale.rounds)?;
    let table = Table::new(download.title("http, WASI 0.3"), "MB/s", rows);
    Ok(table.wanted(P3_STREAM, Bound::AtLeast(0.85), P3_RAW))
}

/// What is fetched.
struct Download<'a> {
    world: &'a World,
    bench: Program<'a>,
    linked: Program<'a>,
    attohttpc: Program<'a>,
    url: String,
    size: u64,
    authority: String,
}

impl<'a> Download<'a> {
    fn new(world: &'a World, site: Site, size: u64) -> Result<Self> {
        let size = world.scale.of(size);
        Ok(Self {
            world,
            bench: world.bench()?,
            linked: world.guests.alone(files::LINKED)?,
            attohttpc: world.guests.alone(files::ATTOHTTPC)?,
            url: world.nginx.url(site, size)?,
            size,
            authority: world.authority.pem(),
        })
    }

    fn title(&self, how: &str) -> String {
        format!("GET of {} MiB, {how}", self.size >> 20)
    }

    fn rate(&self, program: &Program, what: &str) -> Result<f64> {
        program.measure(what, &self.url, 0)?.rate(self.size)
    }

    /// With those that can do it over HTTP and over TLS.
    fn join<'b>(&'b self, contenders: Contenders<'b>) -> Contenders<'b> {
        contenders
            .with(SPLICE, || self.rate(&self.bench, "splice"))
            .with(READ, || self.rate(&self.bench, "read"))
            .with(LINKED, || self.rate(&self.linked, "read"))
            .with(ATTOHTTPC, || self.rate(&self.attohttpc, "read"))
            .with(UREQ, || {
                ureq::read(&self.url, self.world.authority.der())?.rate(self.size)
            })
            .with(PYTHON, || {
                python::run("read", &self.url, 0, &self.authority)?.rate(self.size)
            })
            .with(CURL, || {
                self.world.curl.download(&self.url)?.rate(self.size)
            })
    }
}

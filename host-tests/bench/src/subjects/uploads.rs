//! Long bodies to a server of this process, from bytes that the client has and from a stream.

use std::io::Write;

use anyhow::Result;
use harness::tls::ServerTls;
use hyper::body::Bytes;
use tempfile::NamedTempFile;

use crate::guests::Program;
use crate::peers::python;
use crate::rounds::Contenders;
use crate::servers::nginx::Site;
use crate::servers::own;
use crate::subjects::files;
use crate::subjects::names::RAW;
use crate::table::{Bound, Table};
use crate::{CHACHA20, World};

const LONG: u64 = 128 << 20;

const BYTES: &str = "httplib, bytes";
const LINKED: &str = "httplib, linked in, bytes";
const STREAM: &str = "httplib, a stream";
const PYTHON_BYTES: &str = "CPython, bytes";
const PYTHON_STREAM: &str = "CPython, a stream";
const CURL_BYTES: &str = "curl, bytes";
const CURL_STREAM: &str = "curl, a file";
const RAW_DOWNLOAD: &str = "socket, wasm: GET";
const DOWNLOAD: &str = "httplib, splice: GET";

pub fn run(world: &World) -> Result<Vec<Table>> {
    Ok(vec![http(world)?, https(world)?])
}

fn http(world: &World) -> Result<Table> {
    let upload = Upload::new(world, format!("http://127.0.0.1:{}/", own::start(None)))?;
    let size = upload.size();
    let from = world.nginx.url(Site::Http, size)?;
    let down = || upload.bench.measure("raw", &from, 0)?.rate(size);
    let up = || {
        upload
            .bench
            .measure("raw-upload", &upload.url, size)?
            .rate(size)
    };
    let rows = Contenders::new().with(RAW_DOWNLOAD, down).with(RAW, up);
    let rows = upload.join(rows).run(world.scale.rounds)?;
    let table = Table::new(title("http", size), "MB/s", rows)
        .wanted(BYTES, Bound::AtLeast(0.5), RAW_DOWNLOAD)
        .wanted(LINKED, Bound::AtLeast(0.5), RAW_DOWNLOAD)
        .wanted(STREAM, Bound::AtLeast(0.5), RAW_DOWNLOAD);
    Ok(table)
}

fn https(world: &World) -> Result<Table> {
    let tls = ServerTls::new(&world.identity).tls13_only();
    let tls = tls.cipher_suite(CHACHA20).build();
    let url = format!("https://127.0.0.1:{}/", own::start(Some(tls)));
    let upload = Upload::new(world, url)?;
    let size = upload.size();
    let from = world.nginx.url(Site::ChaCha20, size)?;
    let down = || upload.bench.measure("splice", &from, 0)?.rate(size);
    let rows = Contenders::new().with(DOWNLOAD, down);
    let rows = upload.join(rows).run(world.scale.rounds)?;
    let table = Table::new(title("https, ChaCha20-Poly1305", size), "MB/s", rows)
        .wanted(BYTES, Bound::AtLeast(0.8), DOWNLOAD)
        .wanted(LINKED, Bound::AtLeast(0.8), DOWNLOAD)
        .wanted(STREAM, Bound::AtLeast(0.8), DOWNLOAD)
        .pictured();
    Ok(table)
}

fn title(scheme: &str, size: u64) -> String {
    format!("POST of {} MiB, {scheme}", size >> 20)
}

/// What is sent, and where to.
struct Upload<'a> {
    world: &'a World,
    bench: Program<'a>,
    linked: Program<'a>,
    url: String,
    body: Bytes,
    file: NamedTempFile,
    authority: String,
}

impl<'a> Upload<'a> {
    fn new(world: &'a World, url: String) -> Result<Self> {
        let size = world.scale.of(LONG);
        let body = Bytes::from(vec![b'u'; usize::try_from(size)?]);
        let mut file = NamedTempFile::new()?;
        file.write_all(&body)?;
        Ok(Self {
            world,
            bench: world.bench()?,
            linked: world.guests.alone(files::LINKED)?,
            url,
            body,
            file,
            authority: world.authority.pem(),
        })
    }

    fn size(&self) -> u64 {
        self.body.len() as u64
    }

    /// With those that can do it over HTTP and over TLS.
    fn join<'b>(&'b self, contenders: Contenders<'b>) -> Contenders<'b> {
        contenders
            .with(BYTES, || {
                self.httplib(&self.bench, "upload-bytes", Bytes::new())
            })
            .with(LINKED, || {
                self.httplib(&self.linked, "upload-bytes", Bytes::new())
            })
            .with(STREAM, || {
                self.httplib(&self.bench, "upload-stream", self.body.clone())
            })
            .with(PYTHON_BYTES, || self.python("upload-bytes"))
            .with(PYTHON_STREAM, || self.python("upload-stream"))
            .with(CURL_BYTES, || self.curl(true))
            .with(CURL_STREAM, || self.curl(false))
    }

    fn httplib(&self, program: &Program, what: &str, input: Bytes) -> Result<f64> {
        let size = self.size();
        let measured = program.measure_sending(what, &self.url, size, input)?;
        measured.rate(size)
    }

    fn python(&self, what: &str) -> Result<f64> {
        let size = self.size();
        python::run(what, &self.url, size, &self.authority)?.rate(size)
    }

    fn curl(&self, whole: bool) -> Result<f64> {
        let measured = self.world.curl.upload(&self.url, &self.file, whole)?;
        measured.rate(self.size())
    }
}

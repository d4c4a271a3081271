//! `WHAT URL COUNT`: does it with the crate for Rust, the client linked in rather than composed, and prints how many
//! bytes of bodies came or arrived, and how many nanoseconds that took, connecting included.
//!
//! | WHAT | |
//! |---|---|
//! | `read` | downloads into the program's memory, 64 KiB at a time |
//! | `upload-bytes` | sends COUNT bytes, which it has |
//! | `requests` | makes COUNT requests over one connection, and one before that |
//! | `connections` | makes COUNT requests over a connection each, and one before that |
//!
//! The variable `CA` has the certificate authority to trust, in PEM.
#![forbid(unsafe_code)]

use std::cell::Cell;
use std::io::Read;
use std::process::ExitCode;
use std::time::Instant;

use httplib::{Connection, Response, TlsContext};

/// How much is asked for at once.
const BLOCK: usize = 64 << 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let measured = match &arguments[..] {
        [what, url, count] => Client::new(url).and_then(|client| {
            let count = count.parse().map_err(|_| format!("{count} is no number"))?;
            client.measure(what, count)
        }),
        _ => Err("bench-linked WHAT URL COUNT".to_owned()),
    };
    match measured {
        Ok((bytes, nanoseconds)) => {
            println!("{bytes} {nanoseconds}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Where to: `http://127.0.0.1:PORT/PATH`, or `https`; and whom to trust, made ahead of the measurement.
struct Client {
    server: String,
    path: String,
    tls: Option<TlsContext>,
}

type Called<T> = Result<T, Box<dyn std::error::Error>>;

impl Client {
    fn new(url: &str) -> Result<Self, String> {
        let parts = url.split_once("://").and_then(|(scheme, rest)| {
            let (server, path) = rest.split_at(rest.find('/')?);
            Some((scheme, server.to_owned(), path.to_owned()))
        });
        let (scheme, server, path) = parts.ok_or(format!("{url} is nowhere"))?;
        let tls = (scheme == "https").then(trusting).transpose();
        let tls = tls.map_err(|error| error.to_string())?;
        Ok(Self { server, path, tls })
    }

    fn measure(&self, what: &str, count: u64) -> Result<(u64, u128), String> {
        let timed = |work: &dyn Fn() -> Called<u64>| {
            let begin = Instant::now();
            let bytes = work()?;
            Ok((bytes, begin.elapsed().as_nanos()))
        };
        let once = || self.read(&self.connection()?);
        let measured = match what {
            "read" => timed(&once),
            "upload-bytes" => {
                let length = usize::try_from(count).map_err(|error| error.to_string())?;
                let bytes = Cell::new(vec![b'u'; length]);
                timed(&|| self.upload(bytes.take()))
            }
            "requests" => self.connection().and_then(|connection| {
                self.read(&connection)?;
                timed(&|| (0..count).map(|_| self.read(&connection)).sum())
            }),
            "connections" => once().and_then(|_| timed(&|| (0..count).map(|_| once()).sum())),
            _ => return Err(format!("{what} is nothing to measure")),
        };
        measured.map_err(|error| error.to_string())
    }

    fn connection(&self) -> Called<Connection> {
        let builder = Connection::builder();
        Ok(match &self.tls {
            None => builder.http(&self.server)?,
            Some(context) => builder.tls(context).https(&self.server)?,
        })
    }

    fn read(&self, connection: &Connection) -> Called<u64> {
        let mut response: Response = connection.get(&self.path).send()?;
        let (mut block, mut came) = (vec![0; BLOCK], 0);
        loop {
            match response.read(&mut block)? {
                0 => return Ok(came),
                length => came += length as u64,
            }
        }
    }

    /// How many bytes the server has seen: it answers with that.
    fn upload(&self, bytes: Vec<u8>) -> Called<u64> {
        let connection = self.connection()?;
        let mut response = connection.post(&self.path).body(bytes).send()?;
        Ok(response.text()?.parse()?)
    }
}

fn trusting() -> httplib::Result<TlsContext> {
    let context = TlsContext::create_bare();
    let authority = std::env::var("CA").unwrap_or_default();
    context.load_verify_locations(authority.as_bytes())?;
    Ok(context)
}

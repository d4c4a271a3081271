//! `WHAT URL COUNT`: does it with httplib linked in rather than composed, and prints how many bytes of bodies came or
//! arrived, and how many nanoseconds that took, connecting included.
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

use std::cell::{Cell, RefCell};
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use httplib::blocking::{Given, Stopped, block_on};
use httplib::client::{Body, Connection, Error, Options, Response, Scheme, Trace};
use httplib::transport::tls::{Config, Context};
use httplib::wasi::{WallClock, WasiNetwork};

/// How much is asked for at once.
const BLOCK: u64 = 64 << 10;

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
    port: u16,
    path: String,
    tls: Option<Config>,
}

type Called<T> = Result<T, Stopped>;

impl Client {
    fn new(url: &str) -> Result<Self, String> {
        let parts = url.split_once("://127.0.0.1:").and_then(|(scheme, rest)| {
            let slash = rest.find('/')?;
            let (port, path) = rest.split_at(slash);
            Some((scheme, port.parse().ok()?, path.to_owned()))
        });
        let (scheme, port, path) = parts.ok_or(format!("{url} is nowhere"))?;
        let tls = (scheme == "https").then(trusting).transpose()?;
        Ok(Self { port, path, tls })
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
        measured.map_err(|stopped| format!("{stopped:?}"))
    }

    fn connection(&self) -> Called<RefCell<Connection<WasiNetwork>>> {
        let scheme = match &self.tls {
            None => Scheme::Http,
            Some(config) => Scheme::Https(config.clone()),
        };
        let (network, trace) = (Rc::new(WasiNetwork), Trace::new(|_| {}));
        let (port, options) = (Some(self.port), Options::default());
        let connection = Connection::new(network, scheme, "127.0.0.1", port, options, trace)?;
        Ok(RefCell::new(connection))
    }

    fn exchange(
        &self,
        connection: &RefCell<Connection<WasiNetwork>>,
        method: &str,
        mut body: Option<Body>,
    ) -> Called<RefCell<Response<WasiNetwork>>> {
        block_on::<_, _, Stopped>(connection, Given::Nothing, |it| {
            it.poll_request(method, &self.path, &mut body, &[])
        })?;
        let response =
            block_on::<_, _, Stopped>(connection, Given::Nothing, |it| it.poll_response());
        response.map(RefCell::new)
    }

    fn read(&self, connection: &RefCell<Connection<WasiNetwork>>) -> Called<u64> {
        let response = self.exchange(connection, "GET", None)?;
        let mut came = 0;
        loop {
            let block = block_on::<_, _, Stopped>(&response, Given::Nothing, |it| {
                it.poll_read1(Some(BLOCK))
            });
            match block?.len() {
                0 => return Ok(came),
                length => came += length as u64,
            }
        }
    }

    /// How many bytes the server has seen: it answers with that.
    fn upload(&self, bytes: Vec<u8>) -> Called<u64> {
        let response = self.exchange(&self.connection()?, "POST", Some(Body::Bytes(bytes)))?;
        let body = block_on::<_, _, Stopped>(&response, Given::Nothing, |it| it.poll_read(None))?;
        let text = String::from_utf8_lossy(&body);
        text.parse()
            .map_err(|_| Error::Value(text.into_owned()).into())
    }
}

fn trusting() -> Result<Config, String> {
    let mut context = Context::create_bare(Arc::new(WallClock));
    let authority = std::env::var("CA").unwrap_or_default();
    let loaded = context.load_verify_locations(authority.as_bytes());
    loaded
        .and_then(|()| context.config())
        .map_err(|error| format!("{error:?}"))
}

//! `WHAT URL COUNT`: does it, and prints how many bytes of bodies came or arrived, and how many nanoseconds
//! that took, connecting included.
//!
//! | WHAT | |
//! |---|---|
//! | `raw` | downloads over a socket of its own; `raw-upload`, `raw-requests` and `raw-connections` do the same with that |
//! | `splice` | downloads into standard error, which the host throws away |
//! | `read` | downloads into the program's memory, 64 KiB at a time |
//! | `upload-bytes` | sends COUNT bytes, which it has |
//! | `upload-stream` | sends standard input, which has COUNT bytes |
//! | `requests` | makes COUNT requests over one connection, and one before that |
//! | `connections` | makes COUNT requests over a connection each, and one before that |
//! | `full`, `resumed` | the same over TLS: each handshake is of this kind |
//!
//! The variable `CA` has the certificate authority to trust, in PEM.
#![forbid(unsafe_code)]

use std::process::ExitCode;
use std::time::{Duration, Instant};

mod httplib;
mod raw;

mod bindings {
    wit_bindgen::generate!({
        path: "../../../wit",
        inline: "
            package bench:guest;

            world guest {
                import wasi:cli/stderr@0.2.6;
                import wasi:cli/stdin@0.2.6;
                import wasi:sockets/instance-network@0.2.6;
                import wasi:sockets/tcp-create-socket@0.2.6;
                import httplib:http/client@0.2.0;
            }
        ",
        generate_all,
    });
}

/// How much is asked for at once.
const BLOCK: u64 = 64 << 10;

/// What came of a measurement.
struct Measured {
    bytes: u64,
    took: Duration,
}

impl Measured {
    fn since(begin: Instant, bytes: u64) -> Self {
        Self {
            bytes,
            took: begin.elapsed(),
        }
    }
}

type Outcome = Result<Measured, String>;

/// Where to: `http://127.0.0.1:PORT/PATH`, or `https`.
struct Target<'a> {
    secure: bool,
    port: u16,
    path: &'a str,
}

impl<'a> Target<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://127.0.0.1:")?;
        let slash = rest.find('/')?;
        Some(Self {
            secure: scheme == "https",
            port: rest[..slash].parse().ok()?,
            path: &rest[slash..],
        })
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match &arguments[..] {
        [what, url, count] => match (Target::parse(url), count.parse()) {
            (Some(target), Ok(count)) => measure(what, &target, count),
            _ => Err(format!("{url} {count}")),
        },
        _ => Err("bench WHAT URL COUNT".to_owned()),
    };
    match outcome {
        Ok(Measured { bytes, took }) => {
            println!("{bytes} {}", took.as_nanos());
            ExitCode::SUCCESS
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(what: &str, target: &Target, count: u64) -> Outcome {
    match what {
        "raw" => raw::download(target),
        "raw-upload" => raw::upload(target, count),
        "raw-requests" => raw::requests(target, count),
        "raw-connections" => raw::connections(target, count),
        "splice" => httplib::splice(target),
        "read" => httplib::read(target),
        "upload-bytes" => httplib::upload_bytes(target, count),
        "upload-stream" => httplib::upload_stream(target, count),
        "requests" => httplib::requests(target, count),
        "connections" => httplib::connections(target, count, None),
        "full" => httplib::connections(target, count, Some(false)),
        "resumed" => httplib::connections(target, count, Some(true)),
        _ => Err(format!("{what} is nothing to measure")),
    }
}

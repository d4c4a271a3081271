//! The calls over WASI 0.2.
//!
//! - `sequences PORT NOBODY SEED COUNT ONLINE`: so many sequences, of which so many of a million talk to the server.
//! - `properties PORT NOBODY SEED COUNT`: so many arguments.
#![forbid(unsafe_code)]

mod blocking;

use std::env;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

use blocking::Blocking;
use caller::model::{Interface, World};
use caller::properties::properties;
use caller::run::{Plan, sequences};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let numbers: Vec<u64> = arguments[1..]
        .iter()
        .map(|it| it.parse().expect("a number"))
        .collect();
    let world = World {
        interface: Interface::Wasi02,
        port: numbers[0] as u16,
        nobody: numbers[1] as u16,
    };
    let report = match (arguments[0].as_str(), &numbers[2..]) {
        ("sequences", &[seed, count, online]) => {
            let online = online as u32;
            let plan = Plan {
                seed,
                count,
                online,
            };
            now(sequences::<Blocking>(plan, &world)).map(|it| it.to_string())
        }
        ("properties", &[seed, count]) => {
            now(properties::<Blocking>(seed, count, &world)).map(|it| it.to_string())
        }
        (other, _) => Err(format!("no such command: {other}")),
    };
    match report {
        Ok(report) => {
            print!("{report}");
            ExitCode::SUCCESS
        }
        Err(text) => {
            eprintln!("{text}");
            ExitCode::FAILURE
        }
    }
}

/// What waits for nothing but calls that block.
fn now<T>(work: impl Future<Output = T>) -> T {
    let work = std::pin::pin!(work);
    match work.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("calls block"),
    }
}

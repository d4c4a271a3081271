//! The calls over WASI 0.2: see [`command`].
#![forbid(unsafe_code)]

mod blocking;

use std::env;
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};

use blocking::Blocking;
use caller::model::Interface;
use caller::run::command;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match now(command::<Blocking>(Interface::Wasi02, &arguments)) {
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

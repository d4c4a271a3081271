//! [`transport`](crate::transport)'s traits over `wasi:sockets`, `wasi:io` and `wasi:clocks`.
//!
//! Reads and writes are tried first and polled for only when they gave nothing: each call to the host
//! costs, and most streams have something. `wait.rs` makes the only call to poll.

mod clock;
mod dial;
mod environment;
mod error;
mod files;
mod parent;
mod resolve;
mod tcp;
mod wait;

use alloc::string::String;

pub use clock::WallClock;
pub use dial::Dial;
pub use environment::{print_to_stderr, variable};
pub use files::{File, Log};
pub use tcp::TcpStream;
pub use wait::Timer;

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::Pollable;
use crate::transport::{Instant, Network};

/// Nanoseconds until a caller who waits by himself should look again at what no single pollable stands
/// for.
const LOOK_AGAIN: u64 = 5_000_000;

/// The network that the host gave this component.
#[derive(Clone, Copy, Debug)]
pub struct WasiNetwork;

impl Network for WasiNetwork {
    type Dialing = Dial;
    type Stream = TcpStream;

    fn dial(&self, host: &str, port: u16, source: Option<&(String, u16)>) -> Dial {
        Dial::new(host, port, source)
    }

    fn now(&self) -> Instant {
        Instant(monotonic_clock::now())
    }

    fn ready(&self) -> Pollable {
        monotonic_clock::subscribe_duration(0)
    }

    fn look_again(&self) -> Pollable {
        monotonic_clock::subscribe_duration(LOOK_AGAIN)
    }
}

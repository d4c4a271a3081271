//! [`transport`](crate::transport)'s traits over `wasi:sockets`, `wasi:io` and `wasi:clocks`.
//!
//! Reads and writes are tried first and polled for only when they gave nothing: each call to the host
//! costs, and most streams have something. What is to be waited for is given as pollables; the binding
//! waits.

mod body;
mod clock;
mod dial;
mod environment;
mod error;
mod files;
mod resolve;
mod retired;
mod tcp;

use alloc::string::String;

pub use body::{File as FileBody, Input, Output};
pub use clock::WallClock;
pub use dial::Dial;
pub use environment::{print_to_stderr, variable};
pub use files::{append_lines, read};
pub use tcp::TcpStream;

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::transport::{Instant, Network};

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
}

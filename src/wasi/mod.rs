//! [`transport`](crate::transport)'s traits over WASI: its sockets, clocks, files and environment.

mod address;
mod environment;
mod paths;
mod race;
mod received;
mod room;

#[cfg(not(feature = "p3"))]
mod p2;
#[cfg(feature = "p3")]
mod p3;

use alloc::string::String;

pub use environment::variable;
#[cfg(not(feature = "p3"))]
pub use p2::*;
#[cfg(feature = "p3")]
pub use p3::*;

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

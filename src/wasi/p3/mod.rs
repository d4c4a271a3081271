//! WASI 0.3.
//!
//! What the host is asked for goes on by itself; it is looked at first, and waited for
//! only when it is not over.

mod body;
mod clock;
mod dial;
mod end;
mod error;
mod files;
#[cfg(not(feature = "wasi-http"))]
mod given;
mod incoming;
#[cfg(not(feature = "wasi-http"))]
mod lines;
mod one_thread;
mod operation;
mod outgoing;
mod random;
mod retired;
mod synchronous;
mod tcp;
mod waiter;

pub use body::Input;
pub use clock::{Timer, WallClock};
pub use dial::Dial;
pub use files::read;
#[cfg(not(feature = "wasi-http"))]
pub use lines::{append_lines, print_to_stderr, written};
#[cfg(feature = "wasi-http")]
pub use one_thread::OneThread;
pub use retired::drop_retired;
#[cfg(not(feature = "wasi-http"))]
pub use synchronous::synchronously;
pub use tcp::TcpStream;
pub use waiter::Waiter;

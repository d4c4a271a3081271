//! WASI 0.2.
//!
//! Reads and writes are tried first and polled for only when they gave nothing: each call to the host
//! costs, and most streams have something. What is to be waited for is given as pollables; the binding
//! waits.

mod body;
mod clock;
mod dial;
mod error;
mod files;
mod lines;
mod resolve;
mod retired;
mod tcp;

pub use body::{File as FileBody, Input, Output};
pub use clock::WallClock;
pub use dial::Dial;
pub use files::{append_lines, read};
pub use lines::print_to_stderr;
pub use tcp::TcpStream;

//! Python's `httplib` as a WebAssembly component.
//!
//! The floors, from the wire upwards; each knows only those below it:
//!
//! - [`http1`] turns bytes into heads, bodies and errors, and requests into bytes. No I/O.
//! - [`transport`] says what a network is, and puts TLS on top of one. No WASI.
//! - [`client`] is `httplib` itself: the state machine, automatic headers, exceptions.
//! - `wasi` implements [`transport`]'s traits over `wasi:sockets`.
//! - `blocking` makes the client's calls, and waits in between; over WASI 0.3 `tasks` does.
//! - `component` translates between WIT and [`client`].
//!
//! The last three exist on WebAssembly only; everything else is tested natively. Without the feature `component`
//! the crate is for programs that have it linked in.
//!
//! There is no standard library in the component: it would bring its own files, standard streams and
//! messages of panics, and ask the host for what nobody here uses. `runtime` is what remains of it.
#![no_std]
#![deny(unsafe_code)]
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[macro_use]
extern crate alloc;
// Natively it is there for the tests.
#[cfg(not(target_family = "wasm"))]
extern crate std;

pub mod client;
pub mod http1;
pub mod transport;

#[cfg(target_family = "wasm")]
mod bindings;
#[cfg(all(target_family = "wasm", not(feature = "p3")))]
pub mod blocking;
#[cfg(all(target_family = "wasm", not(feature = "wasi-http")))]
mod component;
#[cfg(all(
    target_family = "wasm",
    not(feature = "component"),
    not(feature = "p3")
))]
pub mod linked;
#[cfg(all(target_family = "wasm", feature = "component", feature = "wasi-http"))]
mod provider;
#[cfg(all(target_family = "wasm", feature = "component"))]
mod runtime;
#[cfg(all(target_family = "wasm", feature = "p3"))]
mod tasks;
#[cfg(target_family = "wasm")]
pub mod wasi;

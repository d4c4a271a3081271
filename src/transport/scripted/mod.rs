//! A network in memory with a clock of its own, for tests: hosts that do what a script says, when it says.
//!
//! It is part of the native library only, so that tests within and outside of this crate share it.

mod network;
mod wire;

pub use network::{Dial, Scripts};
pub use wire::{Peer, Scripted, Wire, pair};

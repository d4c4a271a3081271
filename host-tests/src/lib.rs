//! What tests of programs share.
//!
//! - [`commands`]: a host of commands over WASI 0.2, composed or linked.
//! - [`programs`]: a host of programs over WASI 0.3, composed.
#![forbid(unsafe_code)]

pub mod commands;
pub mod programs;

//! What the tests of programs over WASI 0.3 share.
//!
//! - [`programs`]: a host of such programs, composed.
#![forbid(unsafe_code)]

pub mod programs;

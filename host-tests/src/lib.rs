//! What the tests and the benchmarks of programs over WASI 0.3 share.
//!
//! - [`programs`]: a host of such programs, alone or composed.
#![forbid(unsafe_code)]

pub mod programs;

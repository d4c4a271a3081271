//! Times the components over WASI 0.3 beside what they could be compared with, in the same run.
//!
//! `make bench-p3` starts it. Figures are medians; each kind of figure is taken in turns with those beside
//! it, so that whatever else the machine does meets all of them.
#![forbid(unsafe_code)]

mod download;
mod requests;
mod server;

/// How often each figure is taken.
const ROUNDS: usize = 5;

fn main() {
    download::run();
    requests::run();
}

/// The middle one.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

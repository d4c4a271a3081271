//! Any argument: the specified error before anything is sent, or one message, byte for byte.

use crate::program::{Version, given, run};

fn properties(version: Version, count: u64) {
    let numbers = [given("SEED", 1), given("COUNT", count)];
    println!("{version:?}: {}", run(version, "properties", &numbers));
}

#[test]
#[ignore = "what is expected of a body in chunks is not complete"]
fn any_argument_over_wasi_02_is_refused_or_sent_as_it_is() {
    properties(Version::Wasi02, 4_000);
}

#[test]
#[ignore = "the program over WASI 0.3 does not run yet"]
fn any_argument_over_wasi_03_is_refused_or_sent_as_it_is() {
    properties(Version::Wasi03, 2_000);
}

//! Any argument: the specified error before anything is sent, or one message, byte for byte.

use crate::program::{Version, given, run};

fn properties(version: Version, count: u64) {
    let numbers = [given("SEED", 1), given("COUNT", count)];
    println!("{version:?}: {}", run(version, "properties", &numbers));
}

#[test]
fn any_argument_over_wasi_02_is_refused_or_sent_as_it_is() {
    properties(Version::Wasi02, 4_000);
}

#[test]
fn any_argument_over_wasi_03_is_refused_or_sent_as_it_is() {
    properties(Version::Wasi03, 2_000);
}

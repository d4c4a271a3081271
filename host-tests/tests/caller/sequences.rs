//! Random sequences of calls, each held against the model.
//!
//! `COUNT`, `SEED` and `ONLINE`, how many of a million sequences talk to the server, may be given in the environment:
//! `make sequences`.

use crate::functions::assert_all_are_called;
use crate::program::{Version, given, run};

fn sequences(version: Version, count: u64, online: u64) -> String {
    let numbers = [
        given("SEED", 1),
        given("COUNT", count),
        given("ONLINE", online),
    ];
    let report = run(version, "sequences", &numbers);
    println!("{version:?}: {report}");
    report
}

#[test]
fn sequences_over_wasi_02_go_as_the_model_says() {
    sequences(Version::Wasi02, 100_000, 0);
}

#[test]
fn sequences_with_a_server_go_as_the_model_says() {
    let report = sequences(Version::Wasi02, 4_000, 1_000_000);
    assert_all_are_called("wit", &report);
}

#[test]
fn sequences_over_wasi_03_go_as_the_model_says() {
    let report = sequences(Version::Wasi03, 20_000, 200_000);
    assert_all_are_called("wit/p3", &report);
    for kind in ["(cancelled)", "(at once)"] {
        assert!(report.contains(kind), "{report}");
    }
}

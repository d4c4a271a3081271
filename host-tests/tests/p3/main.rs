//! What only the component over WASI 0.3 has: calls at once, calls that are dropped, bodies as streams. The
//! caller is a program that is composed with it. All else is tested by the other tests, which `make test`
//! runs with either component.

mod at_once;
mod client;
mod composed;
mod dropped;
mod uploads;

use host_tests::programs::Program;

/// What the program of `guests/p3-calls` prints.
fn calls(arguments: &[&str]) -> Vec<String> {
    Program::with_httplib(env!("P3_CALLS")).run(arguments).lines
}

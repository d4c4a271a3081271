//! A way that fails, at every byte: it is cut, stalls, and carries what nobody sent.
//!
//! Each trial is an exchange over a host in memory, in a time that passes at once, with one fault on the way. What
//! comes out must be what the bytes that arrived say: the right reply, or the error that is documented for it with
//! just those bytes of the body that came, within the deadline. [`oracle`] says which, and shares no code with the
//! client. Then the next exchange on the same connection object must go well, and nothing may be left open.
//!
//! `FAULTS=all` tries everything everywhere: `make faults`.

mod client;
mod exchange;
mod fault;
mod host;
mod oracle;
mod outcome;
mod plain;
mod reused;
mod secured;
mod tally;
mod tls;
mod way;

use libtest_mimic::Arguments;

/// The most bytes that arrive at a time.
const PIECES: [usize; 3] = [65_536, 1, 11];

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// At every byte without protection, each in one manner; with it at some.
    Sample,
    /// At every byte, in every manner.
    All,
}

fn main() {
    let depth = match std::env::var_os("FAULTS") {
        Some(_) => Depth::All,
        None => Depth::Sample,
    };
    let mut tests = plain::tests(depth);
    tests.extend(reused::tests(depth));
    tests.extend(tls::tests(depth));
    let arguments = Arguments::from_args();
    let conclusion = libtest_mimic::run(&arguments, tests);
    tally::report();
    conclusion.exit();
}

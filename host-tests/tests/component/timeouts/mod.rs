//! The timeout: how long a call waits, in which phase, and what it leaves behind; and the timeout 0,
//! with which no call waits at all.

use std::time::{Duration, Instant};

use harness::LIMIT;
use harness::component::{ConnectionOptions, Error, Phase};

mod nonblocking;
mod opening;
mod receiving;
mod sending;

/// The timeout of these tests.
const SHORT: Duration = Duration::from_millis(100);
/// What a machine that is busy with other tests may add. A peer that holds lets go after [`LIMIT`].
const LATE: Duration = LIMIT.saturating_sub(Duration::from_secs(5));

/// Options with this timeout.
fn after(timeout: Duration) -> ConnectionOptions {
    ConnectionOptions {
        timeout: Some(nanoseconds(timeout)),
        ..ConnectionOptions::default()
    }
}

fn nanoseconds(timeout: Duration) -> u64 {
    u64::try_from(timeout.as_nanos()).expect("it is short")
}

/// Asserts that the call times out in this phase: not before [`SHORT`] has passed, and not much later.
#[track_caller]
fn assert_times_out<T>(phase: Phase, call: impl FnOnce() -> Result<T, Error>) {
    let begin = Instant::now();
    let error = crate::support::failure(call());
    let elapsed = begin.elapsed();
    assert_eq!(error, Error::TimedOut(phase));
    assert!(elapsed >= SHORT, "too early: {elapsed:?}");
    assert!(elapsed < SHORT + LATE, "too late: {elapsed:?}");
}

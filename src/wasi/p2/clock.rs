//! The time of day.

use core::time::Duration;

use rustls::pki_types::UnixTime;

use crate::bindings::wasi::clocks::wall_clock;
use crate::transport::tls::TimeProvider;

/// The host's clock on the wall. It may be set.
#[derive(Clone, Copy, Debug)]
pub struct WallClock;

impl TimeProvider for WallClock {
    fn current_time(&self) -> Option<UnixTime> {
        let now = wall_clock::now();
        Some(UnixTime::since_unix_epoch(Duration::new(
            now.seconds,
            now.nanoseconds,
        )))
    }
}

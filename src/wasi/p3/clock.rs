//! The time of day, and waiting for a time to come.

use core::task::{Context, Poll};
use core::time::Duration;

use rustls::pki_types::UnixTime;

use super::operation::Operation;
use super::retired::retire;
use crate::bindings::wasi::clocks::{monotonic_clock, system_clock};
use crate::transport::tls::TimeProvider;
use crate::transport::{Deadline, Instant};

/// The host's clock on the wall. It may be set.
#[derive(Clone, Copy, Debug)]
pub struct WallClock;

impl TimeProvider for WallClock {
    fn current_time(&self) -> Option<UnixTime> {
        let now = system_clock::now();
        let seconds = u64::try_from(now.seconds).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::new(
            seconds,
            now.nanoseconds,
        )))
    }
}

/// Waits for deadlines, one after the other.
///
/// They mostly move forward a little with each wait. What the host was asked for an earlier one is used
/// again: when that is over too soon, the rest is waited for as well.
#[derive(Default)]
pub struct Timer(Option<(Instant, Operation<()>)>);

impl Timer {
    /// Ready at the deadline.
    pub fn poll(&mut self, until: Deadline, context: &mut Context<'_>) -> Poll<()> {
        let Deadline::At(until) = until else {
            return Poll::Pending;
        };
        loop {
            if until.0 <= monotonic_clock::now() {
                return Poll::Ready(());
            }
            if let Some(later) = self.0.take_if(|(known, _)| *known > until) {
                retire(later);
            }
            let wait = || Operation::new(monotonic_clock::wait_until(until.0));
            let (_, operation) = self.0.get_or_insert_with(|| (until, wait()));
            if operation.poll_ready(context).is_pending() {
                return Poll::Pending;
            }
            self.0 = None;
        }
    }
}

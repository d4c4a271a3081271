//! Time as an argument: nothing on this floor asks a clock.

use core::time::Duration;

/// A point of the monotonic clock, in nanoseconds since its own beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub u64);

impl Instant {
    /// The point `duration` later; the end of time where that is beyond it.
    #[must_use]
    pub fn after(self, duration: Duration) -> Self {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(nanoseconds))
    }
}

/// How long something is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deadline {
    /// Until this point.
    At(Instant),
    /// As long as it takes.
    Never,
}

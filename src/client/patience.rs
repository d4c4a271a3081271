//! How long to wait: for each step, and for an exchange as a whole.

use core::time::Duration;

use crate::transport::{Deadline, Instant, Interrupted};

/// What each blocking step may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timeout {
    /// As long as it takes.
    #[default]
    Never,
    /// Nothing: a step that would have to wait says so.
    NonBlocking,
    /// This long.
    After(Duration),
}

impl From<Option<Duration>> for Timeout {
    fn from(timeout: Option<Duration>) -> Self {
        match timeout {
            None => Self::Never,
            Some(Duration::ZERO) => Self::NonBlocking,
            Some(timeout) => Self::After(timeout),
        }
    }
}

/// The timeout of each step, and the end of the exchange where it has one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Patience {
    timeout: Timeout,
    end: Option<Instant>,
}

impl Patience {
    /// For an exchange that begins `now` and may take `total`.
    pub fn new(timeout: Timeout, total: Option<Duration>, now: impl FnOnce() -> Instant) -> Self {
        let end = total.map(|total| now().after(total));
        Self { timeout, end }
    }

    /// When a step that begins `now` must be done.
    pub fn deadline(self, now: impl Fn() -> Instant) -> Deadline {
        match (self.timeout, self.end) {
            (Timeout::NonBlocking, Some(end)) if now() >= end => Deadline::At(end),
            (Timeout::NonBlocking, _) => Deadline::Immediate,
            (Timeout::Never, None) => Deadline::Never,
            (Timeout::Never, Some(end)) => Deadline::At(end),
            (Timeout::After(timeout), None) => Deadline::At(now().after(timeout)),
            (Timeout::After(timeout), Some(end)) => Deadline::At(now().after(timeout).min(end)),
        }
    }

    /// Whether the exchange may go on: a peer that always has another byte is never waited for.
    pub fn check(self, now: impl FnOnce() -> Instant) -> Result<(), Interrupted> {
        match self.end {
            Some(end) if now() >= end => Err(Interrupted::TimedOut),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn patience(timeout: Option<Duration>, total: Option<Duration>) -> Patience {
        Patience::new(timeout.into(), total, || Instant(0))
    }

    fn at(seconds: u64) -> Instant {
        Instant(0).after(SECOND * u32::try_from(seconds).expect("a small number"))
    }

    #[test]
    fn a_step_ends_with_its_timeout_or_with_the_exchange() {
        let both = patience(Some(SECOND * 2), Some(SECOND * 3));
        assert_eq!(both.deadline(|| at(0)), Deadline::At(at(2)));
        assert_eq!(both.deadline(|| at(2)), Deadline::At(at(3)));
    }

    #[test]
    fn without_limits_nothing_ends() {
        assert_eq!(patience(None, None).deadline(|| at(9)), Deadline::Never);
        assert_eq!(patience(None, None).check(|| at(9)), Ok(()));
    }

    #[test]
    fn what_never_blocks_times_out_all_the_same() {
        let never_blocks = patience(Some(Duration::ZERO), Some(SECOND));
        assert_eq!(never_blocks.deadline(|| at(0)), Deadline::Immediate);
        assert_eq!(never_blocks.deadline(|| at(1)), Deadline::At(at(1)));
        assert_eq!(never_blocks.check(|| at(1)), Err(Interrupted::TimedOut));
    }
}

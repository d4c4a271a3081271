//! How long to wait: for each step, and for an exchange as a whole.

use core::time::Duration;

use crate::transport::{Deadline, Instant};

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

    /// Whether nothing is waited for at all: whoever called does that, and calls again.
    pub fn is_nonblocking(self) -> bool {
        self.timeout == Timeout::NonBlocking
    }

    /// When a step that begins `now` must be done.
    pub fn deadline(self, now: impl FnOnce() -> Instant) -> Deadline {
        let end = self.end.map_or(Deadline::Never, Deadline::At);
        match self.timeout {
            Timeout::After(timeout) => Deadline::At(now().after(timeout)).min(end),
            Timeout::Never | Timeout::NonBlocking => end,
        }
    }

    /// Whether the exchange has had its time. To be asked also where nothing is waited for: a peer may
    /// always have another byte.
    pub fn is_over(self, now: impl FnOnce() -> Instant) -> bool {
        self.end.is_some_and(|end| now() >= end)
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
        assert!(!patience(None, None).is_over(|| at(9)));
    }

    #[test]
    fn what_never_blocks_ends_with_the_exchange_all_the_same() {
        let never_blocks = patience(Some(Duration::ZERO), Some(SECOND));
        assert!(never_blocks.is_nonblocking());
        assert_eq!(never_blocks.deadline(|| at(0)), Deadline::At(at(1)));
        assert!(!never_blocks.is_over(|| at(0)));
        assert!(never_blocks.is_over(|| at(1)));
    }
}

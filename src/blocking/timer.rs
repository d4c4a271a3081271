//! Waiting for pollables: the only place that does.

use alloc::vec::Vec;

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::{self, Pollable};
use crate::transport::{Deadline, Instant};

const END_OF_TIME: Instant = Instant(u64::MAX);

/// A pollable for a deadline, kept for later ones.
///
/// Deadlines mostly move forward a little with each wait. A timer that was made for an earlier one is
/// used again: when it rings too soon the wait goes on with a new one.
#[derive(Debug, Default)]
pub struct Timer(Option<(Instant, Pollable)>);

impl Timer {
    /// One that was made for nothing yet.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Blocks until one of `pollables` is ready, or `until`; whether one is.
    pub fn wait(&mut self, pollables: &[&Pollable], until: Deadline) -> bool {
        match until {
            Deadline::Never => {
                poll::poll(pollables);
                true
            }
            Deadline::At(at) => self.wait_until(pollables, at),
        }
    }

    fn wait_until(&mut self, pollables: &[&Pollable], at: Instant) -> bool {
        loop {
            let mut all = pollables.to_vec();
            all.push(self.pollable_for(at));
            let ready = poll::poll(&all);
            if ready
                .iter()
                .any(|&index| (index as usize) < pollables.len())
            {
                return true;
            }
            self.0 = None;
            if monotonic_clock::now() >= at.0 {
                return false;
            }
        }
    }

    /// A pollable that is ready at `at` or somewhat before.
    fn pollable_for(&mut self, at: Instant) -> &Pollable {
        let kept = self.0.take().filter(|(known, _)| *known <= at);
        let (_, pollable) = self
            .0
            .insert(kept.unwrap_or_else(|| (at, subscribe_instant(at))));
        pollable
    }
}

/// Pollables for whoever waits themselves, of which one is ready at `until` at the latest; never none,
/// as a host traps at that.
pub fn with_timer(mut pollables: Vec<Pollable>, until: Deadline) -> Vec<Pollable> {
    match until {
        Deadline::At(at) => pollables.push(subscribe_instant(at)),
        Deadline::Never if pollables.is_empty() => pollables.push(subscribe_instant(END_OF_TIME)),
        Deadline::Never => {}
    }
    pollables
}

fn subscribe_instant(at: Instant) -> Pollable {
    monotonic_clock::subscribe_instant(at.0)
}

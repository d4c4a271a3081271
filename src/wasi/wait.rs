//! Waiting: the only place that polls.

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::io::poll::{self, Pollable};
use crate::transport::{Deadline, Instant, Interrupted};

/// A pollable for a deadline, kept for later ones.
///
/// Deadlines mostly move forward a little with each wait. A timer that was made for an earlier one is
/// used again: when it fires too soon the wait goes on with a new one.
#[derive(Debug, Default)]
pub struct Timer(Option<(Instant, Pollable)>);

impl Timer {
    /// Blocks until one of `pollables` is ready or the deadline passes.
    pub fn wait(&mut self, pollables: &[&Pollable], deadline: Deadline) -> Result<(), Interrupted> {
        match deadline {
            Deadline::Immediate => Err(Interrupted::WouldBlock),
            Deadline::Never => {
                poll::poll(pollables);
                Ok(())
            }
            Deadline::At(at) => self.wait_until(pollables, at),
        }
    }

    fn wait_until(&mut self, pollables: &[&Pollable], at: Instant) -> Result<(), Interrupted> {
        loop {
            let mut all = pollables.to_vec();
            all.push(self.pollable_for(at));
            let ready = poll::poll(&all);
            if ready
                .iter()
                .any(|&index| (index as usize) < pollables.len())
            {
                return Ok(());
            }
            self.0 = None;
            if monotonic_clock::now() >= at.0 {
                return Err(Interrupted::TimedOut);
            }
        }
    }

    /// A pollable that is ready at `at` or somewhat before.
    fn pollable_for(&mut self, at: Instant) -> &Pollable {
        let kept = self.0.take().filter(|(known, _)| *known <= at);
        let (_, pollable) = self
            .0
            .insert(kept.unwrap_or_else(|| (at, monotonic_clock::subscribe_instant(at.0))));
        pollable
    }
}

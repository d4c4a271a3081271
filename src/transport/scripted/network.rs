//! Hosts, and the clock.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, VecDeque};
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::{Cell, RefCell};
use core::fmt;
use core::task::Poll;
use core::time::Duration;

use super::wire::{Peer, Scripted, pair};
use crate::transport::{Deadline, Dialing, Error, Instant, Network, Phase};

/// The network: what becomes of each dial, and what happens when.
#[derive(Clone, Debug, Default)]
pub struct Scripts(Rc<State>);

#[derive(Default)]
struct State {
    now: Cell<u64>,
    /// For the dials to come, in order.
    outcomes: RefCell<VecDeque<Outcome>>,
    dialed: RefCell<Vec<(String, u16)>>,
    /// By time, then in the order they were planned.
    events: RefCell<BTreeMap<(u64, usize), Event>>,
}

type Event = Box<dyn FnOnce()>;

#[derive(Debug)]
enum Outcome {
    Stream(Scripted),
    Failure(Error),
    /// Neither, in this phase.
    Silence(Phase),
}

/// An attempt to reach a host.
#[derive(Debug)]
pub struct Dial(Option<Outcome>);

impl Dial {
    /// Whether it can go on.
    pub fn is_ready(&self) -> bool {
        !matches!(self.0, Some(Outcome::Silence(_)))
    }
}

impl Scripts {
    /// The next dial leads to this peer.
    pub fn connect(&self) -> Peer {
        let (stream, peer) = pair();
        self.then(Outcome::Stream(stream));
        peer
    }

    /// The next dial fails.
    pub fn fail(&self, error: Error) {
        self.then(Outcome::Failure(error));
    }

    /// The next dial never gets beyond this phase.
    pub fn stay_silent(&self, phase: Phase) {
        self.then(Outcome::Silence(phase));
    }

    fn then(&self, outcome: Outcome) {
        self.0.outcomes.borrow_mut().push_back(outcome);
    }

    /// The hosts and ports that were dialed.
    pub fn dialed(&self) -> Vec<(String, u16)> {
        self.0.dialed.borrow().clone()
    }

    /// Lets something happen so long after the beginning.
    pub fn at(&self, time: Duration, event: impl FnOnce() + 'static) {
        let mut events = self.0.events.borrow_mut();
        let key = (Instant(0).after(time).0, events.len());
        events.insert(key, Box::new(event));
    }

    /// How much time has passed since the beginning.
    pub fn elapsed(&self) -> Duration {
        Duration::from_nanos(self.0.now.get())
    }

    /// Lets time pass, and what happens in it happen.
    pub fn pass(&self, time: Duration) {
        let until = self.now().after(time);
        while self.pass_until(Deadline::At(until)) {}
    }

    /// Lets time pass until something happens, which is true, or until then.
    ///
    /// # Panics
    /// Where nothing will ever happen.
    pub fn pass_until(&self, until: Deadline) -> bool {
        let next = self
            .0
            .events
            .borrow()
            .first_key_value()
            .map(|(key, _)| *key);
        match (next, until) {
            (Some(key), until) if Deadline::At(Instant(key.0)) <= until => {
                let event = self.0.events.borrow_mut().remove(&key);
                self.0.now.set(key.0.max(self.0.now.get()));
                event.expect("it was there")();
                true
            }
            (_, Deadline::At(until)) => {
                self.0.now.set(until.0.max(self.0.now.get()));
                false
            }
            (_, Deadline::Never) => panic!("it waits for ever"),
        }
    }
}

impl Network for Scripts {
    type Dialing = Dial;
    type Stream = Scripted;

    fn dial(&self, host: &str, port: u16, _: Option<&(String, u16)>) -> Dial {
        self.0.dialed.borrow_mut().push((host.into(), port));
        let outcome = self.0.outcomes.borrow_mut().pop_front();
        Dial(Some(outcome.expect("a script for each dial")))
    }

    fn now(&self) -> Instant {
        Instant(self.0.now.get())
    }
}

impl Dialing for Dial {
    type Stream = Scripted;

    fn poll(&mut self) -> Poll<Result<Scripted, Error>> {
        match self.0.take().expect("polled after it was ready") {
            Outcome::Stream(stream) => Poll::Ready(Ok(stream)),
            Outcome::Failure(error) => Poll::Ready(Err(error)),
            silence => {
                self.0 = Some(silence);
                Poll::Pending
            }
        }
    }

    fn phase(&self) -> Phase {
        match self.0 {
            Some(Outcome::Silence(phase)) => phase,
            _ => Phase::Connect,
        }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("now", &self.now)
            .field("outcomes", &self.outcomes)
            .finish_non_exhaustive()
    }
}

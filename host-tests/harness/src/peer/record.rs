//! What a peer has seen, shared between its threads and the test.

use std::sync::{Condvar, Mutex, MutexGuard};

use crate::LIMIT;

/// How a connection ended for the peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The script came to its end.
    Done,
    /// The script could not go on; says at which step and why, such as the alert that a client sent.
    Failed(String),
}

/// What a peer has seen of one connection.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The bytes so far.
    pub received: Vec<u8>,
    /// How many bytes came at a time.
    pub pieces: Vec<usize>,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
}

impl Seen {
    /// Whether these bytes have come.
    #[must_use]
    pub fn contains(&self, marker: &[u8]) -> bool {
        find(&self.received, marker).is_some()
    }
}

/// Where `marker` begins in `bytes`.
pub(super) fn find(bytes: &[u8], marker: &[u8]) -> Option<usize> {
    bytes
        .windows(marker.len())
        .position(|window| window == marker)
}

#[derive(Default)]
pub(super) struct Record {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    seen: Vec<Seen>,
    signals: usize,
    stopped: bool,
}

impl Record {
    /// Begins a connection and gives its number.
    pub(super) fn add(&self) -> usize {
        self.change(|state| {
            state.seen.push(Seen::default());
            state.seen.len() - 1
        })
    }

    pub(super) fn receive(&self, connection: usize, bytes: &[u8]) {
        self.change(|state| {
            let seen = &mut state.seen[connection];
            seen.received.extend_from_slice(bytes);
            seen.pieces.push(bytes.len());
        });
    }

    pub(super) fn end(&self, connection: usize, ending: Ending) {
        self.change(|state| state.seen[connection].ending = Some(ending));
    }

    /// Lets one script go on.
    pub(super) fn signal(&self) {
        self.change(|state| state.signals += 1);
    }

    /// Waits for a signal, or until the peer is dropped, but not for ever.
    pub(super) fn take_signal(&self) {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), LIMIT, |state| {
                state.signals == 0 && !state.stopped
            });
        let (mut state, _) = waited.expect("no thread panics while it holds the record");
        state.signals = state.signals.saturating_sub(1);
    }

    /// The peer is being dropped.
    pub(super) fn stop(&self) {
        self.change(|state| state.stopped = true);
    }

    /// Looks at the connections so far.
    pub(super) fn with<R>(&self, look: impl FnOnce(&[Seen]) -> R) -> R {
        look(&self.lock().seen)
    }

    /// Waits for `condition`, and panics where it does not come to hold.
    pub(super) fn wait(&self, mut condition: impl FnMut(&[Seen]) -> bool) {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), LIMIT, |state| !condition(&state.seen));
        let (state, waited) = waited.expect("no thread panics while it holds the record");
        let seen: Vec<_> = state.seen.iter().map(summary).collect();
        drop(state);
        assert!(
            !waited.timed_out(),
            "the peer waited in vain; it has seen {seen:#?}"
        );
    }

    /// Waits until the peer is dropped, but not for ever.
    pub(super) fn wait_for_stop(&self) {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), LIMIT, |state| !state.stopped);
        drop(waited.expect("no thread panics while it holds the record"));
    }

    fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no thread panics while it holds the record")
    }
}

/// A connection as a failed test shows it, as far as people read.
fn summary(seen: &Seen) -> (String, Option<Ending>) {
    let shown = &seen.received[..seen.received.len().min(4096)];
    (
        String::from_utf8_lossy(shown).into_owned(),
        seen.ending.clone(),
    )
}

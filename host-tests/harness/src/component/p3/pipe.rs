//! A pipe between a test and the task that has the other end of a stream.

use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use hyper::body::Bytes;

/// Holds one piece at a time, and takes the next one when the reader asks for it: the guest sees when
/// a test reads, and the test when the guest does.
#[derive(Clone, Default)]
pub(super) struct Pipe(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    piece: Bytes,
    /// The reader waits.
    wanted: bool,
    /// The writer has ended.
    ended: bool,
    /// The reader has gone.
    left: bool,
    waiting: Vec<Waker>,
}

impl State {
    fn wake(&mut self) {
        self.waiting.drain(..).for_each(Waker::wake);
    }

    fn wait<R>(&mut self, context: &Context<'_>) -> Poll<R> {
        self.waiting.push(context.waker().clone());
        Poll::Pending
    }
}

impl Pipe {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("nobody panics with it")
    }

    /// For the reader: the next bytes, up to so many; none at the end.
    pub(super) fn poll_take(&self, context: &Context<'_>, most: usize) -> Poll<Option<Bytes>> {
        let mut state = self.state();
        if !state.piece.is_empty() {
            let most = most.min(state.piece.len());
            let taken = state.piece.split_to(most);
            state.wake();
            return Poll::Ready(Some(taken));
        }
        if state.ended {
            return Poll::Ready(None);
        }
        if !state.wanted {
            state.wanted = true;
            state.wake();
        }
        state.wait(context)
    }

    /// For the writer: true once the reader has taken everything and asks for more, false once nothing
    /// more can be written.
    pub(super) fn poll_wanted(&self, context: &Context<'_>) -> Poll<bool> {
        let mut state = self.state();
        match (state.left || state.ended, state.wanted) {
            (true, _) => Poll::Ready(false),
            (false, true) => Poll::Ready(true),
            (false, false) => state.wait(context),
        }
    }

    /// For the writer: waits until the piece was taken, or never will be.
    pub(super) fn poll_taken(&self, context: &Context<'_>) -> Poll<()> {
        let mut state = self.state();
        match state.left || state.piece.is_empty() {
            true => Poll::Ready(()),
            false => state.wait(context),
        }
    }

    /// For the writer: the next piece, once it is wanted.
    pub(super) fn put(&self, piece: Bytes) {
        let mut state = self.state();
        state.wanted = piece.is_empty();
        state.piece = piece;
        state.wake();
    }

    /// For the writer: nothing more comes.
    pub(super) fn end(&self) {
        let mut state = self.state();
        state.ended = true;
        state.wake();
    }

    /// For the reader: nothing more is read.
    pub(super) fn leave(&self) {
        let mut state = self.state();
        state.left = true;
        state.wake();
    }
}

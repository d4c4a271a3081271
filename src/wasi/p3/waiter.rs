//! Who waits for something that may go away.

use core::task::{Context, Waker};

/// A task that waits. It is woken when what it waits for is dropped: no event would come any more.
#[derive(Debug, Default)]
pub struct Waiter(Option<Waker>);

impl Waiter {
    /// It is this task.
    pub fn set(&mut self, context: &Context<'_>) {
        match &mut self.0 {
            Some(known) => known.clone_from(context.waker()),
            none => *none = Some(context.waker().clone()),
        }
    }

    /// It waits no longer.
    pub fn clear(&mut self) {
        self.0 = None;
    }

    /// Has it look again.
    pub fn wake(&mut self) {
        if let Some(waker) = self.0.take() {
            waker.wake();
        }
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        self.wake();
    }
}

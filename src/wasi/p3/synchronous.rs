//! Tasks that were called synchronously: such a task must not wait, and so not begin what it would have to wait for.

use core::cell::Cell;

use super::one_thread::OneThread;

static IS_SYNCHRONOUS: OneThread<Cell<bool>> = OneThread(Cell::new(false));

/// Works in a task that was called synchronously.
#[cfg(not(feature = "wasi-http"))]
pub fn synchronously(work: impl FnOnce()) {
    let outside = IS_SYNCHRONOUS.0.replace(true);
    work();
    IS_SYNCHRONOUS.0.set(outside);
}

/// Whether this is one.
pub fn is_synchronous() -> bool {
    IS_SYNCHRONOUS.0.get()
}

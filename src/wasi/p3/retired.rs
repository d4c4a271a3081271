//! Connections that are over and can't be dropped yet.
//!
//! To drop one while the host works on it is to cancel that, and a host may take a moment for it. A task that
//! was called synchronously, such as the one that drops a resource, must not wait: it leaves the connection
//! here, for the next task that may. And while a task waits like this, the host may call another synchronously: so
//! nothing may be borrowed by then that this needs.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::ops::{Deref, DerefMut};

use super::one_thread::OneThread;

/// Any part of a connection, of which nothing is wanted but that it is there.
trait Part {}

impl<T> Part for T {}

static RETIRED: OneThread<RefCell<Vec<Box<dyn Part>>>> = OneThread(RefCell::new(Vec::new()));

/// Keeps this for [`drop_retired`].
pub fn retire<T: 'static>(part: T) {
    RETIRED.0.borrow_mut().push(Box::new(part));
}

/// Drops what was kept, where that may take a moment.
pub fn drop_retired() {
    let retired = core::mem::take(&mut *RETIRED.0.borrow_mut());
    drop(retired);
}

/// What is retired when it is dropped.
pub struct Retiring<T: 'static>(Option<T>);

impl<T> Retiring<T> {
    /// As long as it is used, it is this.
    pub fn new(part: T) -> Self {
        Self(Some(part))
    }
}

impl<T> Deref for Retiring<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("invariant: taken with the whole")
    }
}

impl<T> DerefMut for Retiring<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("invariant: taken with the whole")
    }
}

impl<T> Drop for Retiring<T> {
    fn drop(&mut self) {
        if let Some(part) = self.0.take() {
            retire(part);
        }
    }
}

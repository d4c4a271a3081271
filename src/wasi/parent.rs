//! Handles that callers may have pollables of.
//!
//! A pollable is a child of the handle it came from, and a host may trap when the parent goes first.
//! Callers hold the pollables that `subscribe` gave them as long as they like, and some languages drop
//! them late. So a parent that has lent pollables out is not dropped at once: it is set aside, and goes
//! when [`SET_ASIDE`] others have followed it.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use core::ops::Deref;
use core::sync::atomic::{AtomicBool, Ordering};

use spin::Mutex;

use crate::bindings::wasi::io::poll::Pollable;

/// How many parents wait for their pollables to be dropped.
const SET_ASIDE: usize = 256;

static ASIDE: Mutex<VecDeque<Arc<dyn Handle>>> = Mutex::new(VecDeque::new());

/// Any handle, of which nothing is wanted but that it is there.
trait Handle: Send + Sync {}

impl<T: Send + Sync> Handle for T {}

/// A handle, and whether callers have pollables of it.
#[derive(Debug)]
pub struct Parent<T: Send + Sync + 'static> {
    handle: Arc<T>,
    lends: AtomicBool,
}

impl<T: Send + Sync> Parent<T> {
    /// A handle that nobody has pollables of.
    pub fn new(handle: T) -> Self {
        Self {
            handle: Arc::new(handle),
            lends: AtomicBool::new(false),
        }
    }

    /// Gives a pollable of the handle out of our hands.
    pub fn lend(&self, subscribe: impl FnOnce(&T) -> Pollable) -> Pollable {
        self.lends.store(true, Ordering::Relaxed);
        subscribe(&self.handle)
    }

    /// Whether callers may have pollables of it.
    pub fn lends(&self) -> bool {
        self.lends.load(Ordering::Relaxed)
    }

    /// The handle, to be kept beyond this owner.
    pub fn share(&self) -> Arc<T> {
        Arc::clone(&self.handle)
    }
}

impl<T: Send + Sync> Deref for Parent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.handle
    }
}

impl<T: Send + Sync> Drop for Parent<T> {
    fn drop(&mut self) {
        if !self.lends() {
            return;
        }
        let mut aside = ASIDE.lock();
        aside.push_back(self.share());
        let oldest = (aside.len() > SET_ASIDE).then(|| aside.pop_front());
        // The oldest may hold a parent itself, which is set aside in turn.
        drop(aside);
        drop(oldest);
    }
}

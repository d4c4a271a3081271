//! Handles that are over and can't be dropped yet.
//!
//! | what | why | until |
//! |---|---|---|
//! | a handle that callers have pollables of | those are its children, and a host may trap when the parent goes first; callers drop them when they like, in some languages late | [`LENDERS`] others have followed |
//! | a connection in the middle of a write | wasmtime's drop of an output stream waits until the host has sent the block that it holds: for ever, if the peer does not read | it has, when the next connection opens |

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Deref;
use core::sync::atomic::{AtomicBool, Ordering};

use spin::Mutex;

use crate::bindings::wasi::io::poll::Pollable;

/// How many handles are kept for the pollables that were lent of them.
const LENDERS: usize = 256;

static LENT: Mutex<VecDeque<Arc<dyn Handle>>> = Mutex::new(VecDeque::new());

static UNSENT: Mutex<Vec<Arc<dyn Unsent>>> = Mutex::new(Vec::new());

/// Any handle, of which nothing is wanted but that it is there.
trait Handle: Send + Sync {}

impl<T: Send + Sync> Handle for T {}

/// A connection that may be in the middle of a write.
pub trait Unsent: Send + Sync {
    /// Whether dropping it would wait for the peer.
    fn is_unsent(&self) -> bool;
}

/// Keeps a connection until dropping it waits for nobody.
pub fn keep_until_sent(connection: Arc<dyn Unsent>) {
    UNSENT.lock().push(connection);
}

/// Drops the connections that can be by now.
pub fn drop_sent() {
    UNSENT.lock().retain(|connection| connection.is_unsent());
}

/// A handle that pollables may be lent of.
#[derive(Debug)]
pub struct Lender<T: Send + Sync + 'static> {
    handle: Arc<T>,
    has_lent: AtomicBool,
}

impl<T: Send + Sync> Lender<T> {
    /// A handle that nobody has pollables of.
    pub fn new(handle: T) -> Self {
        Self {
            handle: Arc::new(handle),
            has_lent: AtomicBool::new(false),
        }
    }

    /// Gives a pollable of the handle out of our hands.
    pub fn lend(&self, subscribe: impl FnOnce(&T) -> Pollable) -> Pollable {
        self.has_lent.store(true, Ordering::Relaxed);
        subscribe(&self.handle)
    }

    /// Whether callers may have pollables of it.
    pub fn has_lent(&self) -> bool {
        self.has_lent.load(Ordering::Relaxed)
    }

    /// The handle, to be kept beyond this owner.
    pub fn share(&self) -> Arc<T> {
        Arc::clone(&self.handle)
    }
}

impl<T: Send + Sync> Deref for Lender<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.handle
    }
}

impl<T: Send + Sync> Drop for Lender<T> {
    fn drop(&mut self) {
        if !self.has_lent() {
            return;
        }
        let mut lent = LENT.lock();
        lent.push_back(self.share());
        let oldest = (lent.len() > LENDERS).then(|| lent.pop_front());
        // The oldest may hold a lender itself, which is kept in turn.
        drop(lent);
        drop(oldest);
    }
}

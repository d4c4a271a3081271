//! Handles that callers may have pollables of.
//!
//! A pollable is a child of the handle it came from, and a host may trap when the parent goes first.
//! Callers hold the pollables that `subscribe` gave them as long as they like, and some languages drop
//! them late. So a parent that has lent pollables out is not dropped at once: it is set aside, and goes
//! when [`SET_ASIDE`] others have followed it.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::ops::Deref;
use std::rc::Rc;

use crate::bindings::wasi::io::poll::Pollable;

/// How many parents wait for their pollables to be dropped.
const SET_ASIDE: usize = 256;

thread_local! {
    static ASIDE: RefCell<VecDeque<Rc<dyn Any>>> = const { RefCell::new(VecDeque::new()) };
}

/// A handle, and whether callers have pollables of it.
#[derive(Debug)]
pub struct Parent<T: 'static> {
    handle: Rc<T>,
    lends: Cell<bool>,
}

impl<T> Parent<T> {
    /// A handle that nobody has pollables of.
    pub fn new(handle: T) -> Self {
        Self {
            handle: Rc::new(handle),
            lends: Cell::new(false),
        }
    }

    /// Gives a pollable of the handle out of our hands.
    pub fn lend(&self, subscribe: impl FnOnce(&T) -> Pollable) -> Pollable {
        self.lends.set(true);
        subscribe(&self.handle)
    }

    /// Whether callers may have pollables of it.
    pub fn lends(&self) -> bool {
        self.lends.get()
    }

    /// The handle, to be kept beyond this owner.
    pub fn share(&self) -> Rc<T> {
        Rc::clone(&self.handle)
    }
}

impl<T> Deref for Parent<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.handle
    }
}

impl<T> Drop for Parent<T> {
    fn drop(&mut self) {
        if !self.lends() {
            return;
        }
        let handle: Rc<dyn Any> = self.share();
        // Dropped outside the list: it may hold a parent itself.
        let _oldest = ASIDE.with_borrow_mut(|aside| {
            aside.push_back(handle);
            (aside.len() > SET_ASIDE).then(|| aside.pop_front())
        });
    }
}

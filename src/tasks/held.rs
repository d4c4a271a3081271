//! What lives in resources.

use alloc::rc::Rc;
use core::ops::Deref;

use crate::wasi::synchronously;

/// What a resource holds. It is dropped in a task, as the goodbyes of TLS begin a write.
pub struct Held<T: 'static>(Option<Rc<T>>);

impl<T> Held<T> {
    /// By a resource.
    pub fn new(held: T) -> Self {
        Self(Some(Rc::new(held)))
    }

    /// For whoever goes on with it.
    pub fn into_inner(mut self) -> Rc<T> {
        self.0.take().expect("invariant: only this takes it")
    }
}

impl<T> Deref for Held<T> {
    type Target = Rc<T>;

    fn deref(&self) -> &Rc<T> {
        self.0.as_ref().expect("invariant: taken with the whole")
    }
}

impl<T> Drop for Held<T> {
    fn drop(&mut self) {
        if let Some(held) = self.0.take() {
            in_task(move || drop(held));
        }
    }
}

/// Does what waits for nothing, but may write a little, where there is no task.
pub fn in_task(work: impl FnOnce() + 'static) {
    wit_bindgen::block_on(async move { synchronously(work) });
}

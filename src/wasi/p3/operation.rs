//! What the host does in its own time.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::RefCell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// An operation of the host under way. It goes on by itself; whoever has it may look, or wait.
pub struct Operation<T: 'static>(Rc<Inner<T>>);

struct Inner<T> {
    future: RefCell<Pin<Box<dyn Future<Output = T>>>>,
    result: RefCell<Option<T>>,
}

/// How far the host is with what it was asked.
pub enum Asked {
    /// It was asked nothing.
    Nothing,
    /// It works on it.
    UnderWay(Rc<dyn Look>),
    /// It has done it, and nobody has looked.
    Done,
}

impl Asked {
    /// How far it is with this.
    pub fn of<T>(operation: &Operation<T>) -> Self {
        let inner = &operation.0;
        match inner.result.borrow().is_some() {
            true => Self::Done,
            false => Self::UnderWay(Rc::clone(inner) as _),
        }
    }
}

/// An operation that may be looked at where whoever has it is not borrowed.
pub trait Look {
    /// Goes on as far as it can.
    fn look(&self);
}

impl<T: 'static> Operation<T> {
    /// Begins when it is first looked at.
    pub fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self(Rc::new(Inner {
            future: RefCell::new(Box::pin(future)),
            result: RefCell::new(None),
        }))
    }

    /// What came of it, to be asked for once. Wakes nobody: whoever wants to wait does that with
    /// [`Operation::poll_ready`].
    pub fn poll(&mut self) -> Poll<T> {
        self.0.look();
        self.0.result.take().map_or(Poll::Pending, Poll::Ready)
    }

    /// Ready when it is over.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        self.0.poll_ready(context)
    }
}

impl<T> Inner<T> {
    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.result.borrow().is_some() {
            return Poll::Ready(());
        }
        // Somebody else is about to end it.
        let Ok(mut future) = self.future.try_borrow_mut() else {
            return Poll::Pending;
        };
        let result = future.as_mut().poll(context);
        result.map(|result| *self.result.borrow_mut() = Some(result))
    }
}

impl<T> Look for Inner<T> {
    fn look(&self) {
        let mut context = Context::from_waker(Waker::noop());
        let _ = self.poll_ready(&mut context);
    }
}

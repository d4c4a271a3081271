//! What the host does in its own time.

use alloc::boxed::Box;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

/// An operation of the host under way. It goes on by itself; whoever has it may look, or wait.
pub struct Operation<T> {
    future: Pin<Box<dyn Future<Output = T>>>,
    result: Option<T>,
}

impl<T> Operation<T> {
    /// Begins when it is first looked at.
    pub fn new(future: impl Future<Output = T> + 'static) -> Self {
        Self {
            future: Box::pin(future),
            result: None,
        }
    }

    /// What came of it, to be asked for once. Wakes nobody: whoever wants to wait does that with
    /// [`Operation::poll_ready`].
    pub fn poll(&mut self) -> Poll<T> {
        let mut context = Context::from_waker(Waker::noop());
        match self.poll_ready(&mut context) {
            Poll::Ready(()) => self.result.take().map_or(Poll::Pending, Poll::Ready),
            Poll::Pending => Poll::Pending,
        }
    }

    /// Ready when it is over.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.result.is_none() {
            match self.future.as_mut().poll(context) {
                Poll::Ready(result) => self.result = Some(result),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(())
    }
}

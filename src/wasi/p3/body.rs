//! Streams as the sources of bodies.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::future::Future;
use core::task::{Context, Poll, ready};

use wit_bindgen::{StreamReader, StreamResult};

use super::operation::Operation;
use crate::transport::{Error, Source, SourceStatus, Trailers};

/// A body, in the hands of the request that sends it and of whoever waits for it.
#[derive(Clone)]
pub struct Input(Rc<RefCell<State>>);

struct State {
    status: SourceStatus,
    step: Step,
    trailers: Option<Operation<Result<Trailers, Error>>>,
}

/// How far a stream was read.
pub(super) enum Step {
    /// To: `Reading`.
    Idle(StreamReader<u8>),
    /// To: `Idle`, `Ended`.
    Reading(Operation<(StreamReader<u8>, StreamResult, Vec<u8>)>),
    /// To: nothing.
    Ended,
}

impl Input {
    /// A stream, and what comes behind it.
    pub fn with_trailers(
        stream: StreamReader<u8>,
        trailers: impl Future<Output = Result<Trailers, Error>> + 'static,
    ) -> Self {
        let trailers = Operation::new(trailers);
        Self::new(SourceStatus::Endless, Step::Idle(stream), Some(trailers))
    }

    /// Of this kind, with what comes behind it.
    pub(super) fn new(
        status: SourceStatus,
        step: Step,
        trailers: Option<Operation<Result<Trailers, Error>>>,
    ) -> Self {
        Self(Rc::new(RefCell::new(State {
            status,
            step,
            trailers,
        })))
    }

    /// Ready when there is more to read, for whoever waits.
    pub fn poll_ready(&self, context: &mut Context<'_>) -> Poll<()> {
        let State { step, trailers, .. } = &mut *self.0.borrow_mut();
        match (step, trailers) {
            (Step::Reading(operation), _) => operation.poll_ready(context),
            (Step::Ended, Some(trailers)) => trailers.poll_ready(context),
            (Step::Idle(_) | Step::Ended, _) => Poll::Ready(()),
        }
    }
}

impl Source for Input {
    fn status(&mut self) -> Result<SourceStatus, Error> {
        Ok(self.0.borrow().status)
    }

    fn poll_read(&mut self, _: u64, max: usize) -> Poll<Result<Vec<u8>, Error>> {
        let step = &mut self.0.borrow_mut().step;
        loop {
            match core::mem::replace(step, Step::Ended) {
                Step::Idle(stream) => *step = Step::Reading(Operation::new(read(stream, max))),
                Step::Reading(mut operation) => match operation.poll() {
                    Poll::Pending => {
                        *step = Step::Reading(operation);
                        return Poll::Pending;
                    }
                    Poll::Ready((stream, result, bytes)) => {
                        if result != StreamResult::Dropped {
                            *step = Step::Idle(stream);
                        }
                        if !bytes.is_empty() {
                            return Poll::Ready(Ok(bytes));
                        }
                    }
                },
                Step::Ended => return Poll::Ready(Ok(Vec::new())),
            }
        }
    }

    fn poll_trailers(&mut self) -> Poll<Result<Trailers, Error>> {
        let trailers = &mut self.0.borrow_mut().trailers;
        let Some(operation) = trailers else {
            return Poll::Ready(Ok(Trailers::new()));
        };
        let found = ready!(operation.poll());
        *trailers = None;
        Poll::Ready(found)
    }
}

async fn read(
    mut stream: StreamReader<u8>,
    max: usize,
) -> (StreamReader<u8>, StreamResult, Vec<u8>) {
    let (result, bytes) = stream.read(Vec::with_capacity(max)).await;
    (stream, result, bytes)
}

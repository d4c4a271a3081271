//! How a direction of a connection ended.

use alloc::rc::Rc;
use core::cell::Cell;
use core::future::{Future, IntoFuture, poll_fn};
use core::pin::pin;
use core::task::{Context, Poll};

use wit_bindgen::FutureReader;

use super::operation::{Asked, Operation};
use crate::bindings::wasi::sockets::types::ErrorCode;

type Reader = FutureReader<Result<(), ErrorCode>>;

/// The host says it in a moment.
pub enum End {
    /// It was not asked yet. To: `Asked`.
    Unknown(Reader),
    /// It was. To: `Known`, `Unknown`.
    Asked(Operation<Result<Result<(), ErrorCode>, Reader>>),
    /// So.
    Known(Result<(), ErrorCode>),
}

impl End {
    /// How it ended. A question ends without an answer once it `stops`.
    pub fn poll(self, stops: &Rc<Cell<bool>>) -> (Self, Poll<Result<(), ErrorCode>>) {
        match self {
            Self::Unknown(reader) if stops.get() => (Self::Unknown(reader), Poll::Pending),
            Self::Unknown(reader) => {
                Self::Asked(Operation::new(ask(reader, Rc::clone(stops)))).poll(stops)
            }
            Self::Asked(mut operation) => match operation.poll() {
                Poll::Pending => (Self::Asked(operation), Poll::Pending),
                Poll::Ready(Ok(end)) => (Self::Known(end.clone()), Poll::Ready(end)),
                Poll::Ready(Err(reader)) => (Self::Unknown(reader), Poll::Pending),
            },
            Self::Known(end) => (Self::Known(end.clone()), Poll::Ready(end)),
        }
    }

    /// Ready when [`End::poll`] has something to say.
    pub fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self {
            Self::Asked(operation) => operation.poll_ready(context),
            Self::Unknown(_) | Self::Known(_) => Poll::Ready(()),
        }
    }

    /// What the host is asked, or has said.
    pub fn asked(&self) -> Asked {
        match self {
            Self::Asked(operation) => Asked::of(operation),
            Self::Unknown(_) | Self::Known(_) => Asked::Nothing,
        }
    }
}

async fn ask(reader: Reader, stops: Rc<Cell<bool>>) -> Result<Result<(), ErrorCode>, Reader> {
    let mut end = pin!(reader.into_future());
    poll_fn(|context| match stops.get() {
        true => Poll::Ready(end.as_mut().cancel()),
        false => end.as_mut().poll(context).map(Ok),
    })
    .await
}

//! Bodies: an input stream of WASI 0.2 becomes a `stream<u8>`.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use wasmtime::StoreContextMut;
use wasmtime::component::{
    Accessor, Destination, Resource, StreamProducer, StreamReader, StreamResult, VecBuffer,
};
use wasmtime_wasi::p2::{DynInputStream, Pollable as _, StreamError};

use super::ToP3;
use crate::bindings::p3;
use crate::component::{Body, Host};

/// How many bytes are read at a time where the reader does not say.
const PIECE: usize = 64 << 10;

impl ToP3 for &Body {
    type P3 = p3::Body;

    fn to_p3(self, store: &Accessor<Host>) -> p3::Body {
        match self {
            Body::Bytes(bytes) => p3::Body::Bytes(bytes.clone()),
            // WASI's two versions share the host's type.
            Body::File(file) => p3::Body::File(Resource::new_own(file.rep())),
            Body::Stream(stream) => p3::Body::Stream(taken(Resource::new_own(stream.rep()), store)),
        }
    }
}

/// Takes the stream out of the host's table.
fn taken(stream: Resource<DynInputStream>, store: &Accessor<Host>) -> StreamReader<u8> {
    store.with(|mut access| {
        let stream = access.get().table.delete(stream);
        let reading = Reading::Idle(stream.expect("a stream is sent once"));
        StreamReader::new(access, reading).expect("the store has room")
    })
}

/// An input stream that is being read.
enum Reading {
    /// Nothing was asked of it, or all that was is done.
    Idle(DynInputStream),
    /// It had nothing. The wait holds it: one that is dropped may forget whom to wake.
    Waiting(Pin<Box<dyn Future<Output = DynInputStream> + Send>>),
    /// It has ended. One that fails has, too: a `stream<u8>` has no errors.
    Ended,
}

impl StreamProducer<Host> for Reading {
    type Item = u8;
    type Buffer = VecBuffer<u8>;

    fn poll_produce<'a>(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<'a, Host>,
        mut destination: Destination<'a, u8, VecBuffer<u8>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let size = destination.remaining(&mut store).unwrap_or(PIECE);
        if size == 0 {
            return Poll::Ready(Ok(StreamResult::Completed));
        }
        loop {
            match mem::replace(&mut *self, Self::Ended) {
                Self::Ended => return Poll::Ready(Ok(StreamResult::Dropped)),
                Self::Idle(mut stream) => match stream.read(size) {
                    Ok(bytes) if bytes.is_empty() => {
                        *self = Self::Waiting(Box::pin(async move {
                            stream.ready().await;
                            stream
                        }));
                    }
                    Ok(bytes) => {
                        *self = Self::Idle(stream);
                        destination.set_buffer(Vec::from(bytes).into());
                        return Poll::Ready(Ok(StreamResult::Completed));
                    }
                    Err(StreamError::Trap(trap)) => return Poll::Ready(Err(trap)),
                    Err(StreamError::Closed | StreamError::LastOperationFailed(_)) => {}
                },
                Self::Waiting(mut ready) => match ready.as_mut().poll(context) {
                    Poll::Ready(stream) => *self = Self::Idle(stream),
                    Poll::Pending => {
                        *self = Self::Waiting(ready);
                        return match finish {
                            true => Poll::Ready(Ok(StreamResult::Cancelled)),
                            false => Poll::Pending,
                        };
                    }
                },
            }
        }
    }
}

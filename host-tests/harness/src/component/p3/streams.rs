//! Pipes as the host's end of a `stream<u8>`.

use std::pin::Pin;
use std::task::{Context, Poll};

use wasmtime::StoreContextMut;
use wasmtime::component::{
    Accessor, Destination, Source, StreamConsumer, StreamProducer, StreamReader, StreamResult,
    VecBuffer,
};

use super::pipe::Pipe;
use crate::component::Host;

/// How many bytes are given at a time where the reader does not say.
const PIECE: usize = 64 << 10;

/// A stream of what is written to the pipe.
pub(super) fn stream_from(pipe: &Pipe, store: &Accessor<Host>) -> StreamReader<u8> {
    let producer = Producer(pipe.clone());
    let stream = store.with(|access| StreamReader::new(access, producer));
    stream.expect("the store has room")
}

/// Puts the stream into the pipe, as far as that is read.
pub(super) fn stream_into(stream: StreamReader<u8>, pipe: &Pipe, store: &Accessor<Host>) {
    let consumer = Consumer(pipe.clone());
    let piped = store.with(|access| stream.pipe(access, consumer));
    piped.expect("a stream that was given is open");
}

/// What the poll says once the other side need not wait any longer.
fn unless_finished<T>(
    poll: Poll<T>,
    finish: bool,
    done: impl FnOnce(T) -> StreamResult,
) -> Poll<wasmtime::Result<StreamResult>> {
    match poll {
        Poll::Ready(value) => Poll::Ready(Ok(done(value))),
        Poll::Pending if finish => Poll::Ready(Ok(StreamResult::Cancelled)),
        Poll::Pending => Poll::Pending,
    }
}

/// Reads from a pipe.
struct Producer(Pipe);

impl Drop for Producer {
    fn drop(&mut self) {
        self.0.leave();
    }
}

impl StreamProducer<Host> for Producer {
    type Item = u8;
    type Buffer = VecBuffer<u8>;

    fn poll_produce<'a>(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut store: StoreContextMut<'a, Host>,
        mut destination: Destination<'a, u8, VecBuffer<u8>>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let most = destination.remaining(&mut store).unwrap_or(PIECE);
        let taken = self.0.poll_take(context, most);
        unless_finished(taken, finish, |taken| match taken {
            Some(bytes) => {
                destination.set_buffer(Vec::from(bytes).into());
                StreamResult::Completed
            }
            None => StreamResult::Dropped,
        })
    }
}

/// Writes to a pipe.
struct Consumer(Pipe);

impl Drop for Consumer {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl StreamConsumer<Host> for Consumer {
    type Item = u8;

    fn poll_consume(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        store: StoreContextMut<'_, Host>,
        source: Source<'_, u8>,
        finish: bool,
    ) -> Poll<wasmtime::Result<StreamResult>> {
        let wanted = self.0.poll_wanted(context);
        unless_finished(wanted, finish, |wanted| match wanted {
            true => {
                let mut source = source.as_direct(store);
                let bytes = source.remaining().to_vec();
                source.mark_read(bytes.len());
                self.0.put(bytes.into());
                StreamResult::Completed
            }
            false => StreamResult::Dropped,
        })
    }
}

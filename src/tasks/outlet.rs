//! A stream that somebody may read, or not.

use alloc::vec::Vec;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use core::time::Duration;

use wit_bindgen::{StreamResult, StreamWriter};

use crate::transport::{Deadline, Instant, Network};
use crate::wasi::{Timer, WasiNetwork};

/// How long to wait before asking again whether a reader that waits is still there: nothing tells when one
/// goes. It doubles up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_secs(1);

/// See [`SHORTEST`].
const LONGEST: Duration = Duration::from_secs(30);

/// Where a body goes.
pub struct Outlet(StreamWriter<u8>);

/// How a body ended.
pub enum End<E> {
    /// All of it is written.
    Whole,
    /// Nobody reads any more.
    Unwanted,
    /// It broke off.
    Failed(E),
}

/// Whoever a body is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// As far as is known.
    There,
    Gone,
}

impl Outlet {
    /// Into this stream.
    pub fn new(writer: StreamWriter<u8>) -> Self {
        Self(writer)
    }

    /// Writes what `next` gives, up to an empty block.
    pub async fn carry<E>(&mut self, mut next: impl AsyncFnMut() -> Result<Vec<u8>, E>) -> End<E> {
        loop {
            let (block, reader) = match self.unless_dropped(next()).await {
                (None, _) => return End::Unwanted,
                (Some(Err(error)), _) => return End::Failed(error),
                (Some(Ok(block)), reader) => (block, reader),
            };
            if block.is_empty() {
                return End::Whole;
            }
            // To write to one that is known to be gone would trap.
            if reader == Reader::Gone || !self.0.write_all(block).await.is_empty() {
                return End::Unwanted;
            }
        }
    }

    /// Does `work`, unless the reader goes before it is done. One that is about to read is asked for now and then,
    /// and one that does not read says so itself.
    async fn unless_dropped<T>(&mut self, work: impl Future<Output = T>) -> (Option<T>, Reader) {
        let mut work = pin!(work);
        let at_once = poll_fn(|context| Poll::Ready(work.as_mut().poll(context)));
        if let Poll::Ready(done) = at_once.await {
            return (Some(done), Reader::There);
        }
        let mut timer = Timer::default();
        let mut wait = SHORTEST;
        loop {
            let mut asked = pin!(self.0.write(Vec::new()));
            let answer = poll_fn(|context| {
                if let Poll::Ready(done) = work.as_mut().poll(context) {
                    return Poll::Ready(Err(done));
                }
                asked.as_mut().poll(context).map(|(result, _)| Ok(result))
            });
            match answer.await {
                Err(done) => {
                    let reader = match asked.as_mut().cancel() {
                        (StreamResult::Dropped, _) => Reader::Gone,
                        _ => Reader::There,
                    };
                    return (Some(done), reader);
                }
                Ok(StreamResult::Dropped) => return (None, Reader::Gone),
                // It is about to read.
                Ok(_) => {}
            }
            let until = WasiNetwork.now().after(wait);
            if let Some(done) = until_then(work.as_mut(), until, &mut timer).await {
                return (Some(done), Reader::There);
            }
            wait = LONGEST.min(2 * wait);
        }
    }
}

/// What `work` gives, if it is over by then.
async fn until_then<T>(
    mut work: Pin<&mut impl Future<Output = T>>,
    until: Instant,
    timer: &mut Timer,
) -> Option<T> {
    poll_fn(
        |context: &mut Context<'_>| match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => timer.poll(Deadline::At(until), context).map(|()| None),
        },
    )
    .await
}

//! Calls one after the other, which may be dropped in the middle.

use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;

use wit_bindgen::yield_async;

use super::drive::drive;
use crate::client::{Connection, Error, HttpException, Response, Waits};
use crate::wasi::{Input, Waiter, WasiNetwork, drop_retired};

/// What calls are made on.
pub trait Calling: Waits<WasiNetwork> {
    /// Ends what is left of a call that was dropped.
    fn abandon(&mut self);

    /// Whether the next call begins a request over a stream that, as far as is known, the server has not
    /// closed.
    fn relies_on_idle_stream(&mut self) -> bool {
        false
    }
}

impl Calling for Connection<WasiNetwork> {
    /// Part of a request may have been sent, or a response may come that nobody waits for.
    fn abandon(&mut self) {
        Connection::abandon(self);
    }

    fn relies_on_idle_stream(&mut self) -> bool {
        Connection::relies_on_idle_stream(self)
    }
}

impl Calling for Response<WasiNetwork> {
    fn abandon(&mut self) {
        Response::abandon(self);
    }
}

/// Something that calls are made on, one after the other.
pub struct Calls<W> {
    waits: RefCell<W>,
    is_under_way: Cell<bool>,
    /// Whether the call that is under way is to end.
    is_cut_off: Cell<bool>,
    waiter: RefCell<Waiter>,
}

impl<W: Calling> Calls<W> {
    /// Without a call yet.
    pub fn new(waits: W) -> Self {
        Self {
            waits: RefCell::new(waits),
            is_under_way: Cell::new(false),
            is_cut_off: Cell::new(false),
            waiter: RefCell::default(),
        }
    }

    /// For what takes no time.
    pub fn with<T>(&self, work: impl FnOnce(&mut W) -> T) -> T {
        work(&mut self.waits.borrow_mut())
    }

    /// Makes a call until it is ready, in a task that ends with it: see [`TcpStream`].
    ///
    /// [`TcpStream`]: crate::wasi::TcpStream
    #[cfg(not(feature = "wasi-http"))]
    pub async fn make_last<T>(
        &self,
        body: Option<&Input>,
        call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
    ) -> Result<T, Error> {
        let made = self.make_first(body, call).await;
        self.settle();
        crate::wasi::written().await;
        made
    }

    /// Makes a call that may begin a request: on a stream that has not been closed.
    pub async fn make_first<T>(
        &self,
        body: Option<&Input>,
        call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
    ) -> Result<T, Error> {
        let call = async {
            self.look().await;
            drive(&self.waits, W::waiting, body, call).await
        };
        self.run(call).await
    }

    /// Makes a call until it is ready. Where the caller drops it, it is abandoned.
    pub async fn make<T>(
        &self,
        body: Option<&Input>,
        call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
    ) -> Result<T, Error> {
        self.run(drive(&self.waits, W::waiting, body, call)).await
    }

    async fn run<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut under_way = UnderWay::begin(self)?;
        let mut call = pin!(call);
        let result = poll_fn(|context| {
            if self.is_cut_off.get() {
                drop_retired();
                return Poll::Ready(Err(HttpException::NotConnected.into()));
            }
            self.waiter.borrow_mut().set(context);
            call.as_mut().poll(context)
        });
        let result = result.await;
        under_way.is_over = true;
        result
    }

    /// Finds out whether an idle stream has been closed. The host says so to whoever asks and lets it work:
    /// once for the stream, and once for why it ended.
    async fn look(&self) {
        for _ in 0..2 {
            if !self.with(W::relies_on_idle_stream) {
                return;
            }
            yield_async().await;
        }
    }

    /// Ends what the host still does for the last call.
    pub fn settle(&self) {
        let stream_under_way = |waits: &mut W| waits.stream().map(|stream| stream.under_way());
        let Some(under_way) = self.with(stream_under_way) else {
            return;
        };
        under_way.end();
        if let Some(mut stream) = self.waits.borrow_mut().stream() {
            stream.settle();
        }
        drop_retired();
    }

    /// Ends a call that is under way.
    #[cfg(not(feature = "wasi-http"))]
    pub fn cut_off(&self) {
        if self.is_under_way.get() {
            self.is_cut_off.set(true);
            self.waiter.borrow_mut().wake();
        }
    }
}

/// A call under way.
struct UnderWay<'a, W: Calling> {
    calls: &'a Calls<W>,
    is_over: bool,
}

impl<'a, W: Calling> UnderWay<'a, W> {
    fn begin(calls: &'a Calls<W>) -> Result<Self, Error> {
        if calls.is_under_way.replace(true) {
            return Err(Error::Other("another call is under way".into()));
        }
        Ok(Self {
            calls,
            is_over: false,
        })
    }
}

impl<W: Calling> Drop for UnderWay<'_, W> {
    fn drop(&mut self) {
        if !self.is_over {
            self.calls.waits.borrow_mut().abandon();
            self.calls.settle();
            drop_retired();
        }
        self.calls.waiter.borrow_mut().clear();
        self.calls.is_cut_off.set(false);
        self.calls.is_under_way.set(false);
    }
}

//! Where calls wait: made again until they are ready.

use alloc::rc::Rc;
use core::cell::{Cell, RefCell};
use core::future::{Future, poll_fn};
use core::ops::Deref;
use core::pin::pin;
use core::task::{Context, Poll};

use crate::client::{Connection, Error, HttpException, On, Response, Waiting, Waits};
use crate::transport::{Deadline, Interest};
use crate::wasi::{Input, Timer, Waiter, WasiNetwork};

/// Makes `call` until it is ready. `waiting` says what a pending one waits for, besides `body`.
pub async fn drive<W: Waits<WasiNetwork>, T>(
    waits: &RefCell<W>,
    waiting: impl Fn(&mut W) -> Waiting<'_, WasiNetwork>,
    body: Option<&Input>,
    mut call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
) -> Result<T, Error> {
    let mut timer = Timer::default();
    // Of the wait that has begun, if any.
    let mut deadline = None;
    let driven = poll_fn(|context| {
        let waits = &mut *waits.borrow_mut();
        loop {
            if let Some(until) = deadline {
                let on = waiting(waits).on;
                match poll_wait(on, body, until, &mut timer, context) {
                    Poll::Pending => return Poll::Pending,
                    Poll::Ready(Wait::Over) => {}
                    Poll::Ready(Wait::TooLong) => waits.time_out()?,
                }
                deadline = None;
            }
            if let Poll::Ready(result) = call(waits) {
                return Poll::Ready(result);
            }
            deadline = Some(waiting(waits).until);
        }
    });
    driven.await
}

/// How a wait ended.
enum Wait {
    /// The call can go on.
    Over,
    /// Nothing came in time.
    TooLong,
}

fn poll_wait(
    on: On<'_, WasiNetwork>,
    body: Option<&Input>,
    until: Deadline,
    timer: &mut Timer,
    context: &mut Context<'_>,
) -> Poll<Wait> {
    let mut goes_on = Deadline::Never;
    let is_over = match on {
        On::Nothing | On::Sink => true,
        On::Dialing(dial) => {
            goes_on = dial.goes_on();
            dial.poll_ready(context).is_ready()
        }
        On::Stream(mut stream, interest) => stream.poll_ready(interest, context).is_ready(),
        On::Source(stream) => {
            let has_more = body.is_none_or(|body| body.poll_ready(context).is_ready());
            let answers = stream.is_some_and(|mut stream| {
                stream.poll_ready(Interest::Readable, context).is_ready()
            });
            has_more || answers
        }
    };
    if is_over {
        return Poll::Ready(Wait::Over);
    }
    timer
        .poll(until.min(goes_on), context)
        .map(|()| match goes_on < until {
            true => Wait::Over,
            false => Wait::TooLong,
        })
}

/// What is left of a call that was dropped.
pub trait Abandon: Waits<WasiNetwork> {
    /// Ends it.
    fn abandon(&mut self);
}

impl Abandon for Connection<WasiNetwork> {
    /// Part of a request may have been sent, or a response may come that nobody waits for.
    fn abandon(&mut self) {
        self.close();
    }
}

impl Abandon for Response<WasiNetwork> {
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

impl<W: Abandon> Calls<W> {
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

    /// Makes a call until it is ready. Where the caller drops it, it is abandoned.
    pub async fn make<T>(
        &self,
        body: Option<&Input>,
        call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut under_way = UnderWay::begin(self)?;
        let mut made = pin!(drive(&self.waits, W::waiting, body, call));
        let result = poll_fn(|context| {
            if self.is_cut_off.take() {
                return Poll::Ready(Err(HttpException::NotConnected.into()));
            }
            self.waiter.borrow_mut().set(context);
            made.as_mut().poll(context)
        });
        let result = result.await;
        under_way.is_over = true;
        result
    }

    /// Ends a call that is under way.
    pub fn cut_off(&self) {
        if self.is_under_way.get() {
            self.is_cut_off.set(true);
            self.waiter.borrow_mut().wake();
        }
    }
}

/// A call under way.
struct UnderWay<'a, W: Abandon> {
    calls: &'a Calls<W>,
    is_over: bool,
}

impl<'a, W: Abandon> UnderWay<'a, W> {
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

impl<W: Abandon> Drop for UnderWay<'_, W> {
    fn drop(&mut self) {
        let waits = &mut *self.calls.waits.borrow_mut();
        if !self.is_over {
            waits.abandon();
        }
        if let Some(mut stream) = waits.stream() {
            stream.settle();
        }
        self.calls.waiter.borrow_mut().clear();
        self.calls.is_under_way.set(false);
    }
}

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

/// Does what waits for nothing, but may begin something, where there is no task.
pub fn in_task(work: impl FnOnce() + 'static) {
    wit_bindgen::block_on(async move { work() });
}

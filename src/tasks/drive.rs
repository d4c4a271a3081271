//! Where calls wait: made again until they are ready.

use core::cell::RefCell;
use core::future::poll_fn;
use core::task::{Context, Poll, ready};

use crate::client::{Error, On, Waiting, Waits};
use crate::transport::{Deadline, Interest};
use crate::wasi::{Input, Timer, WasiNetwork, drop_retired};

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
    // None where a wait begins.
    let mut step = |context: &mut Context<'_>| -> Poll<Result<Option<T>, Error>> {
        let waits = &mut *waits.borrow_mut();
        if let Some(until) = deadline {
            let on = waiting(waits).on;
            match ready!(poll_wait(on, body, until, &mut timer, context)) {
                Wait::Over => {}
                Wait::TooLong => waits.time_out()?,
            }
        }
        let called = call(waits)?;
        deadline = called.is_pending().then(|| waiting(waits).until);
        Poll::Ready(Ok(match called {
            Poll::Ready(done) => Some(done),
            Poll::Pending => None,
        }))
    };
    let driven = poll_fn(|context| {
        loop {
            let stepped = step(context);
            drop_retired();
            if let Some(done) = ready!(stepped)? {
                return Poll::Ready(Ok(done));
            }
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

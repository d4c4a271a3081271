//! Where calls wait: made again until they are ready.

use alloc::vec::Vec;
use core::cell::RefCell;
use core::task::Poll;

use spin::Mutex;

use super::timer::{Timer, with_timer};
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream};
use crate::client::{Error, On, Waiting, Waits};
use crate::component::{convert, wit};
use crate::transport::{Deadline, Instant, Interest};
use crate::wasi::WasiNetwork;

/// For the waits of all connections.
static TIMER: Mutex<Timer> = Mutex::new(Timer::new());

/// The stream that the caller gave the call, if any.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    Nothing,
    /// A body.
    Input(&'a InputStream),
    /// Of `splice`.
    Output(&'a OutputStream),
}

impl Given<'_> {
    fn subscribe(self) -> Option<Pollable> {
        match self {
            Self::Nothing => None,
            Self::Input(stream) => Some(stream.subscribe()),
            Self::Output(stream) => Some(stream.subscribe()),
        }
    }
}

/// Makes `call` until it is ready.
pub fn block_on<W: Waits<WasiNetwork>, T>(
    waits: &RefCell<W>,
    given: Given<'_>,
    mut call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
) -> Result<T, wit::Error> {
    let mut waits = waits.borrow_mut();
    loop {
        if let Poll::Ready(result) = call(&mut waits) {
            return result.map_err(convert::error);
        }
        wait_for(&mut *waits, given)?;
    }
}

/// Once, unless the timeout is 0.
fn wait_for(waits: &mut dyn Waits<WasiNetwork>, given: Given<'_>) -> Result<(), wit::Error> {
    if waits.is_nonblocking() {
        return Err(wit::Error::WouldBlock);
    }
    if !is_there(waits.waiting(), given) {
        waits.time_out()?;
    }
    Ok(())
}

/// Waits for it; whether it came in time.
fn is_there(waiting: Waiting<'_, WasiNetwork>, given: Given<'_>) -> bool {
    let Waiting { on, until } = waiting;
    match on {
        On::Nothing => true,
        On::Dialing(dial) => {
            let goes_on = dial.goes_on();
            TIMER.lock().wait(&dial.pollables(), until.min(goes_on)) || goes_on < until
        }
        On::Stream(mut stream, interest) => TIMER.lock().wait(&stream.pollables(interest), until),
        On::Source(mut stream) => {
            let given = given.subscribe();
            let mut pollables: Vec<_> = given.iter().collect();
            if let Some(stream) = &mut stream {
                pollables.extend(stream.pollables(Interest::Readable));
            }
            Timer::new().wait(&pollables, until)
        }
        On::Sink => {
            let given = given.subscribe();
            Timer::new().wait(&given.iter().collect::<Vec<_>>(), until)
        }
    }
}

/// What whoever waits themselves waits for. What they gave to the call they have already.
pub fn subscribe(waiting: Waiting<'_, WasiNetwork>) -> Vec<Pollable> {
    let Waiting { on, until } = waiting;
    match on {
        On::Nothing => with_timer(Vec::new(), Deadline::At(Instant(0))),
        On::Dialing(dial) => with_timer(dial.subscribe(), until.min(dial.goes_on())),
        On::Stream(stream, interest) => with_timer(stream.subscribe(interest), until),
        On::Source(Some(stream)) => with_timer(stream.subscribe(Interest::Readable), until),
        On::Source(None) | On::Sink => with_timer(Vec::new(), until),
    }
}

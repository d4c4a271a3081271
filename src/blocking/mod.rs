//! The client's calls over WASI 0.2: made again until they are ready, with waiting in between.
//!
//! A component's binding calls them, and so does a program that this crate is linked into.

mod timer;

use alloc::vec::Vec;
use core::cell::RefCell;
use core::task::Poll;

use spin::Mutex;

use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::{InputStream, OutputStream};
use crate::client::{Error, On, Waiting, Waits};
use crate::transport::{Deadline, Instant, Interest};
use crate::wasi::WasiNetwork;
use timer::{Timer, with_timer};

/// For the waits of all connections.
static TIMER: Mutex<Timer> = Mutex::new(Timer::new());

/// Why a call gave nothing.
#[derive(Clone, Debug)]
pub enum Stopped {
    /// It would have to wait, and the timeout is 0.
    WouldBlock,
    /// It failed.
    Failed(Error),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// The stream that the caller gave the call, if any.
#[derive(Clone, Copy)]
pub enum Given<'a> {
    /// None, or what is never waited for.
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
///
/// # Errors
/// Those of the call; [`Stopped::WouldBlock`] where it would have to wait and the timeout is 0.
pub fn block_on<W: Waits<WasiNetwork>, T, E: From<Stopped>>(
    waits: &RefCell<W>,
    given: Given<'_>,
    mut call: impl FnMut(&mut W) -> Poll<Result<T, Error>>,
) -> Result<T, E> {
    let mut waits = waits.borrow_mut();
    loop {
        if let Poll::Ready(result) = call(&mut waits) {
            return result.map_err(|error| Stopped::Failed(error).into());
        }
        wait_for(&mut *waits, given)?;
    }
}

/// Once, unless the timeout is 0.
fn wait_for(waits: &mut dyn Waits<WasiNetwork>, given: Given<'_>) -> Result<(), Stopped> {
    if waits.is_nonblocking() {
        return Err(Stopped::WouldBlock);
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

//! Connections that are kept for the requests to come.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::future::poll_fn;
use core::ops::Deref;
use core::task::{Poll, Waker};
use core::time::Duration;

use super::timeouts::now;
use crate::client::{Connection, Error};
use crate::tasks::Calls;
use crate::transport::Instant;
use crate::wasi::WasiNetwork;

/// How many connections there may be, and for how long.
#[derive(Clone, Copy)]
pub struct Limits {
    /// To one origin at once.
    pub per_origin: usize,
    /// Kept without a request.
    pub idle: usize,
    /// For so long.
    pub idle_time: Duration,
}

/// Scheme and authority (RFC 9110 §4.3.1).
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    /// Whether it is `https:`.
    pub is_https: bool,
    /// Host and port as the request has them.
    pub authority: String,
}

/// The connections of an instance.
pub struct Pool {
    limits: Limits,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    /// In the order in which they were last used.
    idle: Vec<Idle>,
    in_use: Vec<Origin>,
    /// Tasks that wait for a connection of their origin.
    waiting: Vec<(Origin, Waker)>,
}

struct Idle {
    origin: Origin,
    connection: Calls<Connection<WasiNetwork>>,
    since: Instant,
}

/// A connection in use. It goes back when this is dropped, if it can be used again.
pub struct Lease {
    pool: Rc<Pool>,
    origin: Origin,
    /// None only while it goes back.
    connection: Option<Calls<Connection<WasiNetwork>>>,
}

impl Pool {
    /// Without a connection.
    pub fn new(limits: Limits) -> Rc<Self> {
        Rc::new(Self {
            limits,
            state: RefCell::default(),
        })
    }

    /// A connection to the origin: the one that was used last, or a new one, once the limit allows that.
    ///
    /// # Errors
    /// What `connect` fails with.
    pub async fn lease(
        self: &Rc<Self>,
        origin: Origin,
        connect: impl FnOnce() -> Result<Connection<WasiNetwork>, Error>,
    ) -> Result<Lease, Error> {
        let kept = poll_fn(|context| {
            let mut state = self.state.borrow_mut();
            state.close_old(self.limits.idle_time);
            let in_use = state.in_use.iter().filter(|it| **it == origin).count();
            if in_use >= self.limits.per_origin.max(1) {
                let waiter = (origin.clone(), context.waker().clone());
                state.waiting.push(waiter);
                return Poll::Pending;
            }
            state.in_use.push(origin.clone());
            Poll::Ready(state.take_idle(&origin))
        })
        .await;
        let mut lease = Lease {
            pool: Rc::clone(self),
            origin,
            connection: None,
        };
        lease.connection = Some(match kept {
            Some(connection) => connection,
            None => Calls::new(connect()?),
        });
        Ok(lease)
    }
}

impl State {
    fn take_idle(&mut self, origin: &Origin) -> Option<Calls<Connection<WasiNetwork>>> {
        let last = self.idle.iter().rposition(|it| it.origin == *origin)?;
        Some(self.idle.remove(last).connection)
    }

    /// Closes those that nobody has used for so long.
    fn close_old(&mut self, idle_time: Duration) {
        let now = now();
        self.idle.retain(|it| now < it.since.after(idle_time));
    }

    fn release(&mut self, origin: &Origin) {
        if let Some(place) = self.in_use.iter().position(|it| it == origin) {
            self.in_use.swap_remove(place);
        }
        // Whoever was not first finds none, and waits again.
        self.waiting.retain(|(waits_for, waker)| {
            let is_its = waits_for == origin;
            if is_its {
                waker.wake_by_ref();
            }
            !is_its
        });
    }

    fn keep(&mut self, idle: Idle, most: usize) {
        self.idle.push(idle);
        if self.idle.len() > most {
            self.idle.remove(0);
        }
    }
}

impl Deref for Lease {
    type Target = Calls<Connection<WasiNetwork>>;

    fn deref(&self) -> &Self::Target {
        self.connection
            .as_ref()
            .expect("invariant: taken with the whole")
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut state = self.pool.state.borrow_mut();
        state.release(&self.origin);
        if let Some(connection) = self.connection.take()
            && connection.with(|connection| connection.is_reusable())
        {
            connection.settle();
            let idle = Idle {
                origin: self.origin.clone(),
                connection,
                since: now(),
            };
            state.keep(idle, self.pool.limits.idle);
        }
    }
}

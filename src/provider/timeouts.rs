//! How long things may take.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;

use crate::bindings::wasi::clocks::monotonic_clock;
use crate::bindings::wasi::http::types::{ErrorCode, RequestOptions};
use crate::transport::{Deadline, Instant};
use crate::wasi::Timer;

/// A request's options.
#[derive(Clone, Copy, Default)]
pub struct Timeouts {
    /// Of everything before the request is sent.
    pub connect: Option<Duration>,
    /// From the request's last byte to the response's first.
    pub first_byte: Option<Duration>,
    /// Between two pieces of the response's body.
    pub between_bytes: Option<Duration>,
}

impl Timeouts {
    /// Those of these options.
    pub fn of(options: Option<&RequestOptions>) -> Self {
        let Some(options) = options else {
            return Self::default();
        };
        let duration = |nanoseconds: Option<u64>| nanoseconds.map(Duration::from_nanos);
        Self {
            connect: duration(options.get_connect_timeout()),
            first_byte: duration(options.get_first_byte_timeout()),
            between_bytes: duration(options.get_between_bytes_timeout()),
        }
    }
}

/// The clock's time.
pub fn now() -> Instant {
    Instant(monotonic_clock::now())
}

/// When something that begins now has taken too long.
pub fn after(limit: Option<Duration>) -> Deadline {
    limit.map_or(Deadline::Never, |limit| Deadline::At(now().after(limit)))
}

/// Does `work`, but for no longer than `until` says, which is asked again each time that something has
/// happened.
pub async fn within<T>(
    until: impl Fn() -> Deadline,
    late: ErrorCode,
    work: impl Future<Output = Result<T, ErrorCode>>,
) -> Result<T, ErrorCode> {
    let mut timer = Timer::default();
    let mut work = pin!(work);
    poll_fn(|context| {
        if let Poll::Ready(done) = work.as_mut().poll(context) {
            return Poll::Ready(done);
        }
        timer.poll(until(), context).map(|()| Err(late.clone()))
    })
    .await
}

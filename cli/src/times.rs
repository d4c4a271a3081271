//! How long a transfer has taken, and how long it may still take.

use std::time::{Duration, Instant};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::Limits;

/// curl's limit for connecting.
const CONNECT: Duration = Duration::from_secs(300);

/// The clock of one transfer.
pub struct Clock {
    begin: Instant,
    connect: Duration,
    total: Option<Duration>,
}

/// When each part of a transfer was over, from its beginning; none of what did not happen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// TCP was connected; not known apart where TLS or a tunnel followed.
    pub connect: Option<Duration>,
    /// TLS was agreed on.
    pub appconnect: Option<Duration>,
    /// The request could be sent.
    pub pretransfer: Option<Duration>,
    /// The response's head was there.
    pub starttransfer: Option<Duration>,
    /// All was over.
    pub total: Duration,
}

impl Clock {
    /// Starts it.
    pub fn start(limits: &Limits) -> Self {
        Self {
            begin: Instant::now(),
            connect: limits.connect.unwrap_or(CONNECT),
            total: limits.total,
        }
    }

    /// Since the beginning.
    pub fn elapsed(&self) -> Duration {
        self.begin.elapsed()
    }

    /// What `--max-time` has left; none without it.
    ///
    /// # Errors
    /// Nothing is left.
    pub fn left(&self) -> Result<Option<Duration>, Failure> {
        let Some(total) = self.total else {
            return Ok(None);
        };
        let left = total.saturating_sub(self.elapsed());
        match left.is_zero() {
            true => Err(Failure::new(Exit::TimedOut, "timed out (--max-time)")),
            false => Ok(Some(left)),
        }
    }

    /// What connecting may take.
    ///
    /// # Errors
    /// Nothing is left of `--max-time`.
    pub fn left_to_connect(&self) -> Result<Duration, Failure> {
        Ok(self
            .left()?
            .map_or(self.connect, |left| left.min(self.connect)))
    }
}

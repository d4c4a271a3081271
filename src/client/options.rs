//! What the constructors take besides the host.

use std::sync::Arc;
use std::time::Duration;

use crate::http1::{HTTP_PORT, HTTPS_PORT, Limits};
use crate::transport::{BLOCK, Deadline, Instant};

/// The optional arguments of `HTTPConnection`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether a reply without a valid status line is an error instead of HTTP/0.9.
    pub strict: bool,
    /// What each blocking step may take.
    pub timeout: Timeout,
    /// The local address and port to connect from.
    pub source_address: Option<(String, u16)>,
    /// What a response may need.
    pub limits: Limits,
    /// How many bytes of a file or stream body are read at a time.
    pub blocksize: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            strict: false,
            timeout: Timeout::Never,
            source_address: None,
            limits: Limits::default(),
            blocksize: BLOCK,
        }
    }
}

/// What each blocking step may take.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timeout {
    /// As long as it takes.
    #[default]
    Never,
    /// Nothing: a step that would have to wait says so.
    NonBlocking,
    /// This long.
    After(Duration),
}

impl Timeout {
    /// When a step that begins `now` must be done.
    #[must_use]
    pub fn deadline(self, now: impl FnOnce() -> Instant) -> Deadline {
        match self {
            Self::Never => Deadline::Never,
            Self::NonBlocking => Deadline::Immediate,
            Self::After(timeout) => Deadline::At(now().after(timeout)),
        }
    }
}

impl From<Option<Duration>> for Timeout {
    fn from(timeout: Option<Duration>) -> Self {
        match timeout {
            None => Self::Never,
            Some(Duration::ZERO) => Self::NonBlocking,
            Some(timeout) => Self::After(timeout),
        }
    }
}

/// Which of the two connection classes.
#[derive(Clone, Debug)]
pub enum Scheme {
    /// `HTTPConnection`.
    Http,
    /// `HTTPSConnection`, with what to trust.
    Https(Arc<rustls::ClientConfig>),
}

impl Scheme {
    /// The port where none is given.
    #[must_use]
    pub fn default_port(&self) -> u16 {
        match self {
            Self::Http => HTTP_PORT,
            Self::Https(_) => HTTPS_PORT,
        }
    }
}

//! What the constructors take besides the host.

use alloc::string::String;

use crate::http1::{HTTP_PORT, HTTPS_PORT, Limits};
use crate::transport::BLOCK;
use crate::transport::tls::Config;

use super::patience::Timeout;

/// The optional arguments of `HTTPConnection`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether a reply without a valid status line is an error instead of HTTP/0.9. Which of them where it
    /// is not said, the call knows.
    pub strict: Option<bool>,
    /// What each blocking step may take.
    pub timeout: Timeout,
    /// The local address and port to connect from.
    pub source_address: Option<(String, u16)>,
    /// What a response may need.
    pub limits: Limits,
    /// How many bytes of a file or stream body are read at a time: from 1 to [`LARGEST_BLOCK`].
    pub blocksize: usize,
}

/// There is memory for one block of a body, whatever its caller asks for.
pub const LARGEST_BLOCK: usize = 1 << 20;

impl Default for Options {
    fn default() -> Self {
        Self {
            strict: None,
            timeout: Timeout::Never,
            source_address: None,
            limits: Limits::default(),
            blocksize: BLOCK,
        }
    }
}

/// Which of the two connection classes.
#[derive(Clone, Debug)]
pub enum Scheme {
    /// `HTTPConnection`.
    Http,
    /// `HTTPSConnection`, with what to trust.
    Https(Config),
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

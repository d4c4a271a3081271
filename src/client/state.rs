//! The states of a connection, each with what it knows.
//!
//! ```text
//! Idle --put_request--> RequestStarted --end_headers--> RequestSent --get_response--> Idle
//! ```
//! A failed connect, send or receive, and `close`, lead from anywhere to `Idle`.

use super::error::ConnectionState;
use super::outbound::Outbound;
use crate::http1::{ReplyReader, RequestHead, Transfer};

/// Where a connection is.
pub enum State {
    /// No request is under way. From: everywhere. To: `RequestStarted`.
    Idle,
    /// The head is being put together. From: `Idle`. To: `RequestSent`.
    RequestStarted(RequestHead),
    /// The head is on its way, and the body may follow. From: `RequestStarted`. To: `Idle`.
    RequestSent(Box<Sent>),
}

/// A request whose head is complete.
pub struct Sent {
    /// Decides whether the response has a body, and whether the request may be repeated.
    pub method: String,
    /// Whether the caller's headers end the connection with the response.
    pub says_close: bool,
    /// How the body goes out.
    pub transfer: Transfer,
    /// How many bytes of the body were queued so far.
    pub body: u64,
    /// What is queued and not sent.
    pub outbound: Outbound,
    /// A body that was interrupted by `would-block`.
    pub interrupted: Option<Interruption>,
    /// The head of the response as far as it came.
    pub reply: Option<ReplyReader>,
}

/// Where a body stopped that could not be sent without blocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// All of it is queued.
    Queued,
    /// A source was read up to this offset.
    Source(u64),
}

impl State {
    /// The state's name, for errors.
    pub fn name(&self) -> ConnectionState {
        match self {
            Self::Idle => ConnectionState::Idle,
            Self::RequestStarted(_) => ConnectionState::RequestStarted,
            Self::RequestSent(_) => ConnectionState::RequestSent,
        }
    }
}

impl Sent {
    /// Whether the whole body that the head announced is queued.
    pub fn is_complete(&self) -> bool {
        let announced = match self.transfer {
            Transfer::Plain {
                length: Some(length),
            } => self.body == length,
            Transfer::Plain { length: None } | Transfer::Nothing | Transfer::Chunked => true,
        };
        announced && !matches!(self.interrupted, Some(Interruption::Source(_)))
    }

    /// How many more bytes of body may follow; none where that is open.
    pub fn room(&self) -> Option<u64> {
        match self.transfer {
            Transfer::Plain { length } => length.map(|length| length - self.body),
            Transfer::Nothing => Some(0),
            Transfer::Chunked => None,
        }
    }
}

//! The states of a connection, each with what it knows.
//!
//! ```text
//! Idle --put_request--> RequestStarted --end_headers--> RequestSent --get_response--> Idle
//! ```
//! A failed connect, send or receive, and `close`, lead from anywhere to `Idle`.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::error::ConnectionState;
use super::outbound::Outbound;
use crate::http1::{Reply, ReplyReader, RequestHead, Transfer};
use crate::transport::Instant;

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
    /// Lines for behind a chunked body.
    pub trailers: Vec<u8>,
    /// A body that was interrupted by `would-block`.
    pub interrupted: Option<Interruption>,
    /// Whether the server is asked before the body is sent.
    pub expectation: Expectation,
    /// Whether the body is still wanted.
    pub progress: Progress,
    /// The response as far as it came.
    pub incoming: Incoming,
}

/// Whether the server's `100 Continue` is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// It was not asked for, or came, or was waited for long enough.
    None,
    /// It was asked for, and is to be waited for so long. To: `Until`, once the head is sent.
    Open(Duration),
    /// It is waited for until then. To: `None`.
    Until(Instant),
}

/// Whether a request goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// To its end.
    Going,
    /// No more of it is sent: the server has answered without the rest.
    Abandoned,
}

/// A response as far as it came.
pub enum Incoming {
    /// Nobody has looked. To: `Reading`.
    Nothing,
    /// Its head is not complete. To: `Arrived`.
    Reading(ReplyReader),
    /// Its head is here, before the request was complete.
    Arrived(Reply),
}

impl Incoming {
    /// Whether a byte of it has come.
    pub fn has_begun(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Reading(reader) => reader.has_begun(),
            Self::Arrived(_) => true,
        }
    }
}

/// Where a body stopped that could not be sent without blocking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// All of it is queued.
    Queued,
    /// It goes on at this offset.
    Body(u64),
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
        announced && !matches!(self.interrupted, Some(Interruption::Body(_)))
    }

    /// Whether the request goes on with whichever comes first: room to send or an early response,
    /// `100 Continue` or the end of the wait for it.
    pub fn awaits_two_things(&self) -> bool {
        self.outbound.len() > 0 || matches!(self.expectation, Expectation::Until(_))
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

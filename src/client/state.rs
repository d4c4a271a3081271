//! The states of a connection, each with what it knows.
//!
//! ```text
//! Idle --put_request--> RequestStarted --end_headers--> RequestSent --get_response--> Idle
//! ```
//! A failed connect, send or receive, and `close`, lead from anywhere to `Idle`.

use alloc::boxed::Box;

use super::error::{ConnectionState, Error, ImproperConnectionState};
use super::upload::Upload;
use crate::http1::RequestHead;

/// Where a connection is.
pub enum State {
    /// No request is under way. From: everywhere. To: `RequestStarted`.
    Idle,
    /// The head is being put together. From: `Idle`. To: `RequestSent`.
    RequestStarted(RequestHead),
    /// The head is on its way, and the body may follow. From: `RequestStarted`. To: `Idle`.
    RequestSent(Box<Upload>),
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

    /// The request on its way.
    ///
    /// # Errors
    /// `CannotSendRequest` where there is none.
    pub fn sent(&mut self) -> Result<&mut Upload, Error> {
        match self {
            Self::RequestSent(upload) => Ok(upload),
            state => Err(ImproperConnectionState::CannotSendRequest(state.name()).into()),
        }
    }

    /// Whether a call with a body, or none, could not go on, and is to be made again.
    pub fn is_called_again(&self) -> bool {
        matches!(self, Self::RequestSent(upload) if upload.call.is_some())
    }
}

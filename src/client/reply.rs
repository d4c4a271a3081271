//! How a response's head arrives, and what it makes of the connection.

use core::task::{Poll, ready};

use super::error::Error;
use crate::http1::{
    self, CloseReason, Framing, Limits, Reply, ReplyReader, ResponseHead, Reuse, StatusLine,
    response_framing, reuse,
};
use crate::transport::{self, Stream, TlsError};

/// What a response may need, and how it may begin.
#[derive(Clone, Copy)]
pub struct Rules {
    pub limits: Limits,
    pub status_line: StatusLine,
}

/// A response as far as it came.
pub enum Incoming {
    /// Nobody has looked. To: `Reading`.
    Nothing,
    /// Its head is not complete. To: `Arrived`.
    Reading(ReplyReader),
    /// Its head is here. To: `Taken`.
    Arrived(Reply),
    /// It is in the hands of whoever reads its body.
    Taken,
}

/// What a server has said so far.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Nothing,
    /// `100 Continue`.
    Continue,
    /// A final response.
    Final,
}

impl Incoming {
    /// Whether a byte of it has come.
    pub fn has_begun(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Reading(reader) => reader.has_begun(),
            Self::Arrived(_) | Self::Taken => true,
        }
    }

    /// Takes what the peer has sent so far.
    pub fn look<S: Stream>(&mut self, stream: &mut S, rules: Rules) -> Result<Answer, Error> {
        if let Self::Nothing = self {
            *self = Self::Reading(ReplyReader::new(rules.limits, rules.status_line));
        }
        if let Self::Reading(reader) = self {
            match poll_reply(stream, reader) {
                Poll::Ready(reply) => *self = Self::Arrived(reply?),
                Poll::Pending if reader.interim().iter().any(|head| head.status == 100) => {
                    return Ok(Answer::Continue);
                }
                Poll::Pending => return Ok(Answer::Nothing),
            }
        }
        Ok(Answer::Final)
    }
}

/// Reads a head as far as it has come.
pub fn poll_reply<S: Stream>(
    stream: &mut S,
    reader: &mut ReplyReader,
) -> Poll<Result<Reply, Error>> {
    loop {
        let (taken, reply) = reader.read(stream.buffer())?;
        stream.consume(taken);
        if let Some(reply) = reply {
            return Poll::Ready(Ok(reply));
        }
        match ready!(stream.poll_fill()) {
            Ok(0) => return Poll::Ready(Ok(reader.end()?)),
            Ok(_) => {}
            // A TLS connection that is cut before the reply: no reply came, that is what counts.
            Err(transport::Error::Tls(TlsError::Truncated(_))) if !reader.has_begun() => {
                return Poll::Ready(Err(http1::Error::RemoteDisconnected.into()));
            }
            Err(error) => return Poll::Ready(Err(error.into())),
        }
    }
}

/// What becomes of the stream after the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays with HTTP, or is closed.
    Http(Reuse),
    /// It belongs to whoever calls `upgrade`.
    Upgraded,
}

impl Fate {
    /// What the reply to a request with this method makes of the stream, where `ours` is why this end
    /// closes it in any case.
    pub fn of(
        method: &str,
        head: &ResponseHead,
        framing: Framing,
        ours: Option<CloseReason>,
    ) -> Self {
        match (reuse(method, head, framing), ours) {
            (Reuse::Close(CloseReason::SwitchedProtocols | CloseReason::Tunnelled), _) => {
                Self::Upgraded
            }
            (_, Some(ours)) => Self::Http(Reuse::Close(ours)),
            (reuse, None) => Self::Http(reuse),
        }
    }
}

/// Whether a response that came before the request was complete says that its body is not wanted: an
/// error, a redirection, or the end of the connection.
pub fn is_refusal(method: &str, head: &ResponseHead) -> bool {
    let framing = response_framing(method, head);
    let ends = framing.is_ok_and(|it| matches!(reuse(method, head, it), Reuse::Close(_)));
    ends || head.status >= 300
}

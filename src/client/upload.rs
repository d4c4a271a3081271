//! A request on its way, and what the server may say meanwhile.
//!
//! A server may answer before it has the whole request: `100 Continue`, or a final response that makes
//! the rest of the body pointless. Whenever sending has to wait, or fails, such an answer is looked for,
//! and between the pieces of a long body: a server that has refused it may read on all the same.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;
use core::time::Duration;

use super::body::Body;
use super::error::{Error, HttpException};
use super::outbound::{Keep, Outbound};
use super::reply::{Answer, Incoming, Rules, is_refusal};
use super::rest::Rest;
use super::shared::SharedStream;
use super::waiting::Awaits;
use crate::http1::{CloseReason, Reply, RequestHead, Transfer};
use crate::transport::{BLOCK, Instant, Interest, Phase, Stream};

/// A refusal is looked for each time that so many bytes of a body were sent, even if nothing had to wait:
/// seldom enough to cost nothing.
const LOOK: u64 = 1 << 20;

/// A request whose head is complete, until its response is taken.
pub struct Upload {
    /// Decides whether the response has a body.
    pub method: String,
    /// Whether the caller's headers end the connection with the response.
    says_close: bool,
    /// The call that could not go on, and will be made again.
    pub call: Option<Call>,
    stage: Stage,
}

/// How far a call came that carries a body, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// All of it is queued.
    Queued,
    /// Its body goes on at this offset.
    Body {
        /// In bytes of that body.
        offset: u64,
        /// What the body is to its request.
        part: Part,
    },
}

/// Whether a body is the whole body of its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The request ends with it.
    Whole,
    /// `send` may bring more.
    Piece,
}

enum Stage {
    /// To its end, which the server may cut short. To: `Abandoned`.
    Going(Going),
    /// No more of it is sent: the server has answered without the rest.
    Abandoned(Reply),
}

struct Going {
    /// What is queued and not sent.
    outbound: Outbound,
    rest: Rest,
    word: Word,
    /// The response as far as it came.
    incoming: Incoming,
}

/// Whether the server is asked before the body is sent.
#[derive(Clone, Copy)]
enum Word {
    /// It is not, or has answered, or was waited for long enough.
    NotAwaited,
    /// It is, and will be waited for so long. To: `AwaitedUntil`, once the head is sent.
    Asked(Duration),
    /// The body goes without its word then. To: `NotAwaited`.
    AwaitedUntil(Instant),
}

impl Going {
    fn is_answered(&self) -> bool {
        matches!(self.incoming, Incoming::Taken)
    }
}

impl Call {
    /// That has begun with this body, or none.
    pub fn of(body: Option<&Body<'_>>, part: Part) -> Self {
        match body {
            Some(_) => Self::Body { offset: 0, part },
            None => Self::Queued,
        }
    }
}

impl Upload {
    /// Queues nothing yet.
    pub fn new(
        head: &RequestHead,
        transfer: Transfer,
        trailers: Vec<u8>,
        continue_timeout: Duration,
        call: Call,
    ) -> Self {
        let rest = Rest::new(transfer, trailers);
        Self {
            method: head.method().to_owned(),
            says_close: head.says_close(),
            call: Some(call),
            stage: Stage::Going(Going {
                outbound: Outbound::default(),
                // Nothing waits for it without content (RFC 9110 §10.1.1).
                word: match head.expects_continue() && rest.is_announced() {
                    true => Word::Asked(continue_timeout),
                    false => Word::NotAwaited,
                },
                rest,
                incoming: Incoming::Nothing,
            }),
        }
    }

    /// Queues the head. What is sent of the request is kept for another stream where `keep` says so.
    pub fn queue_head(&mut self, head: Vec<u8>, keep: Keep) {
        if let Stage::Going(going) = &mut self.stage {
            going.outbound = Outbound::new(keep);
            going.outbound.push(head);
        }
    }

    /// Whether the whole body that the head announced is queued.
    pub fn is_complete(&self) -> bool {
        let is_queued = match &self.stage {
            Stage::Going(going) => going.rest.missing() == 0,
            Stage::Abandoned(_) => true,
        };
        is_queued && !matches!(self.call, Some(Call::Body { .. }))
    }

    /// Whether the server has answered without the rest.
    pub fn is_abandoned(&self) -> bool {
        matches!(self.stage, Stage::Abandoned(_))
    }

    /// Why this end closes the connection after the response, if it does.
    pub fn closes_because(&self) -> Option<CloseReason> {
        if self.is_abandoned() {
            Some(CloseReason::RequestUnfinished)
        } else {
            self.says_close.then_some(CloseReason::ClientSaidClose)
        }
    }

    /// The response, once [`Upload::poll_reply`] has succeeded.
    pub fn into_reply(self) -> Option<Reply> {
        match self.stage {
            Stage::Abandoned(reply) => Some(reply),
            Stage::Going(going) => match going.incoming {
                Incoming::Arrived(reply) => Some(reply),
                Incoming::Nothing | Incoming::Reading(_) | Incoming::Taken => None,
            },
        }
    }

    /// The response that came before the request was complete, if it leaves the request to go on.
    pub fn take_early_reply(&mut self) -> Option<Reply> {
        let Stage::Going(going) = &mut self.stage else {
            return None;
        };
        match core::mem::replace(&mut going.incoming, Incoming::Taken) {
            Incoming::Arrived(reply) => Some(reply),
            incoming => {
                going.incoming = incoming;
                None
            }
        }
    }

    /// Refuses a body that is known to go beyond what was announced.
    pub fn check_room(&self, body: &mut Body<'_>) -> Result<(), Error> {
        match (&self.stage, body.length()?) {
            (Stage::Going(going), Some(length)) => going.rest.check(length),
            _ => Ok(()),
        }
    }

    /// Queues a block of body, see [`Rest::queue`].
    ///
    /// # Errors
    /// As there.
    pub fn queue(&mut self, block: Vec<u8>) -> Result<(), Error> {
        match &mut self.stage {
            Stage::Going(going) => going.rest.queue(block, &mut going.outbound),
            Stage::Abandoned(_) => Ok(()),
        }
    }

    /// Sends these lines behind the body as well, where that goes out in chunks.
    pub fn add_trailers(&mut self, lines: &[u8]) {
        if let Stage::Going(going) = &mut self.stage {
            going.rest.add_trailers(lines);
        }
    }

    /// Queues what ends the body; nothing may follow.
    pub fn end(&mut self) {
        if let Stage::Going(going) = &mut self.stage {
            going.rest.end(&mut going.outbound);
        }
    }

    /// The same where the body's source has no more, see [`Rest::end_source`].
    ///
    /// # Errors
    /// As there.
    pub fn end_source(&mut self) -> Result<(), Error> {
        match &mut self.stage {
            Stage::Going(going) => going.rest.end_source(&mut going.outbound),
            Stage::Abandoned(_) => Ok(()),
        }
    }

    /// No longer keeps what is sent: a source can't be read again, and may be longer than memory.
    pub fn let_go(&mut self) {
        if let Stage::Going(going) = &mut self.stage {
            going.outbound.let_go();
        }
    }

    /// Whether so much is queued that it must leave before more is read.
    pub fn is_full(&self) -> bool {
        matches!(&self.stage, Stage::Going(going) if going.outbound.len() >= BLOCK)
    }

    /// Whether it may go over another stream: all of it is kept, and nothing was answered.
    pub fn is_repeatable(&self) -> bool {
        match &self.stage {
            Stage::Going(going) => going.outbound.is_whole() && !going.incoming.has_begun(),
            Stage::Abandoned(_) => false,
        }
    }

    /// Makes it ready for another stream.
    pub fn rewind(&mut self) {
        if let Stage::Going(going) = &mut self.stage {
            going.outbound.rewind();
            going.incoming = Incoming::Nothing;
        }
    }

    /// Sends everything that is queued; ready, too, once the server has answered that it wants no more.
    pub fn poll_flush<S: Stream>(
        &mut self,
        stream: &mut SharedStream<S>,
        rules: Rules,
        is_over: impl FnOnce() -> bool,
        awaits: &mut Awaits,
    ) -> Poll<Result<(), Error>> {
        let Stage::Going(going) = &mut self.stage else {
            return Poll::Ready(Ok(()));
        };
        stream.awaits_reply = !going.is_answered();
        let lent = stream.is_lent();
        let channel = stream.channel().ok_or(HttpException::NotConnected)?;
        if going.outbound.len() > 0 && is_over() {
            return Poll::Ready(Err(Error::TimedOut(Phase::Send)));
        }
        let interest = match going.outbound.poll_flush(channel) {
            Poll::Ready(Ok(())) => return Poll::Ready(Ok(())),
            // What a response that is still being read has to say comes first.
            Poll::Ready(Err(error)) if lent || going.is_answered() => {
                return Poll::Ready(Err(error.into()));
            }
            Poll::Ready(Err(error)) => {
                return Poll::Ready(match going.incoming.look(channel, rules) {
                    Ok(Answer::Final) => {
                        self.abandon();
                        Ok(())
                    }
                    _ => Err(error.into()),
                });
            }
            Poll::Pending if lent => Interest::Writable,
            Poll::Pending => match going.incoming.look(channel, rules).map_err(while_sending)? {
                Answer::Final if self.is_refused() => {
                    self.abandon();
                    return Poll::Ready(Ok(()));
                }
                Answer::Final => Interest::Writable,
                Answer::Nothing | Answer::Continue => Interest::Either,
            },
        };
        *awaits = Awaits::Peer(interest, Phase::Send);
        Poll::Pending
    }

    /// Whether so much was sent up to `offset`, with a block of `length` bytes, that a refusal is to be
    /// looked for.
    pub fn is_to_look(offset: u64, length: u64) -> bool {
        offset / LOOK != (offset - length) / LOOK
    }

    /// Abandons a body that the server refuses while it goes on reading. What the call waits for now if
    /// its source has nothing.
    pub fn heed_refusal<S: Stream>(
        &mut self,
        stream: &mut SharedStream<S>,
        rules: Rules,
    ) -> Result<Awaits, Error> {
        let is_lent = stream.is_lent();
        let Stage::Going(going) = &mut self.stage else {
            return Ok(Awaits::Nothing);
        };
        // Only the end of the source is awaited where all of the body was sent.
        if is_lent || !going.rest.is_announced() {
            return Ok(Awaits::Source { is_answered: true });
        }
        let channel = stream.channel().ok_or(HttpException::NotConnected)?;
        let answer = going.incoming.look(channel, rules)?;
        if self.is_refused() {
            self.abandon();
        }
        Ok(Awaits::Source {
            is_answered: answer == Answer::Final,
        })
    }

    /// Whether the body waits for the server's word.
    pub fn awaits_word(&self) -> bool {
        match &self.stage {
            Stage::Going(going) => !matches!(going.word, Word::NotAwaited),
            Stage::Abandoned(_) => false,
        }
    }

    /// Until when it does, once the head is sent.
    pub fn word_until(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Going(Going {
                word: Word::AwaitedUntil(until),
                ..
            }) => Some(*until),
            Stage::Going(_) | Stage::Abandoned(_) => None,
        }
    }

    /// After a head with `Expect: 100-continue` that was sent: waits for the server's word, for a while.
    pub fn poll_word<S: Stream>(
        &mut self,
        stream: &mut SharedStream<S>,
        rules: Rules,
        now: Instant,
        awaits: &mut Awaits,
    ) -> Poll<Result<(), Error>> {
        let lent = stream.is_lent();
        let Stage::Going(going) = &mut self.stage else {
            return Poll::Ready(Ok(()));
        };
        let until = match going.word {
            Word::NotAwaited => return Poll::Ready(Ok(())),
            Word::Asked(patience) => now.after(patience),
            Word::AwaitedUntil(until) => until,
        };
        going.word = Word::AwaitedUntil(until);
        // Behind a response whose body only the caller reads, no word can come.
        if !lent {
            let channel = stream.channel().ok_or(HttpException::NotConnected)?;
            match going.incoming.look(channel, rules)? {
                Answer::Continue => {}
                Answer::Final => self.abandon(),
                Answer::Nothing if now >= until => {}
                Answer::Nothing => {
                    *awaits = Awaits::Peer(Interest::Readable, Phase::Receive);
                    return Poll::Pending;
                }
            }
        }
        if let Stage::Going(going) = &mut self.stage {
            going.word = Word::NotAwaited;
        }
        Poll::Ready(Ok(()))
    }

    /// Receives the head of the response.
    pub fn poll_reply<S: Stream>(
        &mut self,
        stream: &mut SharedStream<S>,
        rules: Rules,
        awaits: &mut Awaits,
    ) -> Poll<Result<(), Error>> {
        let Stage::Going(going) = &mut self.stage else {
            return Poll::Ready(Ok(()));
        };
        let channel = stream.channel().ok_or(HttpException::NotConnected)?;
        if going.incoming.look(channel, rules)? == Answer::Final {
            return Poll::Ready(Ok(()));
        }
        *awaits = Awaits::Peer(Interest::Readable, Phase::Receive);
        Poll::Pending
    }

    /// Whether the response that came says that the body is not wanted.
    fn is_refused(&self) -> bool {
        match &self.stage {
            Stage::Going(Going {
                incoming: Incoming::Arrived(reply),
                ..
            }) => is_refusal(&self.method, &reply.head),
            _ => false,
        }
    }

    /// Gives up the rest of the body, where a response has come.
    fn abandon(&mut self) {
        if let Stage::Going(going) = &mut self.stage {
            match core::mem::replace(&mut going.incoming, Incoming::Nothing) {
                Incoming::Arrived(reply) => {
                    self.stage = Stage::Abandoned(reply);
                    self.call = None;
                }
                incoming => going.incoming = incoming,
            }
        }
    }
}

/// A connection that breaks while a request is being sent, wherever that shows first.
fn while_sending(mut error: Error) -> Error {
    if let Error::Socket { phase, .. } = &mut error {
        *phase = Phase::Send;
    }
    error
}

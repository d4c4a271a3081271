//! How what is queued gets to the peer, and what the peer may say meanwhile.
//!
//! A server may answer before it has the whole request: `100 Continue`, or a final response that makes
//! the rest of the body pointless. Whenever sending has to wait, or fails, such an answer is looked for,
//! and between the pieces of a long body: a server that has refused it may read on all the same.

use core::task::Poll;

use super::channel::Channel;
use super::connection::Connection;
use super::error::{Error, HttpException};
use super::linking::Link;
use super::receiving::poll_reply;
use super::state::{Expectation, Incoming, Interruption, Sent};
use crate::http1::{Limits, ReplyReader, Reuse, StatusLine, response_framing, reuse};
use crate::transport::{Deadline, Interest, Interrupted, Network, Phase, Stream, TlsError};

impl<N: Network> Connection<N> {
    /// Sends everything that is queued, connecting first where needed.
    pub(super) fn flush(&mut self) -> Result<(), Error> {
        match self.flush_once() {
            Err(Error::WouldBlock) => Err(self.interrupt(Interruption::Queued)),
            Err(error) if self.may_repeat(&error) => {
                self.repeat();
                self.flush()
            }
            Err(error) => Err(self.fail(error)),
            Ok(()) => {
                self.sent()?.interrupted = None;
                Ok(())
            }
        }
    }

    fn flush_once(&mut self) -> Result<(), Error> {
        let shared = self.open()?;
        let mut exchange = shared.borrow_mut();
        exchange.awaits_reply = true;
        let lent = exchange.is_lent();
        let rules = self.reply_rules(exchange.reused);
        let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
        loop {
            if self.sent()?.outbound.len() > 0 {
                self.check_deadline(Phase::Send)?;
            }
            let progress = match self.sent()?.outbound.poll_send(channel) {
                Poll::Ready(Ok(())) => channel.poll_flush(),
                progress => progress,
            };
            match progress {
                Poll::Ready(Ok(())) => return Ok(()),
                // What a response that is still being read has to say comes first.
                Poll::Ready(Err(error)) if lent => return Err(error.into()),
                Poll::Ready(Err(error)) => {
                    return match self.sent()?.look_for_reply(channel, rules) {
                        Ok(Answer::Final) => {
                            self.sent()?.abandon();
                            Ok(())
                        }
                        _ => Err(error.into()),
                    };
                }
                Poll::Pending if lent => self.wait(channel, Interest::Writable, Phase::Send)?,
                Poll::Pending => {
                    let interest = match self.sent()?.look_for_reply(channel, rules)? {
                        Answer::Final if self.sent()?.is_refused() => {
                            self.sent()?.abandon();
                            return Ok(());
                        }
                        Answer::Final => Interest::Writable,
                        Answer::Nothing | Answer::Continue => Interest::Either,
                    };
                    self.wait(channel, interest, Phase::Send)?;
                }
            }
        }
    }

    /// Abandons a body that the server refuses while it goes on reading.
    pub(super) fn heed_refusal(&mut self) -> Result<(), Error> {
        self.find_refusal().map_err(|error| self.fail(error))
    }

    fn find_refusal(&mut self) -> Result<(), Error> {
        let shared = self.open()?;
        let mut exchange = shared.borrow_mut();
        if exchange.is_lent() {
            return Ok(());
        }
        let rules = self.reply_rules(exchange.reused);
        let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
        let sent = self.sent()?;
        if let Answer::Final = sent.look_for_reply(channel, rules)?
            && sent.is_refused()
        {
            sent.abandon();
        }
        Ok(())
    }

    pub(super) fn wait(
        &self,
        channel: &mut Channel<N::Stream>,
        interest: Interest,
        phase: Phase,
    ) -> Result<(), Error> {
        channel
            .wait(interest, self.deadline())
            .map_err(|interrupted| interrupted_while(interrupted, phase))
    }

    /// After a head with `Expect: 100-continue`: waits for the server's word, for a while.
    pub(super) fn await_continue(&mut self) -> Result<(), Error> {
        let now = self.network.now();
        let until = match self.sent()?.expectation {
            Expectation::None => return Ok(()),
            Expectation::Open(timeout) => now.after(timeout),
            Expectation::Until(until) => until,
        };
        self.sent()?.expectation = Expectation::Until(until);
        match self.poll_continue(Deadline::At(until)) {
            Ok(()) => {
                self.sent()?.expectation = Expectation::None;
                Ok(())
            }
            Err(Error::WouldBlock) => Err(self.interrupt(Interruption::Body(0))),
            Err(error) => Err(self.fail(error)),
        }
    }

    fn poll_continue(&mut self, until: Deadline) -> Result<(), Error> {
        let shared = self.open()?;
        let mut exchange = shared.borrow_mut();
        if exchange.is_lent() {
            // The word would come behind a response whose body only the caller reads.
            return Ok(());
        }
        let rules = self.reply_rules(exchange.reused);
        let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
        loop {
            match self.sent()?.look_for_reply(channel, rules)? {
                Answer::Continue => return Ok(()),
                Answer::Final => {
                    self.sent()?.abandon();
                    return Ok(());
                }
                Answer::Nothing => {}
            }
            if until <= Deadline::At(self.network.now()) {
                return Ok(());
            }
            let deadline = self.deadline();
            match channel.wait(Interest::Readable, deadline.min(until)) {
                Err(Interrupted::TimedOut) if until <= deadline => return Ok(()),
                waited => waited.map_err(|it| interrupted_while(it, Phase::Receive))?,
            }
        }
    }

    /// When a step that begins now must be done.
    pub(super) fn deadline(&self) -> Deadline {
        self.patience.deadline(|| self.network.now())
    }

    /// Whether the exchange still has time.
    pub(super) fn check_deadline(&self, phase: Phase) -> Result<(), Error> {
        self.patience
            .check(|| self.network.now())
            .map_err(|interrupted| interrupted_while(interrupted, phase))
    }

    /// Whether `error` says that the server had closed an idle stream, and the request may go to a
    /// fresh one: nothing of it was answered, and repeating it is safe.
    pub(super) fn may_repeat(&mut self, error: &Error) -> bool {
        let gone = matches!(
            error,
            Error::Socket {
                phase: Phase::Send | Phase::Receive,
                ..
            } | Error::Http(HttpException::RemoteDisconnected)
                | Error::Tls(TlsError::Truncated(_))
        );
        let reused = matches!(&self.link, Link::Open(exchange) if exchange.borrow().reused);
        let kept = self
            .sent()
            .is_ok_and(|sent| sent.outbound.is_whole() && !sent.incoming.has_begun());
        gone && reused && kept
    }

    /// Makes the request ready to be sent over a fresh stream.
    pub(super) fn repeat(&mut self) {
        self.let_go();
        if let Ok(sent) = self.sent() {
            sent.outbound.rewind();
            sent.incoming = Incoming::Nothing;
        }
    }
}

/// What a server has said so far.
pub(super) enum Answer {
    Nothing,
    /// `100 Continue`.
    Continue,
    /// A final response.
    Final,
}

impl Sent {
    /// Takes what the peer has sent so far.
    pub(super) fn look_for_reply<S: Stream>(
        &mut self,
        channel: &mut Channel<S>,
        (limits, status_line): (Limits, StatusLine),
    ) -> Result<Answer, Error> {
        if let Incoming::Nothing = self.incoming {
            self.incoming = Incoming::Reading(ReplyReader::new(limits, status_line));
        }
        if let Incoming::Reading(reader) = &mut self.incoming {
            match poll_reply(channel, reader) {
                Poll::Ready(reply) => self.incoming = Incoming::Arrived(reply?),
                Poll::Pending if reader.interim().iter().any(|head| head.status == 100) => {
                    return Ok(Answer::Continue);
                }
                Poll::Pending => return Ok(Answer::Nothing),
            }
        }
        Ok(Answer::Final)
    }

    /// Whether the response that came says that the body is not wanted: an error, a redirection, or
    /// the end of the connection.
    fn is_refused(&self) -> bool {
        match &self.incoming {
            Incoming::Arrived(reply) => {
                let framing = response_framing(&self.method, &reply.head);
                let ends = framing.is_ok_and(|it| {
                    matches!(reuse(&self.method, &reply.head, it), Reuse::Close(_))
                });
                ends || reply.head.status >= 300
            }
            Incoming::Nothing | Incoming::Reading(_) => false,
        }
    }
}

pub(super) fn interrupted_while(interrupted: Interrupted, phase: Phase) -> Error {
    match interrupted {
        Interrupted::WouldBlock => Error::WouldBlock,
        Interrupted::TimedOut => Error::TimedOut(phase),
    }
}

//! How a response's head arrives, and what it makes of the connection.

use alloc::rc::Rc;
use core::task::{Poll, ready};

use super::channel::Channel;
use super::connection::Connection;
use super::error::{Error, HttpException, ImproperConnectionState};
use super::flushing::Answer;
use super::linking::Link;
use super::response::{Fate, Response};
use super::state::{Incoming, Progress, State};
use crate::http1::{
    self, BodyReader, CloseReason, Limits, Reply, ReplyReader, Reuse, StatusLine, response_framing,
    reuse,
};
use crate::transport::{self, Interest, Network, Phase, Stream, TlsError};

impl<N: Network> Connection<N> {
    /// `getresponse()`.
    ///
    /// # Errors
    /// `ResponseNotReady`; what receiving fails with.
    pub fn get_response(&mut self) -> Result<Response<N>, Error> {
        self.require_response()?;
        if self.sent()?.progress == Progress::Going {
            // Chunks that came by `send` have their last one only now.
            self.sent()?.end();
            self.flush()?;
        }
        match self.receive_reply() {
            Ok(reply) => self.take_reply(reply).map_err(|error| self.fail(error)),
            Err(Error::WouldBlock) => Err(Error::WouldBlock),
            Err(error) if self.may_repeat(&error) => {
                self.repeat();
                self.get_response()
            }
            Err(error) => Err(self.fail(error)),
        }
    }

    fn require_response(&self) -> Result<(), Error> {
        let lent = matches!(&self.link, Link::Open(exchange) if exchange.borrow().is_lent());
        match &self.state {
            State::RequestSent(sent) if sent.is_complete() && !lent => Ok(()),
            state => Err(ImproperConnectionState::ResponseNotReady(state.name()).into()),
        }
    }

    /// What a response may need, and how it may begin.
    pub(super) fn reply_rules(&self, reused: bool) -> (Limits, StatusLine) {
        let status_line = if reused || self.route.must_have_status_line() {
            StatusLine::Required
        } else {
            StatusLine::Optional
        };
        (self.route.options.limits, status_line)
    }

    fn receive_reply(&mut self) -> Result<Reply, Error> {
        let shared = self.open()?;
        let mut exchange = shared.borrow_mut();
        let rules = self.reply_rules(exchange.reused);
        let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
        loop {
            let sent = self.sent()?;
            if let Answer::Final = sent.look_for_reply(channel, rules)?
                && let Incoming::Arrived(reply) =
                    core::mem::replace(&mut sent.incoming, Incoming::Nothing)
            {
                return Ok(reply);
            }
            self.check_deadline(Phase::Receive)?;
            self.wait(channel, Interest::Readable, Phase::Receive)?;
        }
    }

    /// Leaves `RequestSent` for `Idle`, and lends the stream to the response.
    fn take_reply(&mut self, reply: Reply) -> Result<Response<N>, Error> {
        self.trace.reply(&reply.head);
        let sent = self.sent()?;
        let framing = response_framing(&sent.method, &reply.head)?;
        let fate = match reuse(&sent.method, &reply.head, framing) {
            Reuse::Close(CloseReason::SwitchedProtocols | CloseReason::Tunnelled) => Fate::Upgraded,
            _ if sent.progress == Progress::Abandoned => {
                Fate::Http(Reuse::Close(CloseReason::RequestUnfinished))
            }
            _ if sent.says_close => Fate::Http(Reuse::Close(CloseReason::ClientSaidClose)),
            reuse => Fate::Http(reuse),
        };
        let body = BodyReader::new(framing, self.route.options.limits);
        let exchange = self.open()?;
        {
            let mut exchange = exchange.borrow_mut();
            exchange.reused = true;
            exchange.awaits_reply = false;
            exchange.lend();
        }
        if fate != Fate::Http(Reuse::Keep) {
            self.link = Link::Closed;
        }
        self.state = State::Idle;
        let network = Rc::clone(&self.network);
        let timeout = self.route.options.timeout;
        Ok(Response::new(
            network,
            (timeout, self.patience),
            reply,
            body,
            fate,
            exchange,
        ))
    }
}

/// Reads a head as far as it has come.
pub(super) fn poll_reply<S: Stream>(
    channel: &mut Channel<S>,
    reader: &mut ReplyReader,
) -> Poll<Result<Reply, Error>> {
    loop {
        let (taken, reply) = reader.read(channel.buffer())?;
        channel.consume(taken);
        if let Some(reply) = reply {
            return Poll::Ready(Ok(reply));
        }
        match ready!(channel.poll_fill()) {
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

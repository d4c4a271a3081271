//! How a response's head arrives, and what it makes of the connection.

use std::rc::Rc;
use std::task::{Poll, ready};

use super::connection::{Connection, Link};
use super::error::{Error, HttpException, ImproperConnectionState};
use super::exchange::Channel;
use super::response::Response;
use super::sending::interrupted_while;
use super::state::State;
use crate::http1::{
    BodyReader, CloseReason, Reply, ReplyReader, Reuse, StatusLine, response_framing, reuse,
};
use crate::transport::{Interest, Network, Phase, Stream, TlsError};
use crate::{http1, transport};

impl<N: Network> Connection<N> {
    /// `getresponse()`.
    ///
    /// # Errors
    /// `ResponseNotReady`; what receiving fails with.
    pub fn get_response(&mut self) -> Result<Response<N>, Error> {
        self.require_response()?;
        // Chunks that came by `send` have their last one only now.
        self.sent()?.end();
        self.flush()?;
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

    fn receive_reply(&mut self) -> Result<Reply, Error> {
        let shared = self.open()?;
        let mut exchange = shared.borrow_mut();
        let status_line = if exchange.reused || self.route.must_have_status_line() {
            StatusLine::Required
        } else {
            StatusLine::Optional
        };
        let limits = self.route.options.limits;
        let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
        loop {
            let reader = self
                .sent()?
                .reply
                .get_or_insert_with(|| ReplyReader::new(limits, status_line));
            match poll_reply(channel, reader) {
                Poll::Ready(reply) => return reply,
                Poll::Pending => channel
                    .wait(Interest::Readable, self.deadline())
                    .map_err(|interrupted| interrupted_while(interrupted, Phase::Receive))?,
            }
        }
    }

    /// Leaves `RequestSent` for `Idle`, and lends the stream to the response.
    fn take_reply(&mut self, reply: Reply) -> Result<Response<N>, Error> {
        self.trace.reply(&reply.head);
        let framing = response_framing(&self.sent()?.method, &reply.head)?;
        let reuse = match reuse(&reply.head, framing) {
            Reuse::Keep if self.sent()?.says_close => Reuse::Close(CloseReason::ClientSaidClose),
            reuse => reuse,
        };
        let body = BodyReader::new(framing, self.route.options.limits);
        let exchange = self.open()?;
        {
            let mut exchange = exchange.borrow_mut();
            exchange.reused = true;
            exchange.awaits_reply = false;
            exchange.lend();
        }
        if matches!(reuse, Reuse::Close(_)) {
            self.link = Link::Closed;
        }
        self.state = State::Idle;
        let timeout = self.route.options.timeout;
        let network = Rc::clone(&self.network);
        Ok(Response::new(
            network, timeout, reply, body, reuse, exchange,
        ))
    }
}

fn poll_reply<S: Stream>(
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

//! How its reply comes in.

use alloc::rc::Rc;
use core::task::{Poll, ready};

use super::Connection;
use crate::client::error::{Error, HttpException};
use crate::client::reply::Fate;
use crate::client::response::Response;
use crate::client::state::State;
use crate::http1::{BodyReader, CloseReason, Reply, response_framing};
use crate::transport::Network;

impl<N: Network> Connection<N> {
    pub(super) fn poll_replied(&mut self) -> Poll<Result<Response<N>, Error>> {
        let replied = self.poll_over_fresh_stream(|connection| {
            ready!(connection.poll_flush_once())?;
            connection.poll_reply()
        });
        ready!(replied)?;
        Poll::Ready(self.take_reply().map_err(|error| self.fail(error)))
    }

    fn poll_reply(&mut self) -> Poll<Result<(), Error>> {
        let shared = ready!(self.poll_stream())?;
        let rules = self.rules(&shared);
        let upload = self.state.sent()?;
        upload.poll_reply(&mut shared.borrow_mut(), rules, &mut self.awaits)
    }

    /// Leaves `RequestSent` for `Idle`, and lends the stream to the response.
    fn take_reply(&mut self) -> Result<Response<N>, Error> {
        let State::RequestSent(upload) = core::mem::replace(&mut self.state, State::Idle) else {
            return Err(HttpException::NotConnected.into());
        };
        let method = upload.method.clone();
        let ours = upload.closes_because();
        let reply = upload.into_reply().ok_or(HttpException::NotConnected)?;
        let response = self.respond(&method, ours, reply)?;
        if response.will_close() {
            self.link.let_go();
        }
        Ok(response)
    }

    /// The response that came while the request is still being sent, if one did. The rest is sent with
    /// [`Connection::poll_rest`]. A response that ends the request is not among them: with that, the call that
    /// sends it is over.
    pub fn take_early_response(&mut self) -> Option<Result<Response<N>, Error>> {
        let State::RequestSent(upload) = &mut self.state else {
            return None;
        };
        let reply = upload.take_early_reply()?;
        let method = upload.method.clone();
        let ours = upload.closes_because();
        let response = self.respond(&method, ours, reply);
        Some(response.map_err(|error| self.fail(error)))
    }

    /// Makes a response of its head, and lends it the stream.
    fn respond(
        &mut self,
        method: &str,
        ours: Option<CloseReason>,
        reply: Reply,
    ) -> Result<Response<N>, Error> {
        let Poll::Ready(shared) = self.poll_stream()? else {
            return Err(HttpException::NotConnected.into());
        };
        self.trace.reply(&reply.head);
        let framing = response_framing(method, &reply.head)?;
        let fate = Fate::of(method, &reply.head, framing, ours);
        let body = BodyReader::new(framing, self.route.options.limits);
        shared.borrow_mut().lend();
        let network = Rc::clone(&self.network);
        let patience = (self.route.options.timeout, self.patience);
        Ok(Response::new(network, patience, reply, body, fate, shared))
    }
}

//! How a connection gets its stream, waits for it and loses it.

use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;

use super::connection::Connection;
use super::error::{Error, HttpException};
use super::exchange::Shared;
use super::link::Opening;
use super::options::Scheme;
use super::state::State;
use crate::transport::tls::Session;
use crate::transport::{Interest, Network, Phase, Stream};

/// What a connection has of its stream.
pub(super) enum Link<N: Network> {
    Closed,
    Opening(Box<Opening<N>>),
    Open(Shared<N::Stream>),
}

/// What was agreed on when the last connection was opened, until the next one begins to open.
#[derive(Default)]
pub(super) struct Agreed {
    /// With the server, by TLS.
    pub session: Option<Rc<Session>>,
    /// The headers of the proxy's reply to `CONNECT`.
    pub proxy_headers: Option<Vec<(String, String)>>,
}

impl<N: Network> Connection<N> {
    /// `connect()`.
    ///
    /// # Errors
    /// What opening failed with.
    pub fn connect(&mut self) -> Result<(), Error> {
        if let State::RequestSent(_) = self.state
            && self.has_closed_link()
        {
            // A fresh stream would not have the request that went over this one.
            return Err(self.fail(HttpException::NotConnected.into()));
        }
        self.drop_closed_link();
        if let Link::Closed = self.link {
            self.begin_exchange();
        }
        let shared = self.open()?;
        loop {
            let mut exchange = shared.borrow_mut();
            let channel = exchange.channel().ok_or(HttpException::NotConnected)?;
            // The last flight of the handshake may still be here.
            let error = match channel.poll_flush() {
                Poll::Ready(Ok(())) => return Ok(()),
                Poll::Ready(Err(error)) => error.into(),
                Poll::Pending => match self.wait(channel, Interest::Writable, Phase::Handshake) {
                    Ok(()) => continue,
                    Err(Error::WouldBlock) => return Err(Error::WouldBlock),
                    Err(error) => error,
                },
            };
            drop(exchange);
            return Err(self.fail(error));
        }
    }

    /// `close()`.
    pub fn close(&mut self) {
        if let Link::Open(exchange) = core::mem::replace(&mut self.link, Link::Closed) {
            exchange.borrow_mut().close();
        }
        self.state = State::Idle;
    }

    /// What to wait on before a call that would block is worth repeating.
    pub fn subscribe(&mut self) -> <N::Stream as Stream>::Pollable {
        let pollable = match &mut self.link {
            Link::Closed => None,
            Link::Opening(opening) => opening.subscribe(),
            Link::Open(exchange) => {
                let mut exchange = exchange.borrow_mut();
                let lent = exchange.is_lent();
                match (exchange.channel(), &self.state) {
                    (Some(channel), State::RequestSent(sent))
                        if lent && sent.outbound.len() > 0 =>
                    {
                        Some(channel.subscribe(Interest::Writable))
                    }
                    (Some(_), State::RequestSent(sent)) if sent.awaits_two_things() => {
                        Some(self.network.look_again())
                    }
                    (Some(channel), _) if channel.buffer().is_empty() => {
                        Some(channel.subscribe(Interest::Readable))
                    }
                    _ => None,
                }
            }
        };
        pollable.unwrap_or_else(|| self.network.ready())
    }

    /// The open stream, after opening it where needed.
    pub(super) fn open(&mut self) -> Result<Shared<N::Stream>, Error> {
        loop {
            match &mut self.link {
                Link::Open(exchange) => return Ok(exchange.clone()),
                Link::Closed => {
                    self.agreed = Agreed::default();
                    let patience = self.patience;
                    let opening = Opening::new(&*self.network, &self.route, &self.trace, patience);
                    self.link = Link::Opening(Box::new(opening));
                }
                Link::Opening(opening) => {
                    let progress = opening.poll(&self.network, &self.route, &self.trace);
                    let outcome = match progress {
                        Poll::Ready(opened) => opened.map(Some),
                        Poll::Pending => opening.wait(&self.network).map(|()| None),
                    };
                    match outcome {
                        Ok(None) => {}
                        Ok(Some(exchange)) => {
                            self.agreed = Agreed {
                                session: match &self.route.scheme {
                                    Scheme::Http => None,
                                    Scheme::Https(_) => exchange.borrow_mut().session(),
                                },
                                proxy_headers: opening.take_proxy_headers(),
                            };
                            self.link = Link::Open(exchange);
                        }
                        Err(Error::WouldBlock) => return Err(Error::WouldBlock),
                        Err(error) => {
                            self.agreed.proxy_headers = match &error {
                                Error::Tunnel(refusal) => Some(refusal.headers.clone()),
                                _ => opening.take_proxy_headers(),
                            };
                            return Err(self.fail(error));
                        }
                    }
                }
            }
        }
    }

    /// Leads to `Idle` because of `error`, with the connection closed. A response that is still being
    /// read keeps the stream: a request that fails behind it takes nothing back of what came before.
    pub(super) fn fail(&mut self, error: Error) -> Error {
        self.let_go();
        self.state = State::Idle;
        error
    }

    /// Gives the stream up: it closes now, or with the response that is being read from it.
    pub(super) fn let_go(&mut self) {
        if let Link::Open(exchange) = core::mem::replace(&mut self.link, Link::Closed)
            && !exchange.borrow().is_lent()
        {
            exchange.borrow_mut().close();
        }
    }

    /// Forgets a stream that its response has closed.
    pub(super) fn drop_closed_link(&mut self) {
        if self.has_closed_link() {
            self.link = Link::Closed;
        }
    }

    fn has_closed_link(&self) -> bool {
        matches!(&self.link, Link::Open(exchange) if exchange.borrow().is_over())
    }

    pub(super) fn require_closed(&mut self, what: &str) -> Result<(), Error> {
        self.drop_closed_link();
        match (&self.link, &self.state) {
            (Link::Closed, State::Idle) => Ok(()),
            (Link::Closed, _) => Err(Error::Value(format!(
                "can't set up {what} within a request"
            ))),
            (Link::Opening(_) | Link::Open(_), _) => Err(Error::Value(format!(
                "can't set up {what} for an established connection"
            ))),
        }
    }

    /// Drops an idle stream that the server has closed or spoiled since the last response.
    pub(super) fn replace_stale_link(&mut self) {
        self.drop_closed_link();
        let Link::Open(exchange) = &self.link else {
            return;
        };
        let mut exchange = exchange.borrow_mut();
        if !exchange.is_lent() && exchange.is_stale() {
            exchange.close();
            drop(exchange);
            self.link = Link::Closed;
        }
    }
}

//! How a connection gets a stream, holds it and loses it.

use alloc::rc::Rc;
use core::task::Poll;

use super::error::{Error, HttpException};
use super::opening::{Opened, Opening};
use super::options::Scheme;
use super::patience::Patience;
use super::route::Route;
use super::shared::{Shared, SharedStream};
use super::text::Fields;
use super::trace::Trace;
use super::waiting::{Awaits, Lent, Waiting, lend};
use crate::transport::tls::Session;
use crate::transport::{Deadline, Network};

/// The way to the server: open, being opened, or closed.
pub struct Link<N: Network> {
    /// Closed while there is an opening.
    stream: Shared<N::Stream>,
    opening: Option<Opening<N>>,
    agreed: Agreed,
}

/// What was agreed on when the last connection was opened, until the next one begins to open.
#[derive(Default)]
struct Agreed {
    /// With the server, by TLS.
    session: Option<Rc<Session>>,
    /// The headers of the proxy's reply to `CONNECT`.
    proxy_headers: Option<Fields>,
}

impl<N: Network> Link<N> {
    /// A closed one.
    pub fn new() -> Self {
        Self {
            stream: SharedStream::closed(),
            opening: None,
            agreed: Agreed::default(),
        }
    }

    /// Begins to open it, if it is closed.
    pub fn open(&mut self, network: &N, route: &Route, trace: &Trace, patience: Patience) {
        if self.is_closed() {
            self.agreed = Agreed::default();
            let opening = Opening::new(network, route, trace, patience);
            self.opening = Some(opening);
        }
    }

    /// The open stream.
    ///
    /// # Errors
    /// What opening failed with; `NotConnected` where nobody has begun to open it.
    pub fn poll(
        &mut self,
        network: &N,
        route: &Route,
        trace: &Trace,
    ) -> Poll<Result<Shared<N::Stream>, Error>> {
        let Some(opening) = self.opening.take() else {
            return Poll::Ready(match self.is_closed() {
                true => Err(HttpException::NotConnected.into()),
                false => Ok(Rc::clone(&self.stream)),
            });
        };
        match opening.advance(network, route, trace, &mut self.agreed.proxy_headers) {
            Ok(Opened::Pending(opening)) => {
                self.opening = Some(opening);
                Poll::Pending
            }
            Ok(Opened::Open(channel)) => {
                self.agreed.session = match &route.scheme {
                    Scheme::Http => None,
                    Scheme::Https(_) => channel.session().cloned(),
                };
                self.stream = SharedStream::new(channel);
                Poll::Ready(Ok(Rc::clone(&self.stream)))
            }
            Err(error) => Poll::Ready(Err(self.fail(error))),
        }
    }

    /// What the opening waits for, or a call over the open stream.
    pub fn waiting(&mut self, awaits: Awaits, until: Deadline) -> Waiting<'_, N> {
        match &mut self.opening {
            Some(opening) => opening.waiting(),
            None => Waiting {
                on: awaits.on(&self.stream),
                until,
            },
        }
    }

    /// The socket of the open stream.
    pub fn socket(&mut self) -> Option<Lent<'_, N::Stream>> {
        lend(&self.stream)
    }

    /// Gives the opening up, if there is one, because its time has passed.
    pub fn time_out(&mut self) -> Option<Error> {
        let opening = self.opening.take()?;
        Some(self.fail(opening.time_out()))
    }

    /// The headers of a refusal are told as well.
    fn fail(&mut self, error: Error) -> Error {
        if let Error::Tunnel(refusal) = &error {
            self.agreed.proxy_headers = Some(refusal.headers.clone());
        }
        error
    }

    /// Whether it is neither open nor being opened.
    pub fn is_closed(&self) -> bool {
        self.opening.is_none() && self.stream.borrow().is_closed()
    }

    /// Whether it is open, and no response is unread.
    pub fn is_free(&self) -> bool {
        self.opening.is_none() && !self.stream.borrow().is_closed() && !self.is_lent()
    }

    /// Whether a response has unread body.
    pub fn is_lent(&self) -> bool {
        self.stream.borrow().is_lent()
    }

    /// Whether a response came this way before.
    pub fn is_reused(&self) -> bool {
        let stream = self.stream.borrow();
        !stream.is_closed() && stream.reused
    }

    /// What the handshake with the server agreed on.
    pub fn session(&self) -> Option<&Session> {
        self.agreed.session.as_deref()
    }

    /// The headers of the proxy's reply to `CONNECT`.
    pub fn proxy_headers(&self) -> Option<&Fields> {
        self.agreed.proxy_headers.as_ref()
    }

    /// Closes it, under a response that is still being read, too.
    pub fn close(&mut self) {
        self.opening = None;
        self.stream.borrow_mut().close();
    }

    /// Gives the stream up: it closes now, or with the response that is being read from it.
    pub fn let_go(&mut self) {
        if self.is_lent() {
            self.stream = SharedStream::closed();
        } else {
            self.close();
        }
    }

    /// Closes an idle stream that the server has closed or spoiled since the last response.
    pub fn close_if_stale(&mut self) {
        let mut stream = self.stream.borrow_mut();
        if !stream.is_lent() && stream.is_stale() {
            stream.close();
        }
    }
}

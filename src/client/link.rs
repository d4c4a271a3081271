//! How a connection gets its stream: dial, tunnel, handshake.
//!
//! ```text
//! Closed -> Dialing -> [Tunnelling ->] [Handshaking ->] Open -> Closed
//! ```
//! Each step begins with its own deadline.

use std::task::{Poll, ready};

use super::address::Authority;
use super::error::Error;
use super::exchange::{Channel, Exchange, Shared};
use super::options::{Options, Scheme};
use super::trace::Trace;
use super::tunnel::{Tunnel, Tunnelling};
use crate::http1::ResponseHead;
use crate::transport::tls::Handshake;
use crate::transport::{Deadline, Dialing, Interrupted, Network, Phase, Stream};

/// Where a link leads, and what it passes on its way.
pub struct Route {
    /// The host that is dialed: the server, or the proxy.
    pub server: Authority,
    /// Where the proxy leads.
    pub tunnel: Option<Tunnel>,
    /// With or without TLS.
    pub scheme: Scheme,
    /// Timeout, source address and limits.
    pub options: Options,
}

impl Route {
    /// The server that answers the requests.
    pub fn origin(&self) -> &Authority {
        self.tunnel
            .as_ref()
            .map_or(&self.server, |tunnel| &tunnel.server)
    }

    /// Whether a reply without a status line is an error even on a fresh stream.
    pub fn must_have_status_line(&self) -> bool {
        self.options.strict || self.tunnel.is_some()
    }
}

/// An opening under way.
pub struct Opening<N: Network> {
    step: Step<N>,
    deadline: Deadline,
    proxy_reply: Option<ResponseHead>,
}

enum Step<N: Network> {
    Dialing(N::Dialing),
    Tunnelling(Box<Tunnelling<N::Stream>>),
    Handshaking(Box<Handshake<N::Stream>>),
    /// Only while a step is being replaced, and after a failure.
    Done,
}

/// What an opening ends with.
pub struct Opened<S: Stream> {
    /// The open stream.
    pub exchange: Shared<S>,
    /// The proxy's reply to `CONNECT`.
    pub proxy_reply: Option<ResponseHead>,
}

impl<N: Network> Opening<N> {
    /// Begins with the look-up of the dialed host.
    pub fn new(network: &N, route: &Route, trace: &Trace) -> Self {
        let Authority { host, port } = &route.server;
        trace.connect(host, *port);
        let source = route.options.source_address.as_ref();
        Self {
            step: Step::Dialing(network.dial(host, *port, source)),
            deadline: route.options.timeout.deadline(|| network.now()),
            proxy_reply: None,
        }
    }

    /// Goes on as far as it can without blocking.
    pub fn poll(
        &mut self,
        network: &N,
        route: &Route,
        trace: &Trace,
    ) -> Poll<Result<Opened<N::Stream>, Error>> {
        loop {
            let before = self.phase();
            let progress = self.poll_step(route, trace);
            if self.phase() != before {
                self.deadline = route.options.timeout.deadline(|| network.now());
            }
            if let Some(opened) = ready!(progress)? {
                return Poll::Ready(Ok(opened));
            }
        }
    }

    /// Takes one step to its end; what was opened, if it was the last.
    fn poll_step(
        &mut self,
        route: &Route,
        trace: &Trace,
    ) -> Poll<Result<Option<Opened<N::Stream>>, Error>> {
        match &mut self.step {
            Step::Dialing(dialing) => {
                let stream = ready!(dialing.poll())?;
                let Some(tunnel) = &route.tunnel else {
                    return Poll::Ready(self.secure(stream, route));
                };
                let tunnelling = Tunnelling::new(stream, tunnel);
                trace.send(tunnelling.request());
                self.step = Step::Tunnelling(Box::new(tunnelling));
                Poll::Ready(Ok(None))
            }
            Step::Tunnelling(tunnelling) => {
                let head = ready!(tunnelling.poll(route.options.limits))?;
                trace.reply(&head);
                self.proxy_reply = Some(head);
                match self.take_step() {
                    Step::Tunnelling(it) => Poll::Ready(self.secure(it.into_stream(), route)),
                    _ => unreachable!("invariant: the step was matched above"),
                }
            }
            Step::Handshaking(handshake) => {
                ready!(handshake.poll())?;
                match self.take_step() {
                    Step::Handshaking(it) => {
                        let channel = Channel::Tls(Box::new(it.finish()?));
                        Poll::Ready(Ok(Some(self.opened(channel))))
                    }
                    _ => unreachable!("invariant: the step was matched above"),
                }
            }
            Step::Done => Poll::Ready(Err(Error::Other("the opening is over".into()))),
        }
    }

    /// Begins the handshake, or is done where there is none.
    fn secure(
        &mut self,
        stream: N::Stream,
        route: &Route,
    ) -> Result<Option<Opened<N::Stream>>, Error> {
        match &route.scheme {
            Scheme::Http => Ok(Some(self.opened(Channel::Plain(stream)))),
            Scheme::Https(config) => {
                let handshake = Handshake::new(config.clone(), &route.origin().host, stream)?;
                self.step = Step::Handshaking(Box::new(handshake));
                Ok(None)
            }
        }
    }

    fn opened(&mut self, channel: Channel<N::Stream>) -> Opened<N::Stream> {
        Opened {
            exchange: Exchange::new(channel),
            proxy_reply: self.proxy_reply.take(),
        }
    }

    /// Blocks until `poll` is worth repeating.
    ///
    /// A proxy that has refused is reported as such even when the rest of its reply stays away.
    pub fn wait(&mut self) -> Result<(), Error> {
        let phase = self.phase();
        let waited = match &mut self.step {
            Step::Dialing(dialing) => dialing.wait(self.deadline),
            Step::Tunnelling(tunnelling) => {
                let interest = tunnelling.interest();
                tunnelling.stream().wait(interest, self.deadline)
            }
            Step::Handshaking(handshake) => {
                let interest = handshake.interest();
                handshake.stream().wait(interest, self.deadline)
            }
            Step::Done => Ok(()),
        };
        match waited {
            Ok(()) => Ok(()),
            Err(Interrupted::WouldBlock) => Err(Error::WouldBlock),
            Err(Interrupted::TimedOut) => match self.take_step() {
                Step::Tunnelling(tunnelling) => Err(tunnelling
                    .into_refusal()
                    .map_or(Error::TimedOut(phase), |it| Error::Tunnel(Box::new(it)))),
                _ => Err(Error::TimedOut(phase)),
            },
        }
    }

    /// What to wait on for a caller who does his own waiting; none where there is nothing to wait for.
    pub fn subscribe(&mut self) -> Option<<N::Stream as Stream>::Pollable> {
        match &mut self.step {
            Step::Dialing(dialing) => Some(dialing.subscribe()),
            Step::Tunnelling(tunnelling) => {
                let interest = tunnelling.interest();
                Some(tunnelling.stream().subscribe(interest))
            }
            Step::Handshaking(handshake) => {
                let interest = handshake.interest();
                Some(handshake.stream().subscribe(interest))
            }
            Step::Done => None,
        }
    }

    fn phase(&self) -> Phase {
        match &self.step {
            Step::Dialing(dialing) => dialing.phase(),
            Step::Tunnelling(_) => Phase::Tunnel,
            Step::Handshaking(_) => Phase::Handshake,
            Step::Done => Phase::Connect,
        }
    }

    fn take_step(&mut self) -> Step<N> {
        std::mem::replace(&mut self.step, Step::Done)
    }
}

//! How a connection gets its stream: dial, secure the way to a proxy, tunnel, handshake.
//!
//! ```text
//! Dialing -> [Handshaking with the proxy ->] [Tunnelling ->] [Handshaking with the server ->] open
//! ```
//! Each step begins with its own deadline.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Poll, ready};

use super::channel::Channel;
use super::error::Error;
use super::exchange::{Exchange, Shared};
use super::options::Scheme;
use super::patience::Patience;
use super::response::text_pairs;
use super::route::Route;
use super::trace::Trace;
use super::tunnel::Tunnelling;
use crate::transport::tls::Handshake;
use crate::transport::{Deadline, Dialing, Interrupted, Network, Phase, Stream};

/// An opening under way.
pub struct Opening<N: Network> {
    step: Step<N>,
    patience: Patience,
    deadline: Deadline,
    /// Of the proxy's reply to `CONNECT`.
    proxy_headers: Option<Vec<(String, String)>>,
}

enum Step<N: Network> {
    Dialing(N::Dialing),
    Handshaking(Peer, Box<Handshake<Channel<N::Stream>>>),
    Tunnelling(Box<Tunnelling<Channel<N::Stream>>>),
    /// Only while a step is being replaced, and after the last one.
    Done,
}

/// Whom TLS is spoken with.
#[derive(Clone, Copy)]
enum Peer {
    Proxy,
    Server,
}

impl<N: Network> Opening<N> {
    /// Begins with the look-up of the dialed host.
    pub fn new(network: &N, route: &Route, trace: &Trace, patience: Patience) -> Self {
        let dialed = route.dialed();
        trace.connect(&dialed.host, dialed.port);
        let source = route.options.source_address.as_ref();
        Self {
            step: Step::Dialing(network.dial(&dialed.host, dialed.port, source)),
            patience,
            deadline: patience.deadline(|| network.now()),
            proxy_headers: None,
        }
    }

    /// Goes on as far as it can without blocking.
    pub fn poll(
        &mut self,
        network: &N,
        route: &Route,
        trace: &Trace,
    ) -> Poll<Result<Shared<N::Stream>, Error>> {
        loop {
            let before = self.phase();
            let progress = self.poll_step(route, trace);
            if self.phase() != before {
                self.deadline = self.patience.deadline(|| network.now());
            }
            if let Some(channel) = ready!(progress)? {
                return Poll::Ready(Ok(Exchange::new(channel)));
            }
        }
    }

    /// The headers of the proxy's reply to `CONNECT`, where it opened the tunnel.
    pub fn take_proxy_headers(&mut self) -> Option<Vec<(String, String)>> {
        self.proxy_headers.take()
    }

    /// Takes one step to its end; what was opened, if it was the last.
    fn poll_step(
        &mut self,
        route: &Route,
        trace: &Trace,
    ) -> Poll<Result<Option<Channel<N::Stream>>, Error>> {
        match &mut self.step {
            Step::Dialing(dialing) => {
                let stream = ready!(dialing.poll())?;
                return Poll::Ready(self.reach_proxy(stream, route, trace));
            }
            Step::Handshaking(_, handshake) => ready!(handshake.poll())?,
            Step::Tunnelling(tunnelling) => {
                let head = ready!(tunnelling.poll(route.options.limits))?;
                trace.reply(&head);
                self.proxy_headers = Some(text_pairs(&head.headers));
            }
            Step::Done => {}
        }
        Poll::Ready(match core::mem::replace(&mut self.step, Step::Done) {
            Step::Handshaking(peer, handshake) => {
                let channel = Channel::Tls(Box::new(handshake.finish()?));
                match peer {
                    Peer::Proxy => self.pass_proxy(channel, route, trace),
                    Peer::Server => Ok(Some(channel)),
                }
            }
            Step::Tunnelling(tunnelling) => self.secure(tunnelling.into_stream(), route),
            Step::Dialing(_) | Step::Done => Err(Error::Other("the opening is over".into())),
        })
    }

    /// The dialed host answers: TLS with it, if it is a proxy that wants it.
    fn reach_proxy(
        &mut self,
        stream: N::Stream,
        route: &Route,
        trace: &Trace,
    ) -> Result<Option<Channel<N::Stream>>, Error> {
        let channel = Channel::Plain(stream);
        match route.proxy.as_ref().and_then(|proxy| proxy.tls.as_ref()) {
            None => self.pass_proxy(channel, route, trace),
            Some(config) => {
                let handshake = Handshake::new(config.clone(), &route.dialed().host, channel)?;
                self.step = Step::Handshaking(Peer::Proxy, Box::new(handshake));
                Ok(None)
            }
        }
    }

    /// The way to the dialed host is open: the tunnel from there, if there is one.
    fn pass_proxy(
        &mut self,
        channel: Channel<N::Stream>,
        route: &Route,
        trace: &Trace,
    ) -> Result<Option<Channel<N::Stream>>, Error> {
        match &route.tunnel {
            None => self.secure(channel, route),
            Some(tunnel) => {
                let tunnelling = Tunnelling::new(channel, tunnel);
                trace.send(tunnelling.request());
                self.step = Step::Tunnelling(Box::new(tunnelling));
                Ok(None)
            }
        }
    }

    /// The way to the server is open: TLS with it, if it is `https`.
    fn secure(
        &mut self,
        channel: Channel<N::Stream>,
        route: &Route,
    ) -> Result<Option<Channel<N::Stream>>, Error> {
        match &route.scheme {
            Scheme::Http => Ok(Some(channel)),
            Scheme::Https(config) => {
                let handshake = Handshake::new(config.clone(), &route.origin().host, channel)?;
                self.step = Step::Handshaking(Peer::Server, Box::new(handshake));
                Ok(None)
            }
        }
    }

    /// Blocks until `poll` is worth repeating.
    ///
    /// A proxy that has refused is reported as such even when the rest of its reply stays away.
    pub fn wait(&mut self, network: &N) -> Result<(), Error> {
        let phase = self.phase();
        let deadline = match self.deadline {
            // The exchange as a whole may have come to its end since the step began.
            Deadline::Immediate => self.patience.deadline(|| network.now()),
            deadline => deadline,
        };
        let waited = match &mut self.step {
            Step::Dialing(dialing) => dialing.wait(deadline),
            Step::Tunnelling(tunnelling) => {
                let interest = tunnelling.interest();
                tunnelling.stream().wait(interest, deadline)
            }
            Step::Handshaking(_, handshake) => {
                let interest = handshake.interest();
                handshake.stream().wait(interest, deadline)
            }
            Step::Done => Ok(()),
        };
        match waited {
            Ok(()) => Ok(()),
            Err(Interrupted::WouldBlock) => Err(Error::WouldBlock),
            Err(Interrupted::TimedOut) => match core::mem::replace(&mut self.step, Step::Done) {
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
            Step::Handshaking(_, handshake) => {
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
            Step::Handshaking(..) => Phase::Handshake,
            Step::Done => Phase::Connect,
        }
    }
}

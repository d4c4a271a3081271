//! How a connection gets its stream: dial, secure the way to a proxy, tunnel, handshake.
//!
//! ```text
//! Dialing -> [Handshaking with the proxy ->] [Tunnelling ->] [Handshaking with the server ->] open
//! ```
//! Each step begins with its own deadline.

use alloc::boxed::Box;
use core::task::Poll;

use super::channel::Channel;
use super::error::Error;
use super::options::Scheme;
use super::patience::Patience;
use super::route::Route;
use super::text::{Fields, text_pairs};
use super::trace::Trace;
use super::tunnel::Tunnelling;
use super::waiting::{Lent, On, Waiting};
use crate::transport::tls::Handshake;
use crate::transport::{Deadline, Dialing, Network, Phase};

/// An opening under way.
pub struct Opening<N: Network> {
    step: Step<N>,
    patience: Patience,
    deadline: Deadline,
}

enum Step<N: Network> {
    Dialing(N::Dialing),
    Handshaking(Peer, Box<Handshake<Channel<N::Stream>>>),
    Tunnelling(Box<Tunnelling<Channel<N::Stream>>>),
}

/// Whom TLS is spoken with.
#[derive(Clone, Copy)]
enum Peer {
    Proxy,
    Server,
}

/// How far an opening came.
pub enum Opened<N: Network> {
    /// It has to wait.
    Pending(Opening<N>),
    /// To the end.
    Open(Channel<N::Stream>),
}

/// What a step made of itself.
enum Advance<N: Network> {
    /// It has to wait.
    Stuck(Step<N>),
    /// The next one.
    Next(Step<N>),
    /// It was the last.
    Open(Channel<N::Stream>),
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
        }
    }

    /// Goes on as far as it can. The headers of a reply that opens the tunnel go to `proxy_headers`.
    pub fn advance(
        mut self,
        network: &N,
        route: &Route,
        trace: &Trace,
        proxy_headers: &mut Option<Fields>,
    ) -> Result<Opened<N>, Error> {
        loop {
            let before = self.step.phase();
            let advance = self.step.advance(route, trace, proxy_headers)?;
            let (step, is_stuck) = match advance {
                Advance::Stuck(step) => (step, true),
                Advance::Next(step) => (step, false),
                Advance::Open(channel) => return Ok(Opened::Open(channel)),
            };
            if step.phase() != before {
                self.deadline = self.patience.deadline(|| network.now());
            }
            self.step = step;
            if is_stuck {
                return Ok(Opened::Pending(self));
            }
        }
    }

    /// What it waits for.
    pub fn waiting(&mut self) -> Waiting<'_, N> {
        let until = self.deadline;
        let on = match &mut self.step {
            Step::Dialing(dialing) => On::Dialing(dialing),
            Step::Tunnelling(tunnelling) => {
                let interest = tunnelling.interest();
                On::Stream(Lent::Own(tunnelling.stream().socket()), interest)
            }
            Step::Handshaking(_, handshake) => {
                let interest = handshake.interest();
                On::Stream(Lent::Own(handshake.stream().socket()), interest)
            }
        };
        Waiting { on, until }
    }

    /// What is left of it when its time has passed. A proxy that has refused is reported as such even
    /// when the rest of its reply stays away.
    pub fn time_out(self) -> Error {
        let phase = self.step.phase();
        match self.step {
            Step::Tunnelling(tunnelling) => tunnelling
                .into_refusal()
                .map_or(Error::TimedOut(phase), |it| Error::Tunnel(Box::new(it))),
            Step::Dialing(_) | Step::Handshaking(..) => Error::TimedOut(phase),
        }
    }
}

impl<N: Network> Step<N> {
    fn phase(&self) -> Phase {
        match self {
            Self::Dialing(dialing) => dialing.phase(),
            Self::Tunnelling(_) => Phase::Tunnel,
            Self::Handshaking(..) => Phase::Handshake,
        }
    }

    fn advance(
        self,
        route: &Route,
        trace: &Trace,
        proxy_headers: &mut Option<Fields>,
    ) -> Result<Advance<N>, Error> {
        match self {
            Self::Dialing(mut dialing) => match dialing.poll()? {
                Poll::Pending => Ok(Advance::Stuck(Self::Dialing(dialing))),
                Poll::Ready(stream) => reach_proxy(stream, route, trace),
            },
            Self::Handshaking(peer, mut handshake) => match (handshake.poll()?, peer) {
                (Poll::Pending, _) => Ok(Advance::Stuck(Self::Handshaking(peer, handshake))),
                (Poll::Ready(()), Peer::Proxy) => {
                    pass_proxy(Channel::Tls(Box::new(handshake.finish()?)), route, trace)
                }
                (Poll::Ready(()), Peer::Server) => {
                    let channel = Channel::Tls(Box::new(handshake.finish()?));
                    Ok(Advance::Open(channel))
                }
            },
            Self::Tunnelling(mut tunnelling) => match tunnelling.poll(route.options.limits)? {
                Poll::Pending => Ok(Advance::Stuck(Self::Tunnelling(tunnelling))),
                Poll::Ready(head) => {
                    trace.reply(&head);
                    *proxy_headers = Some(text_pairs(&head.headers));
                    secure(tunnelling.into_stream(), route)
                }
            },
        }
    }
}

/// The dialed host answers: TLS with it, if it is a proxy that wants it.
fn reach_proxy<N: Network>(
    stream: N::Stream,
    route: &Route,
    trace: &Trace,
) -> Result<Advance<N>, Error> {
    let channel = Channel::Plain(stream);
    match route.proxy.as_ref().and_then(|proxy| proxy.tls.as_ref()) {
        None => pass_proxy(channel, route, trace),
        Some(config) => {
            let handshake = Handshake::new(config.clone(), &route.dialed().host, channel)?;
            Ok(Advance::Next(Step::Handshaking(
                Peer::Proxy,
                Box::new(handshake),
            )))
        }
    }
}

/// The way to the dialed host is open: the tunnel from there, if there is one.
fn pass_proxy<N: Network>(
    channel: Channel<N::Stream>,
    route: &Route,
    trace: &Trace,
) -> Result<Advance<N>, Error> {
    match &route.tunnel {
        None => secure(channel, route),
        Some(tunnel) => {
            let tunnelling = Tunnelling::new(channel, tunnel);
            trace.send(tunnelling.request());
            Ok(Advance::Next(Step::Tunnelling(Box::new(tunnelling))))
        }
    }
}

/// The way to the server is open: TLS with it, if it is `https`.
fn secure<N: Network>(channel: Channel<N::Stream>, route: &Route) -> Result<Advance<N>, Error> {
    match &route.scheme {
        Scheme::Http => Ok(Advance::Open(channel)),
        Scheme::Https(config) => {
            let handshake = Handshake::new(config.clone(), &route.origin().host, channel)?;
            Ok(Advance::Next(Step::Handshaking(
                Peer::Server,
                Box::new(handshake),
            )))
        }
    }
}

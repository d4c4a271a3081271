//! `HTTPConnection` and `HTTPSConnection`: the calls, and the states they lead through.
//!
//! Validation comes first and changes nothing; then the state changes; then bytes move
//! (`sending.rs`, `receiving.rs`). What fails after that closes the connection.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::address::{Authority, target_authority};
use super::body::Body;
use super::error::{Error, HttpException, ImproperConnectionState};
use super::linking::{Agreed, Link};
use super::options::{Options, Scheme};
use super::outbound::{Keep, Outbound};
use super::patience::Patience;
use super::proxy::{self, Proxy};
use super::route::Route;
use super::sending::Part;
use super::state::{Expectation, Incoming, Progress, Sent, State};
use super::trace::Trace;
use super::tunnel::Tunnel;
use crate::http1::{Automatic, BodyLength, RequestHead, Transfer, trailer_section};
use crate::transport::Network;
use crate::transport::tls::Session;

/// One server, one request after the other.
pub struct Connection<N: Network> {
    pub(super) network: Rc<N>,
    pub(super) route: Route,
    pub(super) link: Link<N>,
    pub(super) state: State,
    pub(super) trace: Trace,
    /// Of the exchange under way.
    pub(super) patience: Patience,
    /// What each exchange may take.
    total: Option<Duration>,
    /// How long each exchange waits for `100 Continue`.
    continue_timeout: Duration,
    encode_chunked: bool,
    /// For the next request.
    trailers: Vec<u8>,
    pub(super) agreed: Agreed,
}

impl<N: Network> Connection<N> {
    /// `HTTPConnection(host, port, …)` or `HTTPSConnection(host, port, …)`. Does not connect yet.
    ///
    /// # Errors
    /// `InvalidURL`, see [`Authority::parse`].
    pub fn new(
        network: Rc<N>,
        scheme: Scheme,
        host: &str,
        port: Option<u16>,
        options: Options,
        trace: Trace,
    ) -> Result<Self, Error> {
        let server = Authority::parse(host, port, scheme.default_port())?;
        let route = Route {
            server,
            proxy: None,
            tunnel: None,
            scheme,
            options,
        };
        Ok(Self {
            network,
            route,
            link: Link::Closed,
            state: State::Idle,
            trace,
            patience: Patience::default(),
            total: None,
            continue_timeout: Duration::from_secs(1),
            encode_chunked: false,
            trailers: Vec::new(),
            agreed: Agreed::default(),
        })
    }

    /// `request(method, url, body, headers)`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn request(
        &mut self,
        method: &str,
        url: &str,
        mut body: Option<Body<'_>>,
        headers: &[(String, String)],
    ) -> Result<(), Error> {
        if self.is_interrupted() {
            return self.resume(body);
        }
        self.require_idle()?;
        let mut head = self.begin_head(method, url, true, true)?;
        for (name, value) in headers {
            head.push(name, &[value])?;
        }
        let length = match &mut body {
            // The caller announces a body that `send` will bring.
            None if head.has("Content-Length") || head.has("Transfer-Encoding") => {
                BodyLength::Later
            }
            None => BodyLength::None,
            Some(body) => body.framing()?,
        };
        self.start(head, length, body, Part::Whole)
    }

    /// `putrequest(method, selector, skip_host, skip_accept_encoding)`.
    ///
    /// # Errors
    /// `CannotSendRequest`, `InvalidURL`, `Value`.
    pub fn put_request(
        &mut self,
        method: &str,
        selector: &str,
        host: Host,
        accept_encoding: AcceptEncoding,
    ) -> Result<(), Error> {
        self.require_idle()?;
        let head = self.begin_head(
            method,
            selector,
            host == Host::Automatic,
            accept_encoding == AcceptEncoding::Automatic,
        )?;
        self.state = State::RequestStarted(head);
        Ok(())
    }

    /// `putheader(name, *values)`.
    ///
    /// # Errors
    /// `CannotSendHeader`, `Value`.
    pub fn put_header(&mut self, name: &str, values: &[String]) -> Result<(), Error> {
        match &mut self.state {
            State::RequestStarted(head) => Ok(head.push(name, values)?),
            state => Err(ImproperConnectionState::CannotSendHeader(state.name()).into()),
        }
    }

    /// `endheaders(message_body)`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn end_headers(&mut self, mut body: Option<Body<'_>>) -> Result<(), Error> {
        if self.is_interrupted() {
            return self.resume(body);
        }
        let State::RequestStarted(head) = &self.state else {
            return Err(ImproperConnectionState::CannotSendHeader(self.state.name()).into());
        };
        let (length, part) = match &mut body {
            None => (BodyLength::Later, Part::Piece),
            // `send` may bring the rest of what the caller announced.
            Some(_) if head.has("Content-Length") => (BodyLength::Later, Part::Piece),
            Some(body) => (body.framing()?, Part::Whole),
        };
        let head = head.clone();
        self.start(head, length, body, part)
    }

    /// `set_tunnel(host, port, headers)`.
    ///
    /// # Errors
    /// `Value` once connected and for headers that can't be sent; `InvalidURL`.
    pub fn set_tunnel(
        &mut self,
        host: &str,
        port: Option<u16>,
        headers: &[(String, String)],
    ) -> Result<(), Error> {
        self.require_closed("a tunnel")?;
        if host.chars().any(|c| c.is_control() || c == ' ') {
            let text = format!("tunnel host can't contain control characters: {host:?}");
            return Err(Error::Value(text));
        }
        let server = Authority::parse(host, port, self.route.scheme.default_port())?;
        self.route.tunnel = Some(Tunnel::new(server, headers)?);
        Ok(())
    }

    /// Sends what follows through `proxy`: in absolute form for `http`, through a tunnel for `https`.
    ///
    /// # Errors
    /// `Value` once connected, or where a tunnel was set otherwise.
    pub fn set_proxy(&mut self, proxy: Option<Proxy>) -> Result<(), Error> {
        self.require_closed("a proxy")?;
        if self.route.proxy.is_none() && self.route.tunnel.is_some() {
            let text = "can't set up a proxy beside a tunnel";
            return Err(Error::Value(text.into()));
        }
        self.route.tunnel = match (&self.route.scheme, &proxy) {
            (Scheme::Https(_), Some(proxy)) => {
                let name = "Proxy-Authorization".to_owned();
                let authorization = proxy.authorization.clone().map(|value| (name, value));
                let headers: Vec<_> = authorization.into_iter().collect();
                Some(Tunnel::new(self.route.server.clone(), &headers)?)
            }
            _ => None,
        };
        self.route.proxy = proxy;
        Ok(())
    }

    /// The proxy that the environment names for this server.
    pub fn proxy_from_environment(
        &self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Option<String> {
        proxy::from_environment(&self.route.scheme, &self.route.server, variable)
    }

    /// What each exchange to come may take.
    pub fn set_deadline(&mut self, total: Option<Duration>) {
        self.total = total;
    }

    /// How long each exchange to come waits for `100 Continue`.
    pub fn set_continue_timeout(&mut self, timeout: Duration) {
        self.continue_timeout = timeout;
    }

    /// Trailers for the next request.
    ///
    /// # Errors
    /// `Value` for fields that can't be sent or can't be trailers.
    pub fn set_trailers(&mut self, trailers: &[(String, String)]) -> Result<(), Error> {
        self.trailers = trailer_section(trailers)?;
        Ok(())
    }

    /// `get_proxy_response_headers()`: also of a reply that refused the tunnel.
    pub fn proxy_response_headers(&self) -> Option<&[(String, String)]> {
        self.agreed.proxy_headers.as_deref()
    }

    /// `set_debuglevel(level)`.
    pub fn set_debuglevel(&mut self, level: u32) {
        self.trace.set_level(level);
    }

    /// `encode_chunked`, for the requests to come.
    pub fn set_encode_chunked(&mut self, encode_chunked: bool) {
        self.encode_chunked = encode_chunked;
    }

    /// What the handshake with the server agreed on, until the next connection begins to open. A
    /// proxy's is not told.
    pub fn tls_session(&self) -> Option<&Session> {
        self.agreed.session.as_deref()
    }

    fn require_idle(&self) -> Result<(), Error> {
        match self.state {
            State::Idle => Ok(()),
            _ => Err(ImproperConnectionState::CannotSendRequest(self.state.name()).into()),
        }
    }

    fn begin_head(
        &self,
        method: &str,
        target: &str,
        host: bool,
        accept_encoding: bool,
    ) -> Result<RequestHead, Error> {
        let authority = match method {
            "CONNECT" => target.to_owned(),
            _ => target_authority(target).unwrap_or_else(|| self.route.host_header()),
        };
        if authority.is_empty() {
            let text = format!("no host in '{target}'");
            return Err(HttpException::InvalidUrl(text).into());
        }
        let automatic = Automatic {
            host: host.then_some(authority),
            accept_encoding,
        };
        Ok(RequestHead::new(
            method,
            &self.route.target(target),
            automatic,
        )?)
    }

    /// Leaves `Idle` for `RequestSent`, and sends.
    fn start(
        &mut self,
        mut head: RequestHead,
        length: BodyLength,
        mut body: Option<Body<'_>>,
        part: Part,
    ) -> Result<(), Error> {
        self.authorize_at_proxy(&mut head)?;
        let (bytes, transfer) = head.finish(length, self.encode_chunked)?;
        if !self.trailers.is_empty() && transfer != Transfer::Chunked {
            let text = "trailers need a body that is sent in chunks";
            return Err(Error::Value(text.into()));
        }
        let mut sent = Sent {
            method: head.method().to_owned(),
            says_close: head.says_close(),
            transfer,
            body: 0,
            outbound: Outbound::default(),
            trailers: self.trailers.clone(),
            interrupted: None,
            expectation: match head.expects_continue() {
                true => Expectation::Open(self.continue_timeout),
                false => Expectation::None,
            },
            progress: Progress::Going,
            incoming: Incoming::Nothing,
        };
        if let Some(body) = &mut body {
            sent.check_room(body)?;
        }
        self.trailers.clear();
        self.replace_stale_link();
        self.begin_exchange();
        sent.outbound = Outbound::new(self.keep(head.method(), body.as_ref()));
        self.trace.send(&bytes);
        sent.outbound.push(bytes);
        self.state = State::RequestSent(Box::new(sent));
        match body {
            None => self.flush(),
            Some(body) => self.deliver(body, 0, part),
        }
    }

    /// The clock of an exchange starts.
    pub(super) fn begin_exchange(&mut self) {
        let timeout = self.route.options.timeout;
        self.patience = Patience::new(timeout, self.total, || self.network.now());
    }

    /// Who we are to a proxy that sees the requests themselves.
    fn authorize_at_proxy(&self, head: &mut RequestHead) -> Result<(), Error> {
        let authorization = self
            .route
            .forwarding_proxy()
            .and_then(|it| it.authorization.as_ref());
        if let Some(authorization) = authorization
            && !head.has("Proxy-Authorization")
        {
            head.push("Proxy-Authorization", &[authorization])?;
        }
        Ok(())
    }

    /// A request may be sent again where that is safe (RFC 9110 §9.2.2) and its body is at hand; it
    /// may be needed only on a stream that was used before.
    fn keep(&self, method: &str, body: Option<&Body<'_>>) -> Keep {
        let idempotent = matches!(
            method,
            "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE"
        );
        let at_hand = !matches!(body, Some(Body::Source(_)));
        match &self.link {
            Link::Open(exchange) if exchange.borrow().reused && idempotent && at_hand => {
                Keep::Everything
            }
            _ => Keep::Nothing,
        }
    }
}

/// Whether `Host` is written by itself: `skip_host`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Unless the caller's headers have one.
    Automatic,
    /// Not at all.
    Skip,
}

/// Whether `Accept-Encoding: identity` is written by itself: `skip_accept_encoding`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AcceptEncoding {
    /// Unless the caller's headers have one.
    Automatic,
    /// Not at all.
    Skip,
}

impl<N: Network> Connection<N> {
    /// The request under way.
    pub(super) fn sent(&mut self) -> Result<&mut Sent, Error> {
        match &mut self.state {
            State::RequestSent(sent) => Ok(sent),
            state => Err(ImproperConnectionState::CannotSendRequest(state.name()).into()),
        }
    }

    /// Whether an earlier call said `would-block` before its body was queued or sent.
    fn is_interrupted(&self) -> bool {
        matches!(&self.state, State::RequestSent(sent) if sent.interrupted.is_some())
    }
}

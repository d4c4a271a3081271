//! `HTTPConnection` and `HTTPSConnection`: the calls, and the states they lead through.
//!
//! Validation comes first and changes nothing; then the state changes; then bytes move. What fails after
//! that closes the connection. A call that is pending is made again with the same arguments: it goes on
//! where it stopped, with what it keeps here.

mod receiving;
mod sending;
mod starting;

use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::{Poll, ready};
use core::time::Duration;

use super::address::Authority;
use super::body::Body;
use super::error::{Error, HttpException, ImproperConnectionState};
use super::link::Link;
use super::options::{Options, Scheme};
use super::patience::Patience;
use super::proxy::{self, Proxy};
use super::reply::Rules;
use super::response::Response;
use super::route::Route;
use super::shared::Shared;
use super::state::State;
use super::text::{self, Fields, trailer_lines};
use super::trace::Trace;
use super::tunnel::{AskedBy, Tunnel};
use super::upload::{Call, Part};
use super::waiting::{Awaits, Lent, Waiting, Waits};
use crate::http1::StatusLine;
use crate::transport::tls::Session;
use crate::transport::{Deadline, Instant, Interest, Network, Phase, Stream, TlsError};

/// One server, one request after the other.
pub struct Connection<N: Network> {
    network: Rc<N>,
    route: Route,
    link: Link<N>,
    state: State,
    /// Where the last call stopped.
    awaits: Awaits,
    trace: Trace,
    /// Of the exchange under way.
    patience: Patience,
    /// What each exchange may take.
    total: Option<Duration>,
    /// How long each exchange waits for `100 Continue`.
    continue_timeout: Duration,
    encode_chunked: bool,
    /// For the next request.
    trailers: Vec<u8>,
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
            link: Link::new(),
            state: State::Idle,
            awaits: Awaits::Nothing,
            trace,
            patience: Patience::default(),
            total: None,
            continue_timeout: Duration::from_secs(1),
            encode_chunked: false,
            trailers: Vec::new(),
        })
    }

    /// `connect()`.
    ///
    /// # Errors
    /// What opening failed with.
    pub fn poll_connect(&mut self) -> Poll<Result<(), Error>> {
        if self.link.is_closed() {
            if let State::RequestSent(_) = self.state {
                // A fresh stream would not have the request that went over this one.
                return Poll::Ready(Err(self.fail(HttpException::NotConnected.into())));
            }
            self.begin_exchange();
            self.open();
        }
        let connected = self.poll_connected();
        self.settle(connected)
    }

    /// `request(method, url, body, headers)`. The body is taken when it is queued or read to its end.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_request(
        &mut self,
        method: &str,
        url: &str,
        body: &mut Option<Body<'_>>,
        headers: &[(String, String)],
    ) -> Poll<Result<(), Error>> {
        if !self.state.is_called_again() {
            self.begin_request(method, url, body.as_mut(), headers)?;
        }
        let sent = self.poll_call(body);
        self.settle(sent)
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
            State::RequestStarted(head) => text::push(head, name, values),
            state => Err(ImproperConnectionState::CannotSendHeader(state.name()).into()),
        }
    }

    /// `endheaders(message_body)`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn poll_end_headers(&mut self, body: &mut Option<Body<'_>>) -> Poll<Result<(), Error>> {
        if !self.state.is_called_again() {
            self.begin_end_headers(body.as_mut())?;
        }
        let sent = self.poll_call(body);
        self.settle(sent)
    }

    /// `send(data)`.
    ///
    /// # Errors
    /// `CannotSendRequest`; `Value` where the body would grow beyond what was announced; what reading
    /// a source and sending fail with.
    pub fn poll_send(&mut self, data: &mut Option<Body<'_>>) -> Poll<Result<(), Error>> {
        if !self.state.is_called_again() {
            let upload = self.state.sent()?;
            if upload.is_abandoned() {
                return Poll::Ready(Ok(()));
            }
            if let Some(data) = data {
                upload.check_room(data)?;
            }
            upload.call = Some(Call::of(data.as_ref(), Part::Piece));
        }
        let sent = self.poll_call(data);
        self.settle(sent)
    }

    /// Goes on with a request whose response was taken with [`Connection::take_early_response`]: `body` is that
    /// of the call that was pending. Leads to `Idle`.
    ///
    /// # Errors
    /// As of that call.
    pub fn poll_rest(&mut self, body: &mut Option<Body<'_>>) -> Poll<Result<(), Error>> {
        let sent = self.poll_call(body);
        ready!(self.settle(sent))?;
        if self
            .state
            .sent()
            .is_ok_and(|it| it.closes_because().is_some())
        {
            self.link.let_go();
        }
        self.state = State::Idle;
        Poll::Ready(Ok(()))
    }

    /// `getresponse()`.
    ///
    /// # Errors
    /// `ResponseNotReady`; what receiving fails with.
    pub fn poll_response(&mut self) -> Poll<Result<Response<N>, Error>> {
        self.require_response()?;
        // Chunks that came by `send` have their last one only now.
        self.state.sent()?.end();
        let replied = self.poll_replied();
        self.settle(replied)
    }

    /// `close()`.
    pub fn close(&mut self) {
        self.link.close();
        self.state = State::Idle;
        self.awaits = Awaits::Nothing;
    }

    /// Gives an exchange up, as an error does. A response that is still being read keeps the stream: a request
    /// that ends behind it takes nothing back of what came before.
    pub fn abandon(&mut self) {
        self.link.let_go();
        self.state = State::Idle;
        self.awaits = Awaits::Nothing;
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
        self.route.tunnel = Some(Tunnel::new(server, headers, AskedBy::SetTunnel)?);
        Ok(())
    }

    /// Sends what follows through `proxy`: in absolute form for `http`, through a tunnel for `https`.
    ///
    /// # Errors
    /// `Value` once connected, or where a tunnel was set otherwise.
    pub fn set_proxy(&mut self, proxy: Option<Proxy>) -> Result<(), Error> {
        self.require_closed("a proxy")?;
        let tunnel = self.route.tunnel.as_ref();
        if tunnel.is_some_and(|it| it.asked_by == AskedBy::SetTunnel) {
            let text = "can't set up a proxy beside a tunnel";
            return Err(Error::Value(text.into()));
        }
        self.route.tunnel = match (&self.route.scheme, &proxy) {
            (Scheme::Https(_), Some(proxy)) => {
                let name = "Proxy-Authorization".to_owned();
                let authorization = proxy.authorization.clone().map(|value| (name, value));
                let headers: Vec<_> = authorization.into_iter().collect();
                let server = self.route.server.clone();
                Some(Tunnel::new(server, &headers, AskedBy::SetProxy)?)
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
        self.trailers = trailer_lines(trailers)?;
        Ok(())
    }

    /// `get_proxy_response_headers()`: also of a reply that refused the tunnel.
    pub fn proxy_response_headers(&self) -> Option<&Fields> {
        self.link.proxy_headers()
    }

    /// `set_debuglevel(level)`.
    pub fn set_debuglevel(&mut self, level: u32) {
        self.trace.set_level(level);
    }

    /// `encode_chunked`, for the requests to come.
    pub fn set_encode_chunked(&mut self, encode_chunked: bool) {
        self.encode_chunked = encode_chunked;
    }

    /// What the TLS handshake with the server agreed on, until the next connection begins to open. One with
    /// a proxy does not count.
    pub fn tls_session(&self) -> Option<&Session> {
        self.link.session()
    }

    /// Whether another request can go over what is open.
    pub fn is_reusable(&self) -> bool {
        matches!(self.state, State::Idle) && self.link.is_free()
    }

    /// Whether a request goes next, over a stream that the server has not closed as far as is known.
    pub fn relies_on_idle_stream(&mut self) -> bool {
        if matches!(self.state, State::RequestSent(_)) {
            return false;
        }
        self.link.close_if_stale();
        self.link.is_free()
    }

    fn require_idle(&self) -> Result<(), Error> {
        match self.state {
            State::Idle => Ok(()),
            _ => Err(ImproperConnectionState::CannotSendRequest(self.state.name()).into()),
        }
    }

    fn require_response(&self) -> Result<(), Error> {
        match &self.state {
            State::RequestSent(upload) if upload.is_complete() && !self.link.is_lent() => Ok(()),
            state => Err(ImproperConnectionState::ResponseNotReady(state.name()).into()),
        }
    }

    fn require_closed(&self, what: &str) -> Result<(), Error> {
        let when = match (self.link.is_closed(), &self.state) {
            (true, State::Idle) => return Ok(()),
            (true, _) => "within a request",
            (false, _) => "for an established connection",
        };
        Err(Error::Value(format!("can't set up {what} {when}")))
    }

    /// The clock of an exchange starts.
    fn begin_exchange(&mut self) {
        let timeout = self.route.options.timeout;
        self.patience = Patience::new(timeout, self.total, || self.network.now());
    }

    /// Begins to open the connection, if it is closed.
    fn open(&mut self) {
        self.link
            .open(&self.network, &self.route, &self.trace, self.patience);
    }
}

impl<N: Network> Waits<N> for Connection<N> {
    fn waiting(&mut self) -> Waiting<'_, N> {
        let mut until = self.patience.deadline(|| self.network.now());
        if let Some(word) = self.word_until() {
            until = until.min(Deadline::At(word));
        }
        self.link.waiting(self.awaits, until)
    }

    /// What opening has come to may be worth more: a proxy's refusal. And a body goes without the
    /// server's word.
    fn time_out(&mut self) -> Result<(), Error> {
        if self.word_until().is_some_and(|it| it <= self.network.now()) {
            return Ok(());
        }
        let timed_out = Error::TimedOut(self.awaits.phase());
        let error = self.link.time_out().unwrap_or(timed_out);
        Err(self.fail(error))
    }

    fn is_nonblocking(&self) -> bool {
        self.patience.is_nonblocking()
    }

    fn stream(&mut self) -> Option<Lent<'_, N::Stream>> {
        self.link.socket()
    }
}

/// What sending and receiving share.
impl<N: Network> Connection<N> {
    /// The end of each call: what stopped it is forgotten with it, and one that has to wait ends with its
    /// exchange.
    fn settle<T>(&mut self, result: Poll<Result<T, Error>>) -> Poll<Result<T, Error>> {
        if result.is_ready() {
            self.awaits = Awaits::Nothing;
        } else if self.patience.is_over(|| self.network.now()) {
            self.time_out()?;
        }
        result
    }

    /// Leads to `Idle` because of `error`, with the connection closed.
    fn fail(&mut self, error: Error) -> Error {
        self.abandon();
        error
    }

    fn poll_stream(&mut self) -> Poll<Result<Shared<N::Stream>, Error>> {
        self.link.poll(&self.network, &self.route, &self.trace)
    }

    fn poll_connected(&mut self) -> Poll<Result<(), Error>> {
        let flushed = match ready!(self.poll_stream()) {
            // The last flight of the handshake may still be here.
            Ok(shared) => match shared.borrow_mut().channel() {
                Some(channel) => channel.poll_flush().map_err(Error::from),
                None => Poll::Ready(Err(HttpException::NotConnected.into())),
            },
            Err(error) => Poll::Ready(Err(error)),
        };
        if flushed.is_pending() {
            self.awaits = Awaits::Peer(Interest::Writable, Phase::Handshake);
        }
        flushed.map_err(|error| self.fail(error))
    }

    /// Until when the server's word is waited for, if that is what the call does.
    fn word_until(&self) -> Option<Instant> {
        match &self.state {
            State::RequestSent(upload) => upload.word_until(),
            State::Idle | State::RequestStarted(_) => None,
        }
    }

    /// What a response may need, and how it may begin.
    fn rules(&self, shared: &Shared<N::Stream>) -> Rules {
        let status_line = match shared.borrow().reused || self.route.must_have_status_line() {
            true => StatusLine::Required,
            false => StatusLine::Optional,
        };
        Rules {
            limits: self.route.options.limits,
            status_line,
        }
    }

    /// Whether `error` says that the server had closed an idle stream, and the request may go to a
    /// fresh one: nothing of it was answered, and repeating it is safe.
    fn may_repeat(&mut self, error: &Error) -> bool {
        let is_gone = matches!(
            error,
            Error::Socket {
                phase: Phase::Send | Phase::Receive,
                ..
            } | Error::Http(HttpException::RemoteDisconnected)
                | Error::Tls(TlsError::Truncated(_))
        );
        let is_repeatable = self.state.sent().is_ok_and(|it| it.is_repeatable());
        is_gone && self.link.is_reused() && is_repeatable
    }

    /// Sends the request over a fresh stream.
    fn repeat(&mut self) {
        self.link.let_go();
        if let Ok(upload) = self.state.sent() {
            upload.rewind();
        }
        self.open();
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

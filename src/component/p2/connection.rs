//! The `http-connection` resource, and `request`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::task::Poll;
use core::time::Duration;

use super::response::HttpResponse;
use super::{body, tls};
use crate::bindings::wasi::io::poll::Pollable;
use crate::blocking::{Given, block_on, subscribe};
use crate::client::{
    self, AcceptEncoding, Body, Connection, Error, Host, Proxy, Scheme, Trace, Waits,
};
use crate::component::tls::TlsContext;
use crate::component::{convert, options, wit};
use crate::transport::tls::Config;
use crate::wasi::{WasiNetwork, print_to_stderr, variable};

/// `http-connection`.
pub struct HttpConnection(RefCell<Connection<WasiNetwork>>);

impl HttpConnection {
    /// `http` or `https`.
    pub fn new(
        scheme: Scheme,
        host: &str,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
    ) -> Result<Self, wit::Error> {
        let (network, options) = (Rc::new(WasiNetwork), options::connection(given));
        let trace = Trace::new(print_to_stderr);
        let connection = Connection::new(network, scheme, host, port, options, trace);
        Ok(Self(RefCell::new(connection.map_err(convert::error)?)))
    }

    /// `get-response`.
    pub fn response(&self) -> Result<HttpResponse, wit::Error> {
        let response = block_on(&self.0, Given::Nothing, Connection::poll_response);
        response.map(HttpResponse::new)
    }

    /// `set-proxy`.
    pub fn change_proxy(
        &self,
        url: Option<&str>,
        context: Option<&TlsContext>,
    ) -> Result<(), wit::Error> {
        let proxy = match url {
            Some(url) => Some(Proxy::parse(url, || tls::config(context, None, None))?),
            None => None,
        };
        self.0.borrow_mut().set_proxy(proxy).map_err(convert::error)
    }

    /// Makes a call that carries a body, or none.
    fn send(
        &self,
        body: Option<wit::Body<'_>>,
        call: impl Fn(&mut Connection<WasiNetwork>, &mut Option<Body<'_>>) -> Poll<Result<(), Error>>,
    ) -> Result<(), wit::Error> {
        let (mut body, given) = body::from_wit(body);
        block_on(&self.0, given, |connection| call(connection, &mut body))
    }
}

/// `request`: a whole exchange on a connection of its own.
pub fn request(
    method: &str,
    url: &str,
    body: Option<wit::Body<'_>>,
    headers: &[(String, String)],
    given: Option<wit::ConnectionOptions>,
    tls: impl FnOnce() -> Result<Config, Error>,
) -> Result<HttpResponse, wit::Error> {
    let (connection, target) = client::connection_for(
        Rc::new(WasiNetwork),
        url,
        options::connection(given),
        tls,
        Trace::new(print_to_stderr),
    )
    .map_err(convert::error)?;
    let connection = HttpConnection(RefCell::new(connection));
    connection.send(body, |connection, body| {
        connection.poll_request(method, &target, body, headers)
    })?;
    connection.response()
}

impl wit::GuestHttpConnection for HttpConnection {
    fn http(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        Self::new(Scheme::Http, &host, port, given).map(wit::HttpConnection::new)
    }

    fn https(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
        tls: Option<wit::TlsOptions<'_>>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let scheme = Scheme::Https(tls::config_of(tls).map_err(convert::error)?);
        Self::new(scheme, &host, port, given).map(wit::HttpConnection::new)
    }

    fn request(
        &self,
        method: String,
        url: String,
        body: Option<wit::Body<'_>>,
        headers: Vec<(String, String)>,
    ) -> Result<(), wit::Error> {
        self.send(body, |connection, body| {
            connection.poll_request(&method, &url, body, &headers)
        })
    }

    fn get_response(&self) -> Result<wit::HttpResponse, wit::Error> {
        self.response().map(wit::HttpResponse::new)
    }

    fn set_debuglevel(&self, level: u32) {
        self.0.borrow_mut().set_debuglevel(level);
    }

    fn set_tunnel(
        &self,
        host: String,
        port: Option<u16>,
        headers: Vec<(String, String)>,
    ) -> Result<(), wit::Error> {
        let mut connection = self.0.borrow_mut();
        connection
            .set_tunnel(&host, port, &headers)
            .map_err(convert::error)
    }

    fn set_proxy(
        &self,
        url: Option<String>,
        context: Option<wit::TlsContextBorrow<'_>>,
    ) -> Result<(), wit::Error> {
        let context = context.as_ref().map(wit::TlsContextBorrow::get);
        self.change_proxy(url.as_deref(), context)
    }

    fn proxy_from_environment(&self) -> Option<String> {
        self.0.borrow().proxy_from_environment(variable)
    }

    fn set_deadline(&self, total: Option<u64>) {
        let total = total.map(Duration::from_nanos);
        self.0.borrow_mut().set_deadline(total);
    }

    fn set_continue_timeout(&self, timeout: u64) {
        let timeout = Duration::from_nanos(timeout);
        self.0.borrow_mut().set_continue_timeout(timeout);
    }

    fn set_trailers(&self, trailers: Vec<(String, String)>) -> Result<(), wit::Error> {
        let mut connection = self.0.borrow_mut();
        connection.set_trailers(&trailers).map_err(convert::error)
    }

    fn get_proxy_response_headers(&self) -> Option<Vec<(String, String)>> {
        self.0.borrow().proxy_response_headers().cloned()
    }

    fn connect(&self) -> Result<(), wit::Error> {
        block_on(&self.0, Given::Nothing, Connection::poll_connect)
    }

    fn close(&self) {
        self.0.borrow_mut().close();
    }

    fn put_request(
        &self,
        method: String,
        selector: String,
        skip_host: bool,
        skip_accept_encoding: bool,
    ) -> Result<(), wit::Error> {
        let host = if skip_host {
            Host::Skip
        } else {
            Host::Automatic
        };
        let accept_encoding = if skip_accept_encoding {
            AcceptEncoding::Skip
        } else {
            AcceptEncoding::Automatic
        };
        let mut connection = self.0.borrow_mut();
        connection
            .put_request(&method, &selector, host, accept_encoding)
            .map_err(convert::error)
    }

    fn put_header(&self, name: String, values: Vec<String>) -> Result<(), wit::Error> {
        let mut connection = self.0.borrow_mut();
        connection
            .put_header(&name, &values)
            .map_err(convert::error)
    }

    fn end_headers(&self, message_body: Option<wit::Body<'_>>) -> Result<(), wit::Error> {
        self.send(message_body, Connection::poll_end_headers)
    }

    fn send(&self, data: wit::Body<'_>) -> Result<(), wit::Error> {
        self.send(Some(data), Connection::poll_send)
    }

    fn set_encode_chunked(&self, encode_chunked: bool) {
        self.0.borrow_mut().set_encode_chunked(encode_chunked);
    }

    fn tls_session(&self) -> Option<wit::TlsSession> {
        self.0.borrow().tls_session().cloned().map(convert::session)
    }

    fn subscribe(&self) -> Vec<Pollable> {
        subscribe(self.0.borrow_mut().waiting())
    }
}

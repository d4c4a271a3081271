//! The `http-connection` resource, and `request`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::time::Duration;

use super::{body, convert, options, response, tls, wit};
use crate::bindings::wasi::io::poll::Pollable;
use crate::client::{
    AcceptEncoding, Connection, Error, Host, Options, Proxy, Scheme, Timeout, Trace, Url,
};
use crate::wasi::{WasiNetwork, print_to_stderr, variable};

/// `http-connection`.
pub struct HttpConnection(RefCell<Connection<WasiNetwork>>);

impl HttpConnection {
    fn resource(
        scheme: Scheme,
        host: &str,
        port: Option<u16>,
        options: Options,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let connection = connection(scheme, host, port, options)?;
        Ok(wit::HttpConnection::new(Self(RefCell::new(connection))))
    }
}

/// `request`: a whole exchange on a connection of its own.
pub fn request(
    method: &str,
    url: &str,
    body: Option<wit::Body<'_>>,
    headers: &[(String, String)],
    given: Option<wit::ConnectionOptions>,
    tls: Option<wit::TlsOptions<'_>>,
) -> Result<wit::HttpResponse, wit::Error> {
    let url = Url::parse(url).map_err(convert::error)?;
    let options = options::one_call(given);
    if options.timeout == Timeout::NonBlocking {
        let text = "a request in one call can't be called again: it needs a timeout other than 0";
        return Err(convert::error(Error::Value(text.into())));
    }
    let scheme = if url.is_https {
        Scheme::Https(options::tls(tls)?)
    } else {
        Scheme::Http
    };
    let mut connection = connection(scheme, url.authority, None, options)?;
    let body = body.map(body::from_wit);
    let response = connection
        .request(method, &url.target, body, headers)
        .and_then(|()| connection.get_response())
        .map_err(convert::error)?;
    Ok(wit::HttpResponse::new(response::HttpResponse::new(
        response,
    )))
}

fn connection(
    scheme: Scheme,
    host: &str,
    port: Option<u16>,
    options: Options,
) -> Result<Connection<WasiNetwork>, wit::Error> {
    let trace = Trace::new(print_to_stderr);
    Connection::new(Rc::new(WasiNetwork), scheme, host, port, options, trace)
        .map_err(convert::error)
}

impl wit::GuestHttpConnection for HttpConnection {
    fn http(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        Self::resource(Scheme::Http, &host, port, options::connection(given))
    }

    fn https(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
        tls: Option<wit::TlsOptions<'_>>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let scheme = Scheme::Https(options::tls(tls)?);
        Self::resource(scheme, &host, port, options::connection(given))
    }

    fn request(
        &self,
        method: String,
        url: String,
        body: Option<wit::Body<'_>>,
        headers: Vec<(String, String)>,
    ) -> Result<(), wit::Error> {
        let body = body.map(body::from_wit);
        let mut connection = self.0.borrow_mut();
        connection
            .request(&method, &url, body, &headers)
            .map_err(convert::error)
    }

    fn get_response(&self) -> Result<wit::HttpResponse, wit::Error> {
        let response = self.0.borrow_mut().get_response().map_err(convert::error)?;
        Ok(wit::HttpResponse::new(response::HttpResponse::new(
            response,
        )))
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
        let proxy = match url {
            Some(url) => Some(Proxy::parse(&url, || tls::config(context, None, None))?),
            None => None,
        };
        self.0.borrow_mut().set_proxy(proxy).map_err(convert::error)
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
        self.0.borrow().proxy_response_headers().map(<[_]>::to_vec)
    }

    fn connect(&self) -> Result<(), wit::Error> {
        self.0.borrow_mut().connect().map_err(convert::error)
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
        let body = message_body.map(body::from_wit);
        self.0
            .borrow_mut()
            .end_headers(body)
            .map_err(convert::error)
    }

    fn send(&self, data: wit::Body<'_>) -> Result<(), wit::Error> {
        let data = body::from_wit(data);
        self.0.borrow_mut().send(data).map_err(convert::error)
    }

    fn set_encode_chunked(&self, encode_chunked: bool) {
        self.0.borrow_mut().set_encode_chunked(encode_chunked);
    }

    fn tls_session(&self) -> Option<wit::TlsSession> {
        self.0.borrow().tls_session().cloned().map(convert::session)
    }

    fn subscribe(&self) -> Vec<Pollable> {
        vec![self.0.borrow_mut().subscribe()]
    }
}

//! The `http-connection` resource.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use super::{body, convert, response, tls, wit};
use crate::bindings::wasi::io::poll::Pollable;
use crate::client::{AcceptEncoding, Connection, Host, Options, Scheme, Timeout, Trace};
use crate::http1::Limits;
use crate::transport::BLOCK;
use crate::wasi::WasiNetwork;

/// `http-connection`.
pub struct HttpConnection(RefCell<Connection<WasiNetwork>>);

impl HttpConnection {
    fn open(
        scheme: Scheme,
        host: &str,
        port: Option<u16>,
        options: Options,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let trace = Trace::new(print_to_stderr);
        let connection = Connection::new(Rc::new(WasiNetwork), scheme, host, port, options, trace)
            .map_err(convert::error)?;
        Ok(wit::HttpConnection::new(Self(RefCell::new(connection))))
    }
}

impl wit::GuestHttpConnection for HttpConnection {
    fn http(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let options = given.map_or_else(Options::default, |it| Options {
            strict: it.strict.unwrap_or(false),
            timeout: timeout(it.timeout),
            source_address: it.source_address,
            limits: limits(it.max_response_headers),
            blocksize: blocksize(it.blocksize),
        });
        Self::open(Scheme::Http, &host, port, options)
    }

    fn https(
        host: String,
        port: Option<u16>,
        given: Option<wit::HttpsOptions<'_>>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let Some(it) = given else {
            let config = tls::config(None, None, None)?;
            return Self::open(Scheme::Https(config), &host, port, Options::default());
        };
        let config = tls::config(it.context, it.key_file, it.cert_file)?;
        let options = Options {
            strict: it.strict.unwrap_or(false),
            timeout: timeout(it.timeout),
            source_address: it.source_address,
            limits: limits(it.max_response_headers),
            blocksize: blocksize(it.blocksize),
        };
        Self::open(Scheme::Https(config), &host, port, options)
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
        self.0.borrow().tls_session().map(convert::session)
    }

    fn subscribe(&self) -> Pollable {
        self.0.borrow_mut().subscribe()
    }
}

fn timeout(nanoseconds: Option<u64>) -> Timeout {
    nanoseconds.map(Duration::from_nanos).into()
}

fn limits(max_response_headers: Option<u32>) -> Limits {
    let mut limits = Limits::default();
    if let Some(lines) = max_response_headers {
        limits.header_lines = lines as usize;
    }
    limits
}

fn blocksize(given: Option<u32>) -> usize {
    given.map_or(BLOCK, |it| it as usize)
}

#[expect(
    clippy::print_stderr,
    reason = "standard error is where httplib's debug lines go"
)]
fn print_to_stderr(line: &str) {
    eprintln!("{line}");
}

//! The `http-connection` resource, and `request`.

use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::task::Poll;
use core::time::Duration;

use super::body::Given;
use super::response::HttpResponse;
use super::tls::Prepared;
use crate::client::{
    self, AcceptEncoding, Body, Connection, Error, Host, Options, Proxy, Scheme, Timeout, Trace,
    Url,
};
use crate::component::{convert, options, wit};
use crate::tasks::{Calls, Held, in_task};
use crate::wasi::{WasiNetwork, print_to_stderr, variable};

/// `http-connection`.
pub struct HttpConnection(Held<Calls<Connection<WasiNetwork>>>);

impl HttpConnection {
    fn resource(
        scheme: Scheme,
        host: &str,
        port: Option<u16>,
        options: Options,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let trace = Trace::new(print_to_stderr);
        let network = Rc::new(WasiNetwork);
        let connection = Connection::new(network, scheme, host, port, options, trace);
        let connection = connection.map_err(convert::error)?;
        let calls = Held::new(Calls::new(connection));
        Ok(wit::HttpConnection::new(Self(calls)))
    }

    /// Makes a call that carries a body, or none.
    async fn send(
        &self,
        body: Option<wit::Body<'_>>,
        call: impl Fn(&mut Connection<WasiNetwork>, &mut Option<Body<'_>>) -> Poll<Result<(), Error>>,
    ) -> Result<(), wit::Error> {
        send(&self.0, body, call).await
    }

    fn change(
        &self,
        change: impl FnOnce(&mut Connection<WasiNetwork>) -> Result<(), Error>,
    ) -> Result<(), wit::Error> {
        self.0.with(change).map_err(convert::error)
    }
}

async fn send(
    calls: &Calls<Connection<WasiNetwork>>,
    body: Option<wit::Body<'_>>,
    call: impl Fn(&mut Connection<WasiNetwork>, &mut Option<Body<'_>>) -> Poll<Result<(), Error>>,
) -> Result<(), wit::Error> {
    let mut given = Given::from_wit(body).await?;
    let mut body = given.body.take();
    let sent = calls.make_last(given.input.as_ref(), |connection| {
        call(connection, &mut body)
    });
    sent.await.map_err(|error| given.failed(error))
}

async fn get_response(
    calls: &Calls<Connection<WasiNetwork>>,
) -> Result<wit::HttpResponse, wit::Error> {
    let response = calls.make_last(None, Connection::poll_response).await;
    let response = response.map_err(convert::error)?;
    Ok(wit::HttpResponse::new(HttpResponse::new(response)))
}

/// # Errors
/// `value` where nothing could ever be waited for.
fn patient(given: Option<wit::ConnectionOptions>) -> Result<Options, wit::Error> {
    let options = options::connection(given);
    match options.timeout {
        Timeout::NonBlocking => {
            let text = "a timeout of 0 leaves no time for anything";
            Err(wit::Error::Value(text.into()))
        }
        Timeout::Never | Timeout::After(_) => Ok(options),
    }
}

/// `request`: a whole exchange on a connection of its own.
pub async fn request(
    method: &str,
    url: &str,
    body: Option<wit::Body<'_>>,
    headers: &[(String, String)],
    given: Option<wit::ConnectionOptions>,
    tls: Option<wit::TlsOptions<'_>>,
) -> Result<wit::HttpResponse, wit::Error> {
    let options = patient(given)?;
    let is_https = Url::parse(url).map_err(convert::error)?.is_https;
    let prepared = match is_https {
        true => Prepared::new(tls.as_ref()).await,
        false => Prepared::default(),
    };
    let (connection, target) = client::connection_for(
        Rc::new(WasiNetwork),
        url,
        options,
        || prepared.config(tls),
        Trace::new(print_to_stderr),
    )
    .map_err(convert::error)?;
    let calls = Calls::new(connection);
    send(&calls, body, |connection, body| {
        connection.poll_request(method, &target, body, headers)
    })
    .await?;
    get_response(&calls).await
}

impl wit::GuestHttpConnection for HttpConnection {
    fn http(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        Self::resource(Scheme::Http, &host, port, patient(given)?)
    }

    async fn https(
        host: String,
        port: Option<u16>,
        given: Option<wit::ConnectionOptions>,
        tls: Option<wit::TlsOptions<'_>>,
    ) -> Result<wit::HttpConnection, wit::Error> {
        let options = patient(given)?;
        let prepared = Prepared::new(tls.as_ref()).await;
        let config = prepared.config(tls).map_err(convert::error)?;
        Self::resource(Scheme::Https(config), &host, port, options)
    }

    async fn request(
        &self,
        method: String,
        url: String,
        body: Option<wit::Body<'_>>,
        headers: Vec<(String, String)>,
    ) -> Result<(), wit::Error> {
        let sent = self.send(body, |connection, body| {
            connection.poll_request(&method, &url, body, &headers)
        });
        sent.await
    }

    async fn get_response(&self) -> Result<wit::HttpResponse, wit::Error> {
        get_response(&self.0).await
    }

    fn set_debuglevel(&self, level: u32) {
        self.0.with(|connection| connection.set_debuglevel(level));
    }

    fn set_tunnel(
        &self,
        host: String,
        port: Option<u16>,
        headers: Vec<(String, String)>,
    ) -> Result<(), wit::Error> {
        self.change(|connection| connection.set_tunnel(&host, port, &headers))
    }

    async fn set_proxy(
        &self,
        url: Option<String>,
        context: Option<wit::TlsContextBorrow<'_>>,
    ) -> Result<(), wit::Error> {
        let proxy = match url {
            Some(url) => {
                let given = context.map(|context| wit::TlsOptions {
                    context: Some(context),
                    key_file: None,
                    cert_file: None,
                });
                let prepared = Prepared::new(given.as_ref()).await;
                let proxy = Proxy::parse(&url, || prepared.config(given));
                Some(proxy.map_err(convert::error)?)
            }
            None => None,
        };
        self.change(|connection| connection.set_proxy(proxy))
    }

    fn proxy_from_environment(&self) -> Option<String> {
        self.0
            .with(|connection| connection.proxy_from_environment(variable))
    }

    fn set_deadline(&self, total: Option<u64>) {
        let total = total.map(Duration::from_nanos);
        self.0.with(|connection| connection.set_deadline(total));
    }

    fn set_continue_timeout(&self, timeout: u64) {
        let timeout = Duration::from_nanos(timeout);
        self.0
            .with(|connection| connection.set_continue_timeout(timeout));
    }

    fn set_trailers(&self, trailers: Vec<(String, String)>) -> Result<(), wit::Error> {
        self.change(|connection| connection.set_trailers(&trailers))
    }

    fn get_proxy_response_headers(&self) -> Option<Vec<(String, String)>> {
        self.0
            .with(|connection| connection.proxy_response_headers().cloned())
    }

    async fn connect(&self) -> Result<(), wit::Error> {
        let connected = self.0.make_last(None, Connection::poll_connect).await;
        connected.map_err(convert::error)
    }

    fn close(&self) {
        let calls = Rc::clone(&self.0);
        in_task(move || {
            calls.cut_off();
            calls.with(Connection::close);
        });
    }

    fn put_request(
        &self,
        method: String,
        selector: String,
        skip_host: bool,
        skip_accept_encoding: bool,
    ) -> Result<(), wit::Error> {
        let host = match skip_host {
            true => Host::Skip,
            false => Host::Automatic,
        };
        let accept_encoding = match skip_accept_encoding {
            true => AcceptEncoding::Skip,
            false => AcceptEncoding::Automatic,
        };
        self.change(|connection| connection.put_request(&method, &selector, host, accept_encoding))
    }

    fn put_header(&self, name: String, values: Vec<String>) -> Result<(), wit::Error> {
        self.change(|connection| connection.put_header(&name, &values))
    }

    async fn end_headers(&self, message_body: Option<wit::Body<'_>>) -> Result<(), wit::Error> {
        self.send(message_body, Connection::poll_end_headers).await
    }

    async fn send(&self, data: wit::Body<'_>) -> Result<(), wit::Error> {
        self.send(Some(data), Connection::poll_send).await
    }

    fn set_encode_chunked(&self, encode_chunked: bool) {
        self.0
            .with(|connection| connection.set_encode_chunked(encode_chunked));
    }

    fn tls_session(&self) -> Option<wit::TlsSession> {
        let session = self.0.with(|connection| connection.tls_session().cloned());
        session.map(convert::session)
    }
}

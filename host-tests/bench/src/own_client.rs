//! The host's own client, as wasmtime has it: a connection and a configuration for each request. But it trusts
//! an authority of the test's as well, where wasmtime's trusts Mozilla's alone.

use std::future::poll_fn;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use http_body_util::BodyExt;
use hyper::client::conn::http1;
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

/// Sends requests over TLS, trusting this authority.
pub struct OwnClient(CertificateDer<'static>);

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl OwnClient {
    pub fn new(authority: &CertificateDer<'static>) -> Self {
        Self(authority.clone())
    }
}

impl WasiHttpHooks for OwnClient {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Io,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Io), Error>> + Send> {
        Box::new(send(request, config(&self.0)))
    }
}

fn config(authority: &CertificateDer<'static>) -> Arc<ClientConfig> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.into(),
    };
    roots.add(authority.clone()).expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

async fn send(
    mut request: Request<WasiBody>,
    config: Arc<ClientConfig>,
) -> Result<(Response<WasiBody>, Io), Error> {
    let authority = request
        .uri()
        .authority()
        .ok_or(Error::HttpRequestUriInvalid)?;
    let host = authority.host().to_owned();
    let socket = TcpStream::connect(authority.as_str()).await;
    let name = ServerName::try_from(host).map_err(|_| Error::HttpRequestUriInvalid)?;
    let connector = TlsConnector::from(config);
    let stream = connector
        .connect(name, socket.map_err(Error::Connect)?)
        .await;
    let stream = stream.map_err(|error: io::Error| Error::Tls(error))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map_or_else(Uri::default, Uri::from);

    let mut connection = Box::pin(connection);
    let mut sent = pin!(sender.send_request(request));
    let response = poll_fn(|context| {
        if let Poll::Ready(response) = sent.as_mut().poll(context) {
            return Poll::Ready(response);
        }
        match connection.as_mut().poll(context) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) => sent.as_mut().poll(context),
            Poll::Pending => Poll::Pending,
        }
    });
    let response = response.await?;
    let body = response.map(|body| body.map_err(Error::from).boxed_unsync());
    let io = async move { connection.await.map_err(Error::from) };
    Ok((body, Box::new(io)))
}

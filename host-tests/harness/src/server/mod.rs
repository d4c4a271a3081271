//! A real HTTP/1.1 server: hyper, over TCP or over TLS, on loopback.
//!
//! All servers of a process share one runtime. A server ends when it is dropped, its connections too.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use http_body_util::BodyExt;
use http_body_util::combinators::BoxBody;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::Barrier;
use tokio::task::{AbortHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

mod count;
mod pattern;
mod routes;
mod streaming;

pub use pattern::pattern;
pub use routes::{GREETING, answer, echo, routes, text};

/// A request as a [`Site`] gets it: whole.
pub type Request = hyper::Request<Bytes>;

/// A response as a [`Site`] gives it.
pub type Response = hyper::Response<BoxBody<Bytes, Infallible>>;

/// Answers requests; also told how many the connection brought before.
pub type Site = fn(request: Request, earlier: usize) -> Response;

/// A running server.
pub struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl Server {
    /// [`routes`] over TCP.
    #[must_use]
    pub fn http() -> Self {
        Self::start(routes, None)
    }

    /// [`routes`] over TLS.
    #[must_use]
    pub fn https(config: Arc<ServerConfig>) -> Self {
        Self::start(routes, Some(config))
    }

    /// A site over TCP, or over TLS.
    #[must_use]
    pub fn start(site: Site, tls: Option<Arc<ServerConfig>>) -> Self {
        Self::start_gathering(1, site, tls)
    }

    /// A site whose bodies are streams, over TCP, or over TLS.
    #[must_use]
    pub fn streaming(tls: Option<Arc<ServerConfig>>) -> Self {
        Self::offer(1, Service::Streaming, tls)
    }

    /// [`routes`] over TCP, answered only once this many requests have come.
    #[must_use]
    pub fn gathering(requests: usize) -> Self {
        Self::start_gathering(requests, routes, None)
    }

    fn start_gathering(requests: usize, site: Site, tls: Option<Arc<ServerConfig>>) -> Self {
        Self::offer(requests, Service::Whole(site), tls)
    }

    fn offer(requests: usize, service: Service, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = runtime().block_on(TcpListener::bind(("127.0.0.1", 0)));
        let listener = listener.expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound listener has an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let offer = Offer {
            service,
            gate: Arc::new(Barrier::new(requests)),
            tls: tls.map(TlsAcceptor::from),
        };
        let accepting = accept(listener, offer, connections.clone());
        let task = runtime().spawn(accepting).abort_handle();
        Self {
            address,
            connections,
            task,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The port of [`Server::address`].
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many connections it has accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().expect("the system has threads for a runtime"))
}

/// Who answers.
#[derive(Clone, Copy)]
enum Service {
    /// Once the request is whole.
    Whole(Site),
    /// As it comes.
    Streaming,
}

/// What a server does with a connection.
#[derive(Clone)]
struct Offer {
    service: Service,
    /// Where requests wait for each other.
    gate: Arc<Barrier>,
    tls: Option<TlsAcceptor>,
}

/// Accepts for ever. The connections' tasks are aborted together with this one.
async fn accept(listener: TcpListener, offer: Offer, connections: Arc<AtomicUsize>) {
    let mut tasks = JoinSet::new();
    while let Ok((socket, _)) = listener.accept().await {
        connections.fetch_add(1, Ordering::SeqCst);
        tasks.spawn(greet(socket, offer.clone()));
        while tasks.try_join_next().is_some() {}
    }
}

/// Shakes hands where there is TLS. A client that does not like the server simply goes.
async fn greet(socket: TcpStream, offer: Offer) {
    socket
        .set_nodelay(true)
        .expect("a fresh socket takes options");
    match &offer.tls {
        None => serve(socket, &offer).await,
        Some(tls) => {
            if let Ok(socket) = tls.accept(socket).await {
                serve(socket, &offer).await;
            }
        }
    }
}

/// Serves one connection to its end, however the client ends it.
async fn serve(socket: impl AsyncRead + AsyncWrite + Unpin, offer: &Offer) {
    let earlier = AtomicUsize::new(0);
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let earlier = earlier.fetch_add(1, Ordering::SeqCst);
        async move {
            offer.gate.wait().await;
            match offer.service {
                Service::Whole(site) => {
                    let answer = answer(site, request, earlier).await?;
                    Ok(answer.map(|body| body.map_err(|never| match never {}).boxed_unsync()))
                }
                Service::Streaming => {
                    Ok::<_, hyper::Error>(streaming::answer(request, earlier).await)
                }
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new();
    let _ended = connection
        .serve_connection(TokioIo::new(socket), service)
        .await;
}

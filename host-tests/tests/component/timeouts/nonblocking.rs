//! The timeout 0: no call waits, and none that said `would-block` loses anything.

use harness::component::{
    Body, Connection, ConnectionOptions, Error, Guest, Pollables, Result, TlsContext, TlsOptions,
    bytes,
};
use harness::peer::{Peer, Step};
use harness::server::{Request, Server, pattern, text};
use harness::tls::{Authority, ServerTls};
use hyper::StatusCode;
use wasmtime::component::Resource;

use crate::support::{OK, failure};

/// With and without TLS.
#[derive(Clone, Copy)]
enum Scheme {
    Http,
    Https,
}

/// Certificates for a test over either scheme.
struct Site {
    scheme: Scheme,
    guest: Guest,
    authority: Authority,
    context: TlsContext,
}

impl Site {
    fn new(scheme: Scheme) -> Self {
        let (guest, authority) = (Guest::new(), Authority::new());
        let context = guest.context_trusting(&authority.pem());
        let context = context.expect("a certificate");
        Self {
            scheme,
            guest,
            authority,
            context,
        }
    }

    fn config(&self) -> std::sync::Arc<rustls::ServerConfig> {
        ServerTls::new(&self.authority.issue(&["127.0.0.1"])).build()
    }

    fn peer(&self, steps: Vec<Step>) -> Peer {
        match self.scheme {
            Scheme::Http => Peer::script(vec![steps]),
            Scheme::Https => Peer::script_tls(self.config(), vec![steps]),
        }
    }

    fn server(&self, site: harness::server::Site) -> Server {
        match self.scheme {
            Scheme::Http => Server::start(site, None),
            Scheme::Https => Server::start(site, Some(self.config())),
        }
    }

    /// A connection that never waits.
    fn connection(&self, port: u16) -> Connection {
        let connection = match self.scheme {
            Scheme::Http => {
                let options = ConnectionOptions {
                    timeout: Some(0),
                    ..ConnectionOptions::default()
                };
                self.guest.http("127.0.0.1", port, Some(&options))
            }
            Scheme::Https => {
                let options = ConnectionOptions {
                    timeout: Some(0),
                    ..ConnectionOptions::default()
                };
                self.guest.https(
                    "127.0.0.1",
                    port,
                    Some(&options),
                    Some(TlsOptions::with(&self.context)),
                )
            }
        };
        connection.expect("a valid address")
    }
}

/// Repeats the call, as a caller who waits without the component, until it no longer would block.
fn patiently<T>(subscribe: impl Fn() -> Pollables, call: impl Fn() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Error::WouldBlock) => subscribe().block(),
            result => return result,
        }
    }
}

#[track_caller]
fn assert_would_block<T>(result: Result<T>) {
    assert_eq!(failure(result), Error::WouldBlock);
}

/// A test for each scheme.
macro_rules! over_both {
    ($($claim:ident),* $(,)?) => {
        mod http {
            $(#[test] fn $claim() -> super::Result<()> { super::$claim(super::Scheme::Http) })*
        }
        mod https {
            $(#[test] fn $claim() -> super::Result<()> { super::$claim(super::Scheme::Https) })*
        }
    };
}

over_both![
    waits_for_the_response_and_its_body_only_when_asked_to,
    a_read_to_the_end_gathers_what_comes,
    a_read_of_an_amount_gives_what_is_there,
    downloads_a_large_body,
    uploads_large_bytes,
    uploads_a_large_stream,
    a_request_that_would_block_is_refused_another_call,
];

fn waits_for_the_response_and_its_body_only_when_asked_to(scheme: Scheme) -> Result<()> {
    let site = Site::new(scheme);
    let peer = site.peer(vec![
        Step::AwaitHead,
        Step::AwaitSignal,
        Step::send("HTTP/1.1 200 OK\r\nContent-"),
        Step::AwaitSignal,
        Step::send("Length: 2\r\n\r\n"),
        Step::AwaitSignal,
        Step::send("ok"),
        Step::AwaitHead,
        Step::send(OK),
    ]);
    let connection = site.connection(peer.port());
    patiently(|| connection.subscribe(), || connection.connect())?;
    patiently(
        || connection.subscribe(),
        || connection.request("GET", "/", None, &[]),
    )?;
    assert_would_block(connection.get_response());
    assert_would_block(connection.get_response());
    peer.signal();
    connection.subscribe().block();
    assert_would_block(connection.get_response());
    peer.signal();
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_would_block(response.read(None));
    assert_would_block(response.read(Some(1)));
    assert_would_block(response.read1(None));
    assert_would_block(response.peek(1));
    assert_would_block(response.readline(None));
    assert_would_block(response.discard(None));
    assert!(!response.is_closed());
    peer.signal();
    let body = patiently(|| response.subscribe(), || response.read(None))?;
    assert_eq!(body, b"ok");
    let again = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), again)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_eq!(
        patiently(|| response.subscribe(), || response.read(None))?,
        b"ok"
    );
    assert_eq!(peer.connections(), 1);
    site.guest.assert_works();
    Ok(())
}

fn a_read_to_the_end_gathers_what_comes(scheme: Scheme) -> Result<()> {
    let site = Site::new(scheme);
    let peer = site.peer(vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello"),
        Step::AwaitSignal,
        Step::send("\r\n1\r\n \r\n"),
        Step::AwaitSignal,
        Step::send("5\r\nworld\r\n0\r\n\r\n"),
    ]);
    let connection = site.connection(peer.port());
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    for _ in 0..2 {
        assert_would_block(response.read(None));
        assert_would_block(response.readline(None));
        peer.signal();
        response.subscribe().block();
    }
    let body = patiently(|| response.subscribe(), || response.read(None))?;
    assert_eq!(body, b"hello world");
    site.guest.assert_works();
    Ok(())
}

fn a_read_of_an_amount_gives_what_is_there(scheme: Scheme) -> Result<()> {
    let site = Site::new(scheme);
    let peer = site.peer(vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nhello"),
        Step::AwaitSignal,
        Step::send("!!"),
    ]);
    let connection = site.connection(peer.port());
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    let first = patiently(|| response.subscribe(), || response.read(Some(7)))?;
    assert_eq!(first, b"hello");
    assert_would_block(response.read(Some(7)));
    peer.signal();
    let rest = patiently(|| response.subscribe(), || response.read(Some(7)))?;
    assert_eq!(rest, b"!!");
    assert_eq!(response.read(Some(7))?, b"");
    site.guest.assert_works();
    Ok(())
}

const LARGE: usize = 16 << 20;

fn downloads_a_large_body(scheme: Scheme) -> Result<()> {
    let site = Site::new(scheme);
    let server = site.server(harness::server::routes);
    let connection = site.connection(server.port());
    for path in [format!("/bytes/{LARGE}"), format!("/chunked/{LARGE}")] {
        let request = || connection.request("GET", &path, None, &[]);
        patiently(|| connection.subscribe(), request)?;
        let response = patiently(|| connection.subscribe(), || connection.get_response())?;
        let body = patiently(|| response.subscribe(), || response.read(None))?;
        assert!(body == pattern(LARGE), "{path}");
    }
    assert_eq!(server.connections(), 1);
    Ok(())
}

/// Says whether the pattern came.
fn compare(request: Request, _: usize) -> harness::server::Response {
    let same = *request.body() == pattern(LARGE);
    text(StatusCode::OK, if same { "same" } else { "other" })
}

/// Asserts that this body arrives, however often the request would block.
fn assert_uploads(scheme: Scheme, body: impl Fn(&Guest) -> Body) -> Result<()> {
    let site = Site::new(scheme);
    let server = site.server(compare);
    let connection = site.connection(server.port());
    let body = body(&site.guest);
    let request = || connection.request("PUT", "/", Some(again(&body)), &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_eq!(
        patiently(|| response.subscribe(), || response.read(None))?,
        b"same"
    );
    site.guest.assert_works();
    Ok(())
}

/// The same body once more: the same bytes, or the same stream.
fn again(body: &Body) -> Body {
    match body {
        Body::Bytes(bytes) => Body::Bytes(bytes.clone()),
        Body::File(file) => Body::File(Resource::new_borrow(file.rep())),
        Body::Stream(stream) => Body::Stream(Resource::new_borrow(stream.rep())),
    }
}

fn uploads_large_bytes(scheme: Scheme) -> Result<()> {
    assert_uploads(scheme, |_| bytes(pattern(LARGE)).expect("a body"))
}

fn uploads_a_large_stream(scheme: Scheme) -> Result<()> {
    assert_uploads(scheme, |guest| guest.stream(pattern(LARGE)))
}

fn a_request_that_would_block_is_refused_another_call(scheme: Scheme) -> Result<()> {
    let site = Site::new(scheme);
    let peer = site.peer(vec![
        Step::AwaitHead,
        Step::AwaitSignal,
        Step::AwaitBytes(LARGE),
        Step::send(OK),
    ]);
    let connection = site.connection(peer.port());
    patiently(|| connection.subscribe(), || connection.connect())?;
    let put = || connection.request("PUT", "/", bytes(vec![0; LARGE]), &[]);
    assert_would_block(put());
    failure(connection.put_request("GET", "/"));
    failure(connection.put_header("a", &["b"]));
    peer.signal();
    patiently(|| connection.subscribe(), put)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_eq!(
        patiently(|| response.subscribe(), || response.read(None))?,
        b"ok"
    );
    Ok(())
}

#[test]
fn waits_for_the_handshake_only_when_asked_to() -> Result<()> {
    let site = Site::new(Scheme::Https);
    let peer = Peer::script(vec![vec![
        Step::AwaitSignal,
        Step::StartTls(site.config()),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    let connection = site.connection(peer.port());
    assert_would_block(connection.connect());
    peer.wait(|seen| !seen.is_empty());
    assert_would_block(connection.connect());
    assert_would_block(connection.connect());
    peer.signal();
    patiently(|| connection.subscribe(), || connection.connect())?;
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_eq!(
        patiently(|| response.subscribe(), || response.read(None))?,
        b"ok"
    );
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn waits_for_the_proxy_only_when_asked_to() -> Result<()> {
    let site = Site::new(Scheme::Http);
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::AwaitSignal,
        Step::send("HTTP/1.1 200 OK\r\n\r\n"),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    let connection = site.connection(peer.port());
    connection.set_tunnel("example.com", None, &[])?;
    let request = || connection.request("GET", "/", None, &[]);
    assert_would_block(request());
    assert_would_block(request());
    peer.signal();
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    assert_eq!(
        patiently(|| response.subscribe(), || response.read(None))?,
        b"ok"
    );
    Ok(())
}

#[test]
fn waits_for_a_name_only_when_asked_to() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply(OK);
    let options = ConnectionOptions {
        timeout: Some(0),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("localhost", peer.port(), Some(&options))?;
    patiently(|| connection.subscribe(), || connection.connect())?;
    Ok(())
}

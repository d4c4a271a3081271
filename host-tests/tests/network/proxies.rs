//! `set-proxy` and `proxy-from-environment`, with proxies that follow a script or relay; and with real
//! programs in `programs.rs`.

use harness::component::{
    Connection, Error, Guest, HttpException, Result, TlsError, TlsOptions, bytes,
};
use harness::peer::{Peer, Step};
use harness::relay::Relay;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::support::{OK, assert_ok, failure, received};

mod programs;

/// A connection to `http://example.com` through this peer, with these credentials before its host.
fn through(guest: &Guest, proxy: &Peer, credentials: &str) -> Result<Connection> {
    let connection = guest.http("example.com", None, None)?;
    let url = format!("http://{credentials}127.0.0.1:{}", proxy.port());
    connection.set_proxy(Some(&url))?;
    Ok(connection)
}

#[test]
fn http_goes_in_absolute_form() -> Result<()> {
    let (guest, proxy) = (Guest::new(), Peer::replies(&[OK, OK]));
    let connection = through(&guest, &proxy, "")?;
    assert_ok(&connection);
    assert_ok(&connection);
    connection.close();
    let request = "GET http://example.com/ HTTP/1.1\r\n\
        Host: example.com\r\nAccept-Encoding: identity\r\n\r\n";
    assert_eq!(received(&proxy, 0), request.repeat(2));
    Ok(())
}

#[test]
fn http_brings_its_credentials() -> Result<()> {
    let (guest, proxy) = (Guest::new(), Peer::reply(OK));
    let connection = through(&guest, &proxy, "user:p%40ss@")?;
    connection.request("POST", "/form?a=b", bytes("abc"), &[])?;
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    connection.close();
    let received = received(&proxy, 0);
    assert!(
        received.starts_with("POST http://example.com/form?a=b HTTP/1.1\r\nHost: example.com\r\n")
    );
    assert!(received.contains("\r\nProxy-Authorization: Basic dXNlcjpwQHNz\r\n"));
    assert!(received.ends_with("\r\n\r\nabc"));
    Ok(())
}

#[test]
fn the_callers_own_credentials_win() -> Result<()> {
    let (guest, proxy) = (Guest::new(), Peer::reply(OK));
    let connection = through(&guest, &proxy, "user:password@")?;
    connection.request("GET", "/", None, &[("proxy-authorization", "Bearer x")])?;
    connection.get_response()?.read(None)?;
    connection.close();
    let received = received(&proxy, 0).to_lowercase();
    assert_eq!(received.matches("proxy-authorization").count(), 1);
    assert!(received.contains("proxy-authorization: bearer x\r\n"));
    Ok(())
}

#[test]
fn a_407_is_a_response_over_http() -> Result<()> {
    let refusal = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\n\
        Content-Length: 3\r\n\r\nno!";
    let (guest, proxy) = (Guest::new(), Peer::reply(refusal));
    let response = through(&guest, &proxy, "")?.fetch("GET", "/")?;
    assert_eq!(response.status(), 407);
    assert!(response.get_header("proxy-authenticate", None).is_some());
    assert_eq!(response.read(None)?, b"no!");
    Ok(())
}

/// An https server, and a context that trusts it and whatever else `Authority` has signed.
struct Secure {
    authority: Authority,
    server: Server,
}

impl Secure {
    fn new() -> Self {
        let authority = Authority::new();
        let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
        let server = Server::https(config);
        Self { authority, server }
    }

    /// A connection to the server.
    fn connect(&self, guest: &Guest) -> Result<Connection> {
        let context = guest.context_trusting(&self.authority.pem())?;
        let tls = TlsOptions::with(&context);
        guest.https("127.0.0.1", self.server.port(), None, Some(tls))
    }
}

#[test]
fn https_goes_through_a_tunnel_with_credentials() -> Result<()> {
    let (guest, secure, relay) = (Guest::new(), Secure::new(), Relay::start(None));
    let connection = secure.connect(&guest)?;
    let url = format!("http://user:password@127.0.0.1:{}/", relay.port());
    connection.set_proxy(Some(&url))?;
    for _ in 0..2 {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    }
    let target = format!("127.0.0.1:{}", secure.server.port());
    let expected = format!(
        "CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\
         Proxy-Authorization: Basic dXNlcjpwYXNzd29yZA==\r\n\r\n"
    );
    assert_eq!(relay.heads(), [expected]);
    let via = Some(vec![("Via".to_owned(), "relay".to_owned())]);
    assert_eq!(connection.get_proxy_response_headers(), via);
    // What is for the proxy is not for the server.
    let echo = connection.fetch("GET", "/echo")?.read(None)?;
    assert!(!String::from_utf8_lossy(&echo).contains("proxy-"));
    Ok(())
}

#[test]
fn a_407_to_a_tunnel_is_readable() -> Result<()> {
    let refusal = "HTTP/1.1 407 No\r\nContent-Length: 3\r\n\r\nno!";
    let (guest, secure, proxy) = (Guest::new(), Secure::new(), Peer::reply(refusal));
    let connection = secure.connect(&guest)?;
    connection.set_proxy(Some(&format!("http://127.0.0.1:{}", proxy.port())))?;
    let Error::Tunnel(refusal) = failure(connection.fetch("GET", "/")) else {
        panic!("the proxy refused");
    };
    assert_eq!(
        (refusal.status, refusal.body.as_slice()),
        (407, &b"no!"[..])
    );
    Ok(())
}

#[test]
fn a_proxy_over_tls_leads_to_a_server_over_tls() -> Result<()> {
    let (guest, secure, other) = (Guest::new(), Secure::new(), Authority::new());
    let config = ServerTls::new(&other.issue(&["127.0.0.1"])).build();
    let relay = Relay::start(Some(config));
    let connection = secure.connect(&guest)?;
    let context = guest.context_trusting(&other.pem())?;
    let url = format!("https://user:password@127.0.0.1:{}", relay.port());
    connection.set_proxy_with(Some(&url), Some(&context))?;
    let body = harness::server::pattern(1 << 20);
    connection.request("PUT", "/count", bytes(&body), &[])?;
    let counted = connection.get_response()?.read(None)?;
    assert_eq!(counted, b"1048576 bytes of the pattern");
    let response = connection.fetch("GET", "/chunked/1048576")?;
    assert!(response.read(None)? == body);
    let session = connection.tls_session().expect("it is open");
    assert_eq!(session.peer_certificates.len(), 1);
    assert_eq!(relay.heads().len(), 1);
    Ok(())
}

#[test]
fn a_proxy_over_tls_serves_http() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let proxy = Peer::script_tls(config, vec![Step::answers(&[OK])]);
    let connection = guest.http("example.com", None, None)?;
    let context = guest.context_trusting(&authority.pem())?;
    let url = format!("https://127.0.0.1:{}", proxy.port());
    connection.set_proxy_with(Some(&url), Some(&context))?;
    assert_ok(&connection);
    assert!(connection.tls_session().is_none(), "TLS ends at the proxy");
    connection.close();
    assert!(received(&proxy, 0).starts_with("GET http://example.com/ HTTP/1.1\r\n"));
    Ok(())
}

#[test]
fn a_proxy_over_tls_is_verified_as_by_default() -> Result<()> {
    let (guest, secure) = (Guest::new(), Secure::new());
    let config = ServerTls::new(&secure.authority.issue(&["127.0.0.1"])).build();
    let relay = Relay::start(Some(config));
    let connection = secure.connect(&guest)?;
    connection.set_proxy(Some(&format!("https://127.0.0.1:{}", relay.port())))?;
    let error = failure(connection.fetch("GET", "/"));
    assert!(
        matches!(error, Error::Tls(TlsError::UnknownIssuer(_))),
        "{error:?}"
    );
    assert_eq!(relay.heads().len(), 0);
    Ok(())
}

#[test]
fn the_tunnel_of_set_tunnel_is_not_one_of_a_proxy() -> Result<()> {
    let guest = Guest::new();
    let connection = guest.http("example.com", None, None)?;
    connection.set_tunnel("example.org", None, &[])?;
    let error = failure(connection.set_proxy(Some("http://127.0.0.1")));
    assert!(matches!(error, Error::Value(_)), "{error:?}");
    Ok(())
}

#[test]
fn none_goes_back_to_a_direct_connection() -> Result<()> {
    let (guest, secure) = (Guest::new(), Secure::new());
    let connection = secure.connect(&guest)?;
    connection.set_proxy(Some("http://127.0.0.1:1"))?;
    connection.set_proxy(None)?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    let error = failure(connection.set_proxy(None));
    assert!(matches!(error, Error::Value(_)), "{error:?}");
    Ok(())
}

#[test]
fn rejects_what_is_no_url_of_a_proxy() -> Result<()> {
    let guest = Guest::new();
    let connection = guest.http("example.com", None, None)?;
    for url in [
        "",
        "socks5://127.0.0.1",
        "http://",
        "http://user@",
        "http://127.0.0.1:0",
        "http://127.0.0.1/path",
        "http://a b",
    ] {
        let error = failure(connection.set_proxy(Some(url)));
        let invalid = matches!(error, Error::Http(HttpException::InvalidUrl(_)));
        assert!(invalid, "{url}: {error:?}");
    }
    Ok(())
}

/// The proxy that this environment names for this URL's server.
fn named(environment: &[(&str, &str)], scheme: &str, host: &str) -> Result<Option<String>> {
    let mut builder = Guest::builder();
    for (name, value) in environment {
        builder = builder.env(name, value);
    }
    let guest = builder.build();
    let connection = match scheme {
        "http" => guest.http(host, None, None),
        _ => guest.https(host, None, None, None),
    };
    Ok(connection?.proxy_from_environment())
}

#[test]
fn the_environment_names_a_proxy_for_each_scheme() -> Result<()> {
    let environment = [("http_proxy", "http://a"), ("HTTPS_PROXY", "http://b")];
    assert_eq!(
        named(&environment, "http", "h")?.as_deref(),
        Some("http://a")
    );
    assert_eq!(
        named(&environment, "https", "h")?.as_deref(),
        Some("http://b")
    );
    assert_eq!(named(&[], "http", "h")?, None);
    let all = [("ALL_PROXY", "http://c")];
    assert_eq!(named(&all, "https", "h")?.as_deref(), Some("http://c"));
    Ok(())
}

#[test]
fn the_environment_excepts_servers() -> Result<()> {
    for (exceptions, host, proxied) in [
        ("*", "example.com", false),
        (".example.com,10.0.0.0/8", "www.example.com", false),
        (".example.com,10.0.0.0/8", "10.9.8.7", false),
        (".example.com,10.0.0.0/8", "example.org", true),
        ("example.com:81", "example.com", true),
        ("example.com:80", "example.com", false),
        ("::1", "[::1]", false),
    ] {
        let environment = [("http_proxy", "http://a"), ("NO_PROXY", exceptions)];
        let proxy = named(&environment, "http", host)?;
        assert_eq!(proxy.is_some(), proxied, "{exceptions} {host}");
    }
    Ok(())
}

#[test]
fn a_request_header_of_a_cgi_program_is_no_proxy() -> Result<()> {
    let environment = [("HTTP_PROXY", "http://evil"), ("REQUEST_METHOD", "GET")];
    assert_eq!(named(&environment, "http", "h")?, None);
    Ok(())
}

#[test]
fn what_the_environment_names_can_be_set() -> Result<()> {
    let proxy = Peer::reply(OK);
    let url = format!("127.0.0.1:{}", proxy.port());
    let guest = Guest::builder().env("http_proxy", &url).build();
    let connection = guest.http("example.com", None, None)?;
    connection.set_proxy(connection.proxy_from_environment().as_deref())?;
    assert_ok(&connection);
    connection.close();
    assert!(received(&proxy, 0).starts_with("GET http://example.com/ "));
    Ok(())
}

#[test]
fn nothing_reads_the_environment_unasked() -> Result<()> {
    let server = Server::http();
    let guest = Guest::builder()
        .env("http_proxy", "http://127.0.0.1:1")
        .build();
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    Ok(())
}

#[test]
fn a_proxy_that_closes_is_asked_again() -> Result<()> {
    let first = vec![
        Step::AwaitHead,
        Step::send(OK),
        Step::AwaitHead,
        Step::Close,
    ];
    let (guest, proxy) = (
        Guest::new(),
        Peer::script(vec![first, Step::answers(&[OK])]),
    );
    let connection = through(&guest, &proxy, "")?;
    assert_ok(&connection);
    assert_ok(&connection);
    assert_eq!(proxy.connections(), 2);
    Ok(())
}

//! Real proxies: squid, tinyproxy, and haproxy, which puts TLS in front of another.

use harness::component::{Connection, Error, Guest, Result, TlsContext};
use harness::proxies::{Proxy, USER, haproxy, squid, tinyproxy};
use harness::server::{GREETING, Server};
use harness::tls::Authority;

use super::Secure;
use crate::support::failure;

/// Asserts that http and https lead through this proxy, several requests each.
fn assert_leads(url: &str, context: &impl Fn(&Guest) -> Option<TlsContext>) -> Result<()> {
    let (guest, server, secure) = (Guest::new(), Server::http(), Secure::new());
    let context = context(&guest);
    let plain = guest.http("127.0.0.1", server.port(), None)?;
    let secured = secure.connect(&guest)?;
    for connection in [plain, secured] {
        connection.set_proxy_with(Some(url), context.as_ref())?;
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
        assert_streams(&guest, &connection)?;
        assert_eq!(connection.fetch("GET", "/status/404")?.status(), 404);
    }
    assert_eq!(secure.server.connections(), 1);
    Ok(())
}

/// Large bodies in both directions.
fn assert_streams(guest: &Guest, connection: &Connection) -> Result<()> {
    const LARGE: usize = 2 << 20;
    let body = harness::server::pattern(LARGE);
    let received = connection.fetch("GET", &format!("/chunked/{LARGE}"))?;
    assert!(received.read(None)? == body);
    let sent = Some(guest.stream(body));
    connection.request("PUT", "/count", sent, &[])?;
    let counted = connection.get_response()?.read(None)?;
    assert_eq!(counted, format!("{LARGE} bytes of the pattern").as_bytes());
    Ok(())
}

/// Asserts that this proxy refuses who brings no credentials, and how that looks.
fn assert_refuses(proxy: &Proxy) -> Result<()> {
    let (guest, server, secure) = (Guest::new(), Server::http(), Secure::new());
    let url = proxy.url("http");
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_proxy(Some(&url))?;
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.status(), 407);
    assert!(response.get_header("Proxy-Authenticate", None).is_some());
    assert!(!response.read(None)?.is_empty());

    let connection = secure.connect(&guest)?;
    connection.set_proxy(Some(&url))?;
    let Error::Tunnel(refusal) = failure(connection.fetch("GET", "/")) else {
        panic!("the proxy refuses");
    };
    assert_eq!(refusal.status, 407);
    assert!(!refusal.body.is_empty());
    Ok(())
}

fn default(_: &Guest) -> Option<TlsContext> {
    None
}

#[test]
fn squid_leads_to_the_server() -> Result<()> {
    assert_leads(&squid().url_with("http", USER), &default)
}

#[test]
fn squid_refuses_strangers() -> Result<()> {
    assert_refuses(&squid())
}

#[test]
fn tinyproxy_leads_to_the_server() -> Result<()> {
    assert_leads(&tinyproxy().url_with("http", USER), &default)
}

#[test]
fn tinyproxy_refuses_strangers() -> Result<()> {
    assert_refuses(&tinyproxy())
}

#[test]
fn haproxy_before_squid_leads_to_the_server_over_tls() -> Result<()> {
    let (authority, squid) = (Authority::new(), squid());
    let front = haproxy(&authority, "tcp", squid.address());
    let trusting = |guest: &Guest| {
        let context = guest.context_trusting(&authority.pem());
        Some(context.expect("a certificate"))
    };
    assert_leads(&front.url_with("https", USER), &trusting)
}

#[test]
fn haproxy_before_tinyproxy_leads_to_the_server_over_tls() -> Result<()> {
    let (authority, tinyproxy) = (Authority::new(), tinyproxy());
    let front = haproxy(&authority, "tcp", tinyproxy.address());
    let trusting = |guest: &Guest| {
        let context = guest.context_trusting(&authority.pem());
        Some(context.expect("a certificate"))
    };
    assert_leads(&front.url_with("https", USER), &trusting)
}

#[test]
fn a_reverse_proxy_serves_as_any_server() -> Result<()> {
    let (authority, server) = (Authority::new(), Server::http());
    let front = haproxy(&authority, "http", server.address());
    let guest = Guest::new();
    let context = guest.context_trusting(&authority.pem())?;
    let tls = harness::component::TlsOptions::with(&context);
    let connection = guest.https(&front.address().to_string(), None, None, Some(tls))?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    assert_streams(&guest, &connection)?;
    Ok(())
}

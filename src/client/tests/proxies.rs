//! Tunnels, and what is told of the proxy.

use alloc::string::ToString;

use crate::client::testing::{Client, NO_CONTENT, fields, seconds};
use crate::client::{Error, Proxy};
use crate::transport::Phase;

/// Behind a proxy that is to open a tunnel.
fn tunnel() -> Client {
    let mut client = Client::with_timeout(seconds(5));
    client
        .connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    client
}

#[test]
fn a_tunnel_leads_to_the_server_of_the_requests() {
    let mut client = tunnel();
    let proxy = client.network.connect();
    proxy.say("HTTP/1.1 200 OK\r\n\r\n");
    client.get().expect("it is sent");
    assert_eq!(client.network.dialed(), [("server.example".into(), 80)]);
    let heard = proxy.heard();
    assert!(heard.starts_with("CONNECT origin.example:80 HTTP/1.1\r\n"));
    assert!(heard.contains("\r\n\r\nGET / HTTP/1.1\r\nHost: origin.example\r\n"));
}

#[test]
fn the_headers_of_a_proxy_are_told_until_the_next_connection_begins_to_open() {
    let mut client = tunnel();
    let (proxy, next) = (client.network.connect(), client.network.connect());
    proxy.say("HTTP/1.1 200 OK\r\nVia: proxy\r\n\r\n");
    client.get().expect("it is sent");
    proxy.say("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
    client.response().expect("a response");
    let via = fields(&[("Via", "proxy")]);
    assert_eq!(client.connection.proxy_response_headers(), Some(&via));
    client.connection.close();
    assert_eq!(client.connection.proxy_response_headers(), Some(&via));
    assert!(client.connection.poll_connect().is_pending());
    assert_eq!(client.connection.proxy_response_headers(), None);
    next.say("HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(client.connect(), Ok(()));
    assert_eq!(
        client.connection.proxy_response_headers(),
        Some(&fields(&[]))
    );
}

#[test]
fn the_headers_of_a_proxy_that_refuses_are_told() {
    let mut client = tunnel();
    let proxy = client.network.connect();
    proxy.say("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n");
    proxy.end();
    let error = client.get();
    assert!(matches!(error, Err(Error::Tunnel(_))), "{error:?}");
    let authenticate = fields(&[("Proxy-Authenticate", "Basic")]);
    assert_eq!(
        client.connection.proxy_response_headers(),
        Some(&authenticate)
    );
}

#[test]
fn a_refusal_is_told_when_the_rest_of_its_body_stays_away() {
    let mut client = tunnel();
    let proxy = client.network.connect();
    proxy.say("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100\r\n\r\nno route");
    let Err(Error::Tunnel(refusal)) = client.get() else {
        panic!("the proxy has refused");
    };
    assert_eq!(
        (refusal.status, refusal.body.as_slice()),
        (502, &b"no route"[..])
    );
    assert_eq!(client.network.elapsed(), seconds(5));
    let told = client.connection.proxy_response_headers();
    assert_eq!(told, Some(&fields(&[("Content-Length", "100")])));
}

#[test]
fn a_proxy_that_says_nothing_is_given_up() {
    let mut client = tunnel();
    let _proxy = client.network.connect();
    assert_eq!(client.get(), Err(Error::TimedOut(Phase::Tunnel)));
    assert_eq!(client.network.elapsed(), seconds(5));
}

#[test]
fn empty_lines_before_the_proxys_reply_are_skipped() {
    let mut client = tunnel();
    let proxy = client.network.connect();
    proxy.say("\r\n\nHTTP/1.1 200 OK\r\n\r\n");
    client.get().expect("it is sent");
    proxy.say("\r\n");
    proxy.say(NO_CONTENT);
    assert_eq!(client.response().expect("a response").head().status, 204);
}

#[test]
fn a_proxy_for_http_gets_the_absolute_form() {
    let mut client = Client::new();
    let proxy = Proxy::parse("http://user:pass@proxy.example:3128", || {
        Err::<_, Error>(Error::Other("no TLS here".to_string()))
    });
    client
        .connection
        .set_proxy(Some(proxy.expect("a valid URL")))
        .expect("not connected");
    let proxy = client.network.connect();
    client.get().expect("it is sent");
    assert_eq!(client.network.dialed(), [("proxy.example".into(), 3128)]);
    let heard = proxy.heard();
    assert!(heard.starts_with("GET http://server.example/ HTTP/1.1\r\n"));
    assert!(heard.contains("\r\nProxy-Authorization: Basic dXNlcjpwYXNz\r\n"));
}

#[test]
fn a_tunnel_that_was_set_behind_a_proxy_is_not_taken_away_with_it() {
    let mut client = Client::with_timeout(seconds(5));
    let no_tls = || Err::<_, Error>(Error::Other("no TLS here".to_string()));
    let proxy = Proxy::parse("http://proxy.example:3128", no_tls).expect("a valid URL");
    let connection = &mut client.connection;
    connection.set_proxy(Some(proxy)).expect("not connected");
    connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    assert!(matches!(connection.set_proxy(None), Err(Error::Value(_))));
}

#[test]
fn headers_of_a_tunnel_announce_no_body() {
    let mut client = Client::new();
    for header in [("transfer-encoding", "chunked"), ("Content-Length", "3")] {
        let set = client
            .connection
            .set_tunnel("origin.example", None, &fields(&[header]));
        assert!(matches!(set, Err(Error::Value(_))), "{header:?}");
    }
}

//! `TunnelTests`: requests through a proxy's tunnel.
//!
//! The `CONNECT` is main's (HTTP/1.1, with `Host`), not 2.7's (HTTP/1.0, without).

use harness::component::{Connection, Error, Guest, Result, TunnelRefusal};
use harness::peer::{Ending, Peer, Step};

use crate::support::{connect, is_value, latin1, limited, tunnelled};

const DESTINATION: &str = "destination.example";
const ESTABLISHED: &str = "HTTP/1.1 200 OK\r\n\r\n";

/// A `HEAD /` through a tunnel to this host: the heads of `CONNECT` and of the request.
fn heads(host: &str, port: Option<u16>, headers: &[(&str, &str)]) -> Result<(String, String)> {
    let (connect, request) = tunnelled(|it| {
        it.set_tunnel(host, port, headers)?;
        it.request("HEAD", "/", None, &[])
    })?;
    Ok((connect.raw, request.raw))
}

#[test]
fn test_set_tunnel_host_port_headers_add_host_missing() -> Result<()> {
    let agent = ("User-Agent", "Mozilla/5.0 (compatible, MSIE 11)");
    let (connect, _) = heads(DESTINATION, Some(8888), &[agent])?;
    assert_eq!(
        connect,
        "CONNECT destination.example:8888 HTTP/1.1\r\nHost: destination.example:8888\r\n\
         User-Agent: Mozilla/5.0 (compatible, MSIE 11)\r\n"
    );
    Ok(())
}

#[test]
fn test_set_tunnel_host_port_headers_set_host_identical() -> Result<()> {
    let headers = [("User-Agent", "x"), ("Host", "destination.example:8888")];
    let (connect, _) = heads(DESTINATION, Some(8888), &headers)?;
    assert_eq!(
        connect,
        "CONNECT destination.example:8888 HTTP/1.1\r\n\
         User-Agent: x\r\nHost: destination.example:8888\r\n"
    );
    Ok(())
}

#[test]
fn test_set_tunnel_host_port_headers_set_host_different() -> Result<()> {
    let headers = [("User-Agent", "x"), ("Host", "example.com:4200")];
    let (connect, _) = heads(DESTINATION, Some(8888), &headers)?;
    assert_eq!(
        connect,
        "CONNECT destination.example:8888 HTTP/1.1\r\nUser-Agent: x\r\nHost: example.com:4200\r\n"
    );
    Ok(())
}

#[test]
fn test_disallow_set_tunnel_after_connect() -> Result<()> {
    let peer = Peer::script(vec![vec![Step::AwaitEnd]]);
    let connection = connect(&Guest::new(), &peer)?;
    connection.connect()?;
    assert!(is_value(&connection.set_tunnel(DESTINATION, None, &[])));
    connection.close();
    Ok(())
}

#[test]
fn test_connect_with_tunnel() -> Result<()> {
    let (connect, request) = heads(DESTINATION, None, &[])?;
    assert_eq!(
        connect,
        "CONNECT destination.example:80 HTTP/1.1\r\nHost: destination.example:80\r\n"
    );
    assert!(
        request.starts_with("HEAD / HTTP/1.1\r\nHost: destination.example\r\n"),
        "{request:?}"
    );
    Ok(())
}

#[test]
fn test_connect_with_tunnel_with_default_port() -> Result<()> {
    let (connect, request) = heads(DESTINATION, Some(80), &[])?;
    assert_eq!(
        connect,
        "CONNECT destination.example:80 HTTP/1.1\r\nHost: destination.example:80\r\n"
    );
    assert!(
        request.starts_with("HEAD / HTTP/1.1\r\nHost: destination.example\r\n"),
        "{request:?}"
    );
    Ok(())
}

#[test]
fn test_connect_with_tunnel_with_nonstandard_port() -> Result<()> {
    let (connect, request) = heads(DESTINATION, Some(8888), &[])?;
    assert_eq!(
        connect,
        "CONNECT destination.example:8888 HTTP/1.1\r\nHost: destination.example:8888\r\n"
    );
    let expected = "HEAD / HTTP/1.1\r\nHost: destination.example:8888\r\n";
    assert!(request.starts_with(expected), "{request:?}");
    Ok(())
}

#[test]
fn test_connect_with_tunnel_with_different_host_header() -> Result<()> {
    let (connect, request) = heads(DESTINATION, None, &[("HOST", "example.com:9876")])?;
    assert_eq!(
        connect,
        "CONNECT destination.example:80 HTTP/1.1\r\nHOST: example.com:9876\r\n"
    );
    assert!(
        request.starts_with("HEAD / HTTP/1.1\r\nHost: destination.example\r\n"),
        "{request:?}"
    );
    Ok(())
}

/// The proxy's own name is in neither head.
#[test]
fn test_connect_with_tunnel_different_host() -> Result<()> {
    let (connect, request) = heads(DESTINATION, None, &[])?;
    assert!(!connect.contains("127.0.0.1"), "{connect:?}");
    assert!(!request.contains("127.0.0.1"), "{request:?}");
    Ok(())
}

#[test]
fn test_connect_with_tunnel_idna() -> Result<()> {
    let (connect, request) = heads("δπθ.gr", None, &[])?;
    assert_eq!(
        connect,
        "CONNECT xn--pxaix.gr:80 HTTP/1.1\r\nHost: xn--pxaix.gr:80\r\n"
    );
    assert!(
        request.starts_with("HEAD / HTTP/1.1\r\nHost: xn--pxaix.gr\r\n"),
        "{request:?}"
    );
    Ok(())
}

/// Sends are seen where the component announces them: on standard error.
#[test]
fn test_tunnel_connect_single_send_connection_setup() -> Result<()> {
    let guest = Guest::new();
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(ESTABLISHED),
        Step::AwaitEnd,
    ]]);
    let connection = connect(&guest, &proxy)?;
    connection.set_debuglevel(1);
    connection.set_tunnel(DESTINATION, None, &[])?;
    connection.connect()?;
    let printed = guest.stderr();
    let sends: Vec<_> = printed
        .lines()
        .filter(|line| line.starts_with("send:"))
        .collect();
    assert_eq!(sends.len(), 1, "{printed}");
    assert!(
        sends[0].starts_with("send: 'CONNECT destination.example:80 "),
        "{printed}"
    );
    assert!(sends[0].ends_with(r"\r\n\r\n'"), "{printed}");
    connection.close();
    Ok(())
}

fn put(host: &str, port: Option<u16>) -> Result<(String, String)> {
    let (connect, request) = tunnelled(|it| {
        it.set_tunnel(host, port, &[])?;
        it.request("PUT", "/", None, &[])
    })?;
    Ok((connect.raw, request.raw))
}

#[test]
fn test_connect_put_request() -> Result<()> {
    let (connect, request) = put(DESTINATION, None)?;
    assert_eq!(
        connect,
        "CONNECT destination.example:80 HTTP/1.1\r\nHost: destination.example:80\r\n"
    );
    assert!(
        request.starts_with("PUT / HTTP/1.1\r\nHost: destination.example\r\n"),
        "{request:?}"
    );
    Ok(())
}

/// With brackets in both heads; CPython leaves them out in the first.
fn assert_ipv6(host: &str, port: Option<u16>) -> Result<()> {
    let (connect, request) = put(host, port)?;
    assert_eq!(
        connect,
        "CONNECT [1:2:3::4]:1234 HTTP/1.1\r\nHost: [1:2:3::4]:1234\r\n"
    );
    assert!(
        request.starts_with("PUT / HTTP/1.1\r\nHost: [1:2:3::4]:1234\r\n"),
        "{request:?}"
    );
    Ok(())
}

#[test]
fn test_connect_put_request_ipv6() -> Result<()> {
    assert_ipv6("[1:2:3::4]", Some(1234))
}

#[test]
fn test_connect_put_request_ipv6_port() -> Result<()> {
    assert_ipv6("[1:2:3::4]:1234", None)
}

/// A tunnel through a proxy that answers like this.
fn through(guest: &Guest, reply: &str) -> Result<(Peer, Connection)> {
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(reply),
        Step::AwaitEnd,
    ]]);
    let connection = connect(guest, &proxy)?;
    connection.set_debuglevel(1);
    connection.set_tunnel(DESTINATION, None, &[])?;
    connection.request("PUT", "/", None, &[])?;
    Ok((proxy, connection))
}

/// CPython prints to standard output; the component to standard error.
#[test]
fn test_tunnel_debuglog() -> Result<()> {
    let guest = Guest::new();
    let (_proxy, connection) = through(&guest, "HTTP/1.0 200 OK\r\nX-Dummy: 1\r\n\r\n")?;
    let printed = guest.stderr();
    assert!(
        printed.lines().any(|line| line == "header: X-Dummy: 1"),
        "{printed}"
    );
    connection.close();
    Ok(())
}

#[test]
fn test_proxy_response_headers() -> Result<()> {
    let guest = Guest::new();
    let (_proxy, connection) = through(&guest, "HTTP/1.0 200 OK\r\nX-Dummy: 1\r\n\r\n")?;
    let headers = connection.get_proxy_response_headers();
    assert_eq!(headers, Some(vec![("X-Dummy".to_owned(), "1".to_owned())]));
    connection.close();
    Ok(())
}

#[test]
fn test_no_proxy_response_headers() -> Result<()> {
    let peer = Peer::reply("HTTP/1.0 200 OK\r\nX-Dummy: 1\r\n\r\n");
    let connection = connect(&Guest::new(), &peer)?;
    connection.fetch("PUT", "/")?;
    assert_eq!(connection.get_proxy_response_headers(), None);
    Ok(())
}

/// That the proxy sees the end shows that nothing holds the socket.
#[test]
fn test_tunnel_leak() -> Result<()> {
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 404 NOT FOUND\r\nContent-Length: 0\r\n\r\n"),
        Step::AwaitEnd,
    ]]);
    let connection = connect(&Guest::new(), &proxy)?;
    connection.set_tunnel(DESTINATION, None, &[])?;
    let error = connection
        .request("HEAD", "/", None, &[])
        .expect_err("refused");
    let Error::Tunnel(TunnelRefusal { status, reason, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!((status, reason.as_str()), (404, "NOT FOUND"));
    assert_eq!(proxy.ending(0), Ending::Done);
    Ok(())
}

/// 2.7's only test of tunnels; its `CONNECT` has no `Host`, main's has the destination's.
#[test]
fn test_connect() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::send(ESTABLISHED), Step::AwaitEnd];
    let proxy = Peer::script(vec![vec![Step::AwaitEnd], steps]);
    let connection = Guest::new().http("127.0.0.1", proxy.port(), Some(&limited()))?;
    connection.connect()?;
    assert!(is_value(&connection.set_tunnel(DESTINATION, None, &[])));
    connection.close();
    connection.set_tunnel(DESTINATION, None, &[])?;
    connection.request("HEAD", "/", None, &[])?;
    connection.close();
    let received = latin1(&proxy.all_received(1));
    assert!(
        received.starts_with("CONNECT destination.example:80 "),
        "{received:?}"
    );
    assert!(
        received.contains("\r\nHost: destination.example\r\n"),
        "{received:?}"
    );
    assert!(
        !received.contains(":None") && !received.contains("127.0.0.1"),
        "{received:?}"
    );
    Ok(())
}

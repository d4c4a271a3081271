//! `set_tunnel`: the bytes of `CONNECT`, what the proxy may answer, and what goes through.

use harness::component::{Connection, Error, Guest, HttpException, Result, TlsError, TlsOptions};
use harness::peer::{Peer, Step};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::support::{OK, assert_goes_on, failure};

const OPENED: &[u8] = b"HTTP/1.1 200 Connection established\r\n\r\n";

/// A connection over http through this peer.
fn through(guest: &Guest, proxy: &Peer) -> Connection {
    let connection = guest.http("127.0.0.1", proxy.port(), None);
    connection.expect("a valid address")
}

/// What a proxy and the server behind it receive for a GET of `/`.
fn sent(host: &str, port: Option<u16>, headers: &[(&str, &str)]) -> Result<(String, String)> {
    let (guest, proxy) = (Guest::new(), Peer::replies(&[OPENED, OK]));
    let connection = through(&guest, &proxy);
    connection.set_tunnel(host, port, headers)?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    connection.close();
    let received = String::from_utf8(proxy.all_received(0)).expect("it is ASCII");
    let end = received.find("\r\n\r\n").expect("a head") + 4;
    assert_eq!(proxy.pieces(0).first(), Some(&end), "CONNECT is one write");
    let (connect, request) = received.split_at(end);
    guest.assert_works();
    Ok((connect.to_owned(), request.to_owned()))
}

/// A GET of `/` as the server behind the proxy receives it.
fn inner(host: &str) -> String {
    format!("GET / HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: identity\r\n\r\n")
}

#[test]
fn connects_to_the_default_port() -> Result<()> {
    let (connect, request) = sent("example.com", None, &[])?;
    assert_eq!(
        connect,
        "CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n\r\n"
    );
    assert_eq!(request, inner("example.com"));
    Ok(())
}

#[test]
fn connects_to_names_with_hyphens_at_the_ends_and_numbers_last() -> Result<()> {
    for host in ["a-.example.test", "-a.example.test", "host.1"] {
        let (connect, request) = sent(host, None, &[])?;
        assert!(connect.starts_with(&format!("CONNECT {host}:80 HTTP/1.1\r\n")));
        assert_eq!(request, inner(host));
    }
    Ok(())
}

#[test]
fn connects_to_another_port() -> Result<()> {
    for (host, port) in [("example.com", Some(8080)), ("example.com:8080", None)] {
        let (connect, request) = sent(host, port, &[])?;
        assert_eq!(
            connect,
            "CONNECT example.com:8080 HTTP/1.1\r\nHost: example.com:8080\r\n\r\n"
        );
        assert_eq!(request, inner("example.com:8080"));
    }
    Ok(())
}

#[test]
fn puts_ipv6_in_brackets() -> Result<()> {
    let (connect, request) = sent("[2001:db8::1]", Some(8080), &[])?;
    assert_eq!(
        connect,
        "CONNECT [2001:db8::1]:8080 HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n\r\n"
    );
    assert_eq!(request, inner("[2001:db8::1]:8080"));
    Ok(())
}

#[test]
fn sends_the_callers_headers_with_the_connect_only() -> Result<()> {
    let headers = [
        ("Proxy-Authorization", "Basic eDp5"),
        ("X-a", "1"),
        ("X-a", "2"),
    ];
    let (connect, request) = sent("example.com", None, &headers)?;
    assert_eq!(
        connect,
        "CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n\
         Proxy-Authorization: Basic eDp5\r\nX-a: 1\r\nX-a: 2\r\n\r\n"
    );
    assert_eq!(request, inner("example.com"));
    Ok(())
}

#[test]
fn gives_way_to_the_callers_own_host() -> Result<()> {
    let (connect, request) = sent("example.com", None, &[("host", "other.example")])?;
    assert_eq!(
        connect,
        "CONNECT example.com:80 HTTP/1.1\r\nhost: other.example\r\n\r\n"
    );
    assert_eq!(request, inner("example.com"));
    Ok(())
}

#[test]
fn accepts_any_2xx_and_ignores_what_it_says_of_a_body() -> Result<()> {
    let opened: [&[u8]; 4] = [
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.0 299 Odd\r\nContent-Length: 7\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    ];
    for reply in opened {
        let (guest, proxy) = (Guest::new(), Peer::replies(&[reply, OK]));
        let connection = through(&guest, &proxy);
        connection.set_tunnel("example.com", None, &[])?;
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    }
    Ok(())
}

#[test]
fn skips_interim_responses() -> Result<()> {
    let reply = [b"HTTP/1.1 102 Processing\r\nX: y\r\n\r\n", OPENED].concat();
    let (guest, proxy) = (Guest::new(), Peer::replies(&[&reply, OK]));
    let connection = through(&guest, &proxy);
    connection.set_tunnel("example.com", None, &[])?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    assert_eq!(connection.get_proxy_response_headers(), Some(vec![]));
    Ok(())
}

/// Beside CPython, which says `BadStatusLine`: `tunnel-after-blank` of the oracle.
#[test]
fn skips_empty_lines_before_the_proxys_reply() -> Result<()> {
    let interim = b"HTTP/1.1 102 Processing\r\n\r\n";
    let replies: [&[&[u8]]; 3] = [
        &[b"\r\n", OPENED],
        &[b"\n\r\n", OPENED],
        &[b"\r\n", interim, b"\r\n\r\n", OPENED],
    ];
    for reply in replies {
        let (guest, proxy) = (Guest::new(), Peer::replies(&[&reply.concat(), OK]));
        let connection = through(&guest, &proxy);
        connection.set_tunnel("example.com", None, &[])?;
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    }
    Ok(())
}

#[test]
fn says_too_many_where_the_proxy_sends_nothing_but_empty_lines() {
    let error = refused(&b"\r\n".repeat(9));
    assert!(matches!(error, Error::Http(HttpException::TooMany(_))));
}

#[test]
fn keeps_the_tunnel_open_between_requests() -> Result<()> {
    let (guest, proxy) = (Guest::new(), Peer::replies(&[OPENED, OK, OK]));
    let connection = through(&guest, &proxy);
    connection.set_tunnel("example.com", None, &[])?;
    for _ in 0..2 {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    }
    assert_eq!(proxy.connections(), 1);
    Ok(())
}

#[test]
fn opens_the_tunnel_again_for_a_fresh_socket() -> Result<()> {
    let tunnel = || Step::answers(&[OPENED, OK]);
    let (guest, proxy) = (Guest::new(), Peer::script(vec![tunnel(), tunnel()]));
    let connection = through(&guest, &proxy);
    connection.set_tunnel("example.com", None, &[])?;
    for _ in 0..2 {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
        connection.close();
    }
    assert_eq!(proxy.all_received(0), proxy.all_received(1));
    Ok(())
}

#[test]
fn is_refused_once_connected() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[OK, OK]));
    let connection = through(&guest, &peer);
    connection.connect()?;
    let tunnel = || connection.set_tunnel("example.com", None, &[]);
    assert!(matches!(failure(tunnel()), Error::Value(_)));
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    assert!(matches!(failure(tunnel()), Error::Value(_)));
    assert_goes_on(&guest, &connection);
    assert_eq!(peer.connections(), 1);
    connection.close();
    tunnel()
}

#[test]
fn refuses_control_characters_in_the_host() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let connection = through(&guest, &peer);
    for host in ["a\r\nX: y", "a\nb", "a\0b", "a b", "a\u{7f}"] {
        let error = failure(connection.set_tunnel(host, Some(80), &[]));
        assert!(matches!(error, Error::Value(_)), "{host:?}: {error:?}");
    }
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn refuses_control_characters_in_headers() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let connection = through(&guest, &peer);
    for header in [
        ("a", "b\r\nc: d"),
        ("a", "b\nc"),
        ("a", "\0"),
        ("a:", "b"),
        ("a\r\nb", "c"),
    ] {
        let error = failure(connection.set_tunnel("example.com", None, &[header]));
        assert!(matches!(error, Error::Value(_)), "{header:?}: {error:?}");
    }
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn refuses_a_host_that_is_none() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let connection = through(&guest, &peer);
    for host in ["", "host:", "host:0", "::1", "user@host", "host/path"] {
        let error = failure(connection.set_tunnel(host, None, &[]));
        let is_invalid = matches!(error, Error::Http(HttpException::InvalidUrl(_)));
        assert!(is_invalid, "{host:?}: {error:?}");
    }
    assert_goes_on(&guest, &connection);
    Ok(())
}

/// What becomes of the request where the proxy's reply is not a reply. The next one opens the tunnel.
fn refused(reply: &[u8]) -> Error {
    let guest = Guest::new();
    let scripts = vec![Step::answers(&[reply]), Step::answers(&[OPENED, OK])];
    let proxy = Peer::script(scripts);
    let connection = through(&guest, &proxy);
    let valid = connection.set_tunnel("example.com", None, &[]);
    valid.expect("a valid host");
    let error = failure(connection.fetch("GET", "/"));
    assert_goes_on(&guest, &connection);
    error
}

#[test]
fn says_bad_status_line_where_the_proxy_sends_garbage() {
    let line = HttpException::BadStatusLine("SSH-2.0-OpenSSH".into());
    assert_eq!(refused(b"SSH-2.0-OpenSSH\r\n"), Error::Http(line));
}

#[test]
fn says_unknown_protocol_where_the_proxy_speaks_another_version() {
    let version = HttpException::UnknownProtocol("HTTP/3".into());
    assert_eq!(refused(b"HTTP/3 200\r\n\r\n"), Error::Http(version));
}

#[test]
fn says_remote_disconnected_where_the_proxy_closes() {
    assert_eq!(refused(b""), Error::Http(HttpException::RemoteDisconnected));
}

#[test]
fn says_malformed_where_the_proxy_cuts_its_head() {
    let error = refused(b"HTTP/1.1 200 OK\r\nVia");
    assert!(matches!(error, Error::Http(HttpException::Malformed(_))));
}

#[test]
fn says_bad_status_line_where_the_server_behind_it_sends_none() -> Result<()> {
    let guest = Guest::new();
    let garbage = Step::answers(&[OPENED, b"garbage\r\n"]);
    let proxy = Peer::script(vec![garbage, Step::answers(&[OPENED, OK])]);
    let connection = through(&guest, &proxy);
    connection.set_tunnel("example.com", None, &[])?;
    let line = HttpException::BadStatusLine("garbage".into());
    assert_eq!(failure(connection.fetch("GET", "/")), Error::Http(line));
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn tells_the_headers_of_the_proxy_once_it_has_answered() -> Result<()> {
    let guest = Guest::new();
    let reply = b"HTTP/1.1 200 OK\r\nVia: a\r\nVIA: b\r\n\r\n";
    let proxy = Peer::replies(&[reply, OK]);
    let connection = through(&guest, &proxy);
    assert_eq!(connection.get_proxy_response_headers(), None);
    connection.set_tunnel("example.com", None, &[])?;
    assert_eq!(connection.get_proxy_response_headers(), None);
    connection.connect()?;
    let headers = [("Via", "a"), ("VIA", "b")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(
        connection.get_proxy_response_headers(),
        Some(headers.into())
    );
    Ok(())
}

/// As CPython 3.12 and later.
#[test]
fn tells_the_headers_of_a_proxy_that_refuses() -> Result<()> {
    let reply = b"HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
    let (guest, proxy) = (Guest::new(), Peer::reply(reply));
    let connection = through(&guest, &proxy);
    connection.set_tunnel("example.com", None, &[])?;
    assert!(matches!(failure(connection.connect()), Error::Tunnel(_)));
    let headers = connection.get_proxy_response_headers().unwrap_or_default();
    let first = headers.first().expect("two headers");
    assert_eq!(
        (first.0.as_str(), first.1.as_str()),
        ("Proxy-Authenticate", "Basic")
    );
    Ok(())
}

/// As CPython 3.12 and later.
#[test]
fn tells_the_headers_of_a_proxy_before_a_handshake_that_fails() -> Result<()> {
    let guest = Guest::new();
    let (proxy, _) = https_proxy("server.example");
    let context = guest.create_default_context()?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", proxy.port(), None, Some(tls))?;
    connection.set_tunnel("server.example", None, &[])?;
    assert!(matches!(failure(connection.connect()), Error::Tls(_)));
    assert_eq!(connection.get_proxy_response_headers(), Some(vec![]));
    assert!(connection.tls_session().is_none());
    Ok(())
}

#[test]
fn tells_the_headers_of_a_proxy_after_a_response_that_closes() -> Result<()> {
    let guest = Guest::new();
    let closing = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let proxy = Peer::replies(&[b"HTTP/1.1 200 OK\r\nVia: a\r\n\r\n", closing]);
    let connection = through(&guest, &proxy);
    connection.set_tunnel("example.com", None, &[])?;
    assert!(connection.fetch("GET", "/")?.will_close());
    let via = Some(vec![("Via".to_owned(), "a".to_owned())]);
    assert_eq!(connection.get_proxy_response_headers(), via);
    connection.close();
    assert_eq!(connection.get_proxy_response_headers(), via);
    Ok(())
}

#[test]
fn has_no_headers_of_a_proxy_without_a_tunnel() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let connection = through(&guest, &peer);
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    assert_eq!(connection.get_proxy_response_headers(), None);
    Ok(())
}

/// A proxy, and behind it a TLS server with a certificate for this name.
fn https_proxy(name: &str) -> (Peer, Authority) {
    let authority = Authority::new();
    let config = ServerTls::new(&authority.issue(&[name])).build();
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(OPENED),
        Step::StartTls(config),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    (proxy, authority)
}

#[test]
fn shakes_hands_with_the_server_behind_the_proxy() -> Result<()> {
    let guest = Guest::new();
    let (proxy, authority) = https_proxy("server.example");
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", proxy.port(), None, Some(tls))?;
    connection.set_tunnel("server.example", None, &[])?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    let connect = "CONNECT server.example:443 HTTP/1.1\r\nHost: server.example:443\r\n\r\n";
    let expected = format!("{connect}{}", inner("server.example"));
    assert_eq!(String::from_utf8_lossy(&proxy.received(0)), expected);
    Ok(())
}

#[test]
fn checks_the_name_of_the_server_and_not_of_the_proxy() -> Result<()> {
    let guest = Guest::new();
    let (proxy, authority) = https_proxy("127.0.0.1");
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", proxy.port(), None, Some(tls))?;
    connection.set_tunnel("server.example", None, &[])?;
    let error = failure(connection.connect());
    assert!(
        matches!(error, Error::Tls(TlsError::HostnameMismatch(_))),
        "{error:?}"
    );
    guest.assert_works();
    Ok(())
}

#[test]
fn reaches_a_real_server_through_a_proxy_that_relays() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let proxy = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send(OPENED),
        Step::Relay(server.address()),
    ]]);
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("127.0.0.1", proxy.port(), None, Some(tls))?;
    connection.set_tunnel("localhost", server.port(), &[])?;
    for _ in 0..2 {
        assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    }
    assert_eq!(server.connections(), 1);
    Ok(())
}

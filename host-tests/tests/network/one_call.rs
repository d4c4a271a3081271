//! `request` as a function: a whole exchange in one call.

use harness::component::{
    ConnectionOptions, Error, Guest, HttpException, Phase, Result, SocketErrorCode, TlsError,
    TlsOptions, bytes,
};
use harness::peer::{Ending, Peer, Port, Step};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

use crate::support::{OK, assert_socket, failure, received, socket_failure};

#[test]
fn fetches_over_http() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let url = format!("http://127.0.0.1:{}/echo?a=b", server.port());
    let response = guest.request("POST", &url, bytes("abc"), &[("X-A", "b")], None, None)?;
    let expected = format!(
        "POST /echo?a=b\nhost: 127.0.0.1:{}\naccept-encoding: identity\n\
         content-length: 3\nx-a: b\n\nabc",
        server.port()
    );
    assert_eq!(String::from_utf8_lossy(&response.read(None)?), expected);
    Ok(())
}

#[test]
fn fetches_over_https_with_a_context() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let context = guest.context_trusting(&authority.pem())?;
    let tls = Some(TlsOptions::with(&context));
    let url = format!("https://localhost:{}", server.port());
    let response = guest.request("GET", &url, None, &[], None, tls)?;
    assert_eq!(response.read(None)?, GREETING);
    Ok(())
}

#[test]
fn verifies_without_a_context() {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let url = format!("https://localhost:{}/", server.port());
    let error = failure(guest.request("GET", &url, None, &[], None, None));
    assert!(
        matches!(error, Error::Tls(TlsError::UnknownIssuer(_))),
        "{error:?}"
    );
}

#[test]
fn needs_no_authorities_without_tls() -> Result<()> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("broken.pem"), "no certificate").expect("it is ours");
    let guest = Guest::builder()
        .preopen(&folder, "/certificates")
        .env("SSL_CERT_FILE", "/certificates/broken.pem")
        .build();
    let peer = Peer::reply(OK);
    let url = format!("http://127.0.0.1:{}/", peer.port());
    guest.request("GET", &url, None, &[], None, None)?;
    Ok(())
}

#[test]
fn sends_no_fragment() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let url = format!("HTTP://127.0.0.1:{}/a?b#c", peer.port());
    guest
        .request("GET", &url, None, &[], None, None)?
        .read(None)?;
    let received = received(&peer, 0);
    assert!(received.starts_with("GET /a?b HTTP/1.1\r\n"), "{received}");
    Ok(())
}

#[test]
fn the_connection_closes_with_the_response() -> Result<()> {
    let steps = vec![Step::AwaitHead, Step::send(OK), Step::AwaitEnd];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let response = guest.request("GET", &url, None, &[], None, None)?;
    assert_eq!(response.read(None)?, b"ok");
    assert_eq!(peer.ending(0), Ending::Done);
    Ok(())
}

#[test]
fn follows_no_redirection() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let url = format!("http://127.0.0.1:{}/redirect", server.port());
    assert_eq!(
        guest.request("GET", &url, None, &[], None, None)?.status(),
        302
    );
    Ok(())
}

/// What servers say that speak something else.
const BANNERS: [&str; 3] = ["SSH-2.0-OpenSSH_9.2", "ICY 200 OK", "http/1.1 200 OK"];

#[test]
fn takes_no_banner_for_a_page() {
    for banner in BANNERS {
        let script = || Step::answers(&[format!("{banner}\r\n").as_bytes()]);
        let (guest, peer) = (Guest::new(), Peer::script(vec![script(), script()]));
        let url = format!("http://127.0.0.1:{}/", peer.port());
        for options in [None, Some(&ConnectionOptions::default())] {
            let error = failure(guest.request("GET", &url, None, &[], options, None));
            let expected = HttpException::BadStatusLine(banner.to_owned());
            assert_eq!(error, Error::Http(expected));
        }
    }
}

#[test]
fn takes_http_0_9_where_strict_is_false() -> Result<()> {
    for banner in BANNERS {
        let (guest, peer) = (Guest::new(), Peer::reply(banner));
        let url = format!("http://127.0.0.1:{}/", peer.port());
        let options = ConnectionOptions {
            strict: Some(false),
            ..ConnectionOptions::default()
        };
        let response = guest.request("GET", &url, None, &[], Some(&options), None)?;
        assert_eq!(response.version(), 9);
        assert_eq!(response.read(None)?, banner.as_bytes());
    }
    Ok(())
}

#[test]
fn asks_for_the_root_where_the_url_has_no_path() -> Result<()> {
    for (rest, target) in [
        ("", "/"),
        ("#part", "/"),
        ("?q", "/?q"),
        ("?a=b/c?d#part", "/?a=b/c?d"),
        ("/?q", "/?q"),
    ] {
        let (guest, peer) = (Guest::new(), Peer::reply(OK));
        let url = format!("http://127.0.0.1:{}{rest}", peer.port());
        guest.request("GET", &url, None, &[], None, None)?;
        let head = received(&peer, 0);
        let line = format!(
            "GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n",
            peer.port()
        );
        assert!(head.starts_with(&line), "{head}");
    }
    Ok(())
}

#[test]
fn rejects_other_urls() {
    let guest = Guest::new();
    for url in [
        "",
        "/",
        "example.com",
        "//example.com/",
        "ftp://example.com/",
        "http:/example.com",
        "http://",
        "http:///path",
        "http://user@example.com/",
        "http://example.com:0/",
        "http://example.com/a b",
        "http://example.com/\u{e9}",
    ] {
        let error = failure(guest.request("GET", url, None, &[], None, None));
        let invalid = matches!(error, Error::Http(HttpException::InvalidUrl(_)));
        assert!(invalid, "{url}: {error:?}");
    }
}

#[test]
fn rejects_a_timeout_of_0() {
    let options = ConnectionOptions {
        timeout: Some(0),
        ..ConnectionOptions::default()
    };
    let url = "http://127.0.0.1/";
    let error = failure(Guest::new().request("GET", url, None, &[], Some(&options), None));
    assert!(matches!(error, Error::Value(_)), "{error:?}");
}

#[test]
fn says_what_the_network_said() {
    let (guest, port) = (Guest::new(), Port::closed());
    let url = format!("http://127.0.0.1:{}/", port.number());
    let error = socket_failure(guest.request("GET", &url, None, &[], None, None));
    assert_socket(&error, Phase::Connect, SocketErrorCode::ConnectionRefused);
    assert_eq!(error.attempts.len(), 1);
}

#[test]
fn times_out() {
    let steps = vec![Step::AwaitHead, Step::Hold];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let options = ConnectionOptions {
        timeout: Some(100_000_000),
        ..ConnectionOptions::default()
    };
    let url = format!("http://127.0.0.1:{}/", peer.port());
    let error = failure(guest.request("GET", &url, None, &[], Some(&options), None));
    assert_eq!(error, Error::TimedOut(Phase::Receive));
}

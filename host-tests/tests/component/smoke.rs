//! It runs at all: both schemes, and a server that is not there.

use std::net::TcpListener;

use harness::component::{Error, Guest, Phase, Result, SocketError, SocketErrorCode, TlsOptions};
use harness::peer::Peer;
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

#[test]
fn gets_a_page_over_http() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.request("GET", "/", None, &[])?;
    let response = connection.get_response()?;
    assert_eq!((response.status(), response.reason().as_str()), (200, "OK"));
    assert_eq!(response.read(None)?, GREETING);
    Ok(())
}

#[test]
fn gets_a_page_over_https() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("localhost", server.port(), None, Some(tls))?;
    connection.request("GET", "/", None, &[])?;
    let response = connection.get_response()?;
    assert_eq!((response.status(), response.reason().as_str()), (200, "OK"));
    assert_eq!(response.read(None)?, GREETING);
    Ok(())
}

#[test]
fn sends_the_request_that_the_reference_describes() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply("HTTP/1.1 204 No Content\r\n\r\n");
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    connection.close();
    let expected = format!(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAccept-Encoding: identity\r\n\r\n",
        peer.port()
    );
    assert_eq!(String::from_utf8_lossy(&peer.all_received(0)), expected);
    Ok(())
}

#[test]
fn says_that_a_connection_was_refused_and_goes_on() -> Result<()> {
    let guest = Guest::new();
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let connection = guest.http("127.0.0.1", nobody.port(), None)?;
    let refused = SocketError::new(Phase::Connect, SocketErrorCode::ConnectionRefused);
    assert_eq!(
        connection.request("GET", "/", None, &[]),
        Err(Error::Socket(refused))
    );
    guest.assert_works();
    Ok(())
}

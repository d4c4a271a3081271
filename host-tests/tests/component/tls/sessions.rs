//! Sessions that go on: keep-alive within a connection, resumption between connections.

use std::sync::Arc;

use harness::component::{Connection, Guest, Result, TlsContext, TlsOptions, TlsSession};
use harness::peer::{Peer, Step};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, Identity, ServerTls};
use rustls::ServerConfig;

use super::connect;

fn localhost(configure: impl for<'a> Fn(ServerTls<'a>) -> ServerTls<'a>) -> (Server, Authority) {
    let authority = Authority::new();
    let identity = authority.issue(&["localhost"]);
    let config: Arc<ServerConfig> = configure(ServerTls::new(&identity)).build();
    (Server::https(config), authority)
}

/// Fetches the greeting over a connection of its own.
fn visit(guest: &Guest, server: &Server, context: &TlsContext) -> Result<TlsSession> {
    let connection = connect(guest, "localhost", server.port(), context);
    greet(&connection)?;
    Ok(connection.tls_session().expect("it is open"))
}

fn greet(connection: &Connection) -> Result<()> {
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    Ok(())
}

#[test]
fn keeps_a_connection_alive() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls);
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", server.port(), &context);
    for _ in 0..5 {
        greet(&connection)?;
    }
    assert_eq!(server.connections(), 1);
    Ok(())
}

#[test]
fn tells_its_session_until_the_next_connection_is_opened() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let old = authority.issue(&["localhost"]);
    let new = authority.issue(&["localhost"]);
    let closing = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n";
    let secure = |identity: &Identity| {
        let start = Step::StartTls(ServerTls::new(identity).without_resumption().build());
        [vec![start], Step::answers(&[closing])].concat()
    };
    let peer = Peer::script(vec![secure(&old), secure(&new), vec![Step::Close]]);
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", peer.port(), &context);
    let certificate = || Some(connection.tls_session()?.peer_certificates[0].clone());
    for identity in [&old, &new] {
        let expected = Some(identity.chain()[0].to_vec());
        let response = connection.fetch("GET", "/")?;
        assert!(response.will_close() && response.is_closed());
        assert_eq!(certificate(), expected, "after a response that closes");
        connection.close();
        assert_eq!(certificate(), expected, "after close");
    }
    assert!(connection.connect().is_err());
    assert_eq!(certificate(), None, "after a handshake that failed");
    Ok(())
}

#[test]
fn tells_the_session_of_a_server_that_has_left() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["localhost"])).build();
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    let peer = Peer::reply_tls(config, cut);
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", peer.port(), &context);
    assert!(connection.fetch("GET", "/")?.read(None).is_err());
    assert!(connection.tls_session().is_some());
    Ok(())
}

/// Asserts that the second connection of a context goes on with the first one's session.
fn assert_resumes(configure: impl for<'a> Fn(ServerTls<'a>) -> ServerTls<'a>) -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(configure);
    let context = guest.context_trusting(&authority.pem())?;
    let first = visit(&guest, &server, &context)?;
    assert!(!first.resumed);
    for _ in 0..2 {
        let next = visit(&guest, &server, &context)?;
        assert!(next.resumed);
        assert_eq!(next.version, first.version);
        assert_eq!(next.peer_certificates, first.peer_certificates);
    }
    Ok(())
}

#[test]
fn resumes_a_session_of_tls_1_2() -> Result<()> {
    assert_resumes(|tls| tls.tls12_only())
}

#[test]
fn resumes_a_session_of_tls_1_3() -> Result<()> {
    assert_resumes(|tls| tls.tls13_only())
}

#[test]
fn resumes_nothing_where_the_server_does_not() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls.without_resumption());
    let context = guest.context_trusting(&authority.pem())?;
    for _ in 0..2 {
        assert!(!visit(&guest, &server, &context)?.resumed);
    }
    Ok(())
}

#[test]
fn resumes_nothing_under_another_context() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls);
    for _ in 0..2 {
        let context = guest.context_trusting(&authority.pem())?;
        assert!(!visit(&guest, &server, &context)?.resumed);
    }
    Ok(())
}

#[test]
fn resumes_nothing_after_the_context_was_changed() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls);
    let context = guest.context_trusting(&authority.pem())?;
    visit(&guest, &server, &context)?;
    let other = Authority::new().pem();
    context.load_verify_locations(&harness::component::PemSource::Bytes(other.into()))?;
    assert!(!visit(&guest, &server, &context)?.resumed);
    Ok(())
}

#[test]
fn a_connection_keeps_what_its_context_was() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls);
    let context = guest.create_default_context()?;
    let connection = connect(&guest, "localhost", server.port(), &context);
    let pem = harness::component::PemSource::Bytes(authority.pem().into());
    context.load_verify_locations(&pem)?;
    assert!(connection.connect().is_err());
    greet(&connect(&guest, "localhost", server.port(), &context))?;
    Ok(())
}

#[test]
fn a_connection_outlives_its_context() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls);
    let connection = {
        let context = guest.context_trusting(&authority.pem())?;
        let tls = TlsOptions::with(&context);
        guest.https("localhost", server.port(), None, Some(tls))?
    };
    greet(&connection)
}

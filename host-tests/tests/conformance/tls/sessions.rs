//! Sessions that go on: keep-alive within a connection, resumption between connections.

use std::sync::Arc;

use harness::component::{Connection, Guest, HttpsOptions, Result, TlsContext, TlsSession};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};
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
fn has_no_session_after_close() -> Result<()> {
    let guest = Guest::new();
    let (server, authority) = localhost(|tls| tls);
    let context = guest.context_trusting(&authority.pem())?;
    let connection = connect(&guest, "localhost", server.port(), &context);
    greet(&connection)?;
    assert!(connection.tls_session().is_some());
    connection.close();
    assert!(connection.tls_session().is_none());
    greet(&connection)?;
    assert_eq!(server.connections(), 2);
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
        let options = HttpsOptions::with(&context);
        guest.https("localhost", server.port(), Some(options))?
    };
    greet(&connection)
}

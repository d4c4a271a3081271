//! What an instance takes, which hosts have many of.

use harness::component::{Guest, Result, TlsOptions};
use harness::server::{GREETING, Server};
use harness::tls::{Authority, ServerTls};

/// At rest, before anything was asked for.
const AT_REST: usize = 600 << 10;
/// With an idle connection over TLS, after an exchange.
const IDLE: usize = 1 << 20;

#[test]
fn an_instance_takes_little_at_rest() {
    let taken = Guest::new().memory();
    assert!(taken <= AT_REST, "{taken} bytes");
}

#[test]
fn an_idle_connection_takes_little() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let identity = authority.issue(&["localhost"]);
    let server = Server::https(ServerTls::new(&identity).build());
    let context = guest.context_trusting(&authority.pem())?;
    let tls = TlsOptions::with(&context);
    let connection = guest.https("localhost", server.port(), None, Some(tls))?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, GREETING);
    let taken = guest.memory();
    assert!(taken <= IDLE, "{taken} bytes");
    Ok(())
}

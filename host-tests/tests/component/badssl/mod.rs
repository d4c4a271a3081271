//! Every bad server of badssl.com and more, made on the spot: each is refused for its own reason, with
//! one connection, so nothing weaker was tried.

use harness::component::TlsError;
use harness::component::{Connection, Error, Guest, PemSource, Result, TlsContext, TlsOptions};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, Identity, ServerTls};

use crate::support::{OK, failure};

mod chains;
mod flights;
mod names;
mod revoked;
mod versions;
mod weak;

/// A context that trusts this authority.
fn trusting(guest: &Guest, authority: &Authority) -> TlsContext {
    let context = guest.context_trusting(&authority.pem());
    context.expect("a certificate")
}

/// What a server of that name says, reached through a proxy, so that it may have any name.
fn ask(guest: &Guest, context: &TlsContext, identity: &Identity, name: &str) -> Result<Vec<u8>> {
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 Connection established\r\n\r\n"),
        Step::StartTls(ServerTls::new(identity).build()),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    let tls = Some(TlsOptions::with(context));
    let connection = guest.https("127.0.0.1", peer.port(), None, tls)?;
    connection.set_tunnel(name, Some(443), &[])?;
    let answer = connection.fetch("GET", "/").and_then(|it| it.read(None));
    assert_eq!(peer.connections(), 1);
    answer
}

/// Asserts that the server is believed under a context that trusts this authority.
#[track_caller]
fn assert_believed(authority: &Authority, identity: &Identity, name: &str) {
    let guest = Guest::new();
    let context = trusting(&guest, authority);
    let answer = ask(&guest, &context, identity, name);
    assert_eq!(answer, Ok(b"ok".to_vec()), "{name}");
}

/// Why it is not.
#[track_caller]
fn refusal(authority: &Authority, identity: &Identity, name: &str) -> TlsError {
    let guest = Guest::new();
    let context = trusting(&guest, authority);
    let cause = cause(failure(ask(&guest, &context, identity, name)));
    guest.assert_works();
    cause
}

/// The cause of a failure of TLS.
#[track_caller]
fn cause(error: Error) -> TlsError {
    match error {
        Error::Tls(cause) => cause,
        other => panic!("it is no failure of TLS: {other:?}"),
    }
}

/// A connection to `localhost` at this port.
fn to_localhost(guest: &Guest, port: u16, context: &TlsContext) -> Connection {
    let connection = guest.https("localhost", port, None, Some(TlsOptions::with(context)));
    connection.expect("a valid address")
}

fn bytes(text: &str) -> PemSource {
    PemSource::Bytes(text.into())
}

/// Asserts that it is this case of `tls-error`, with this in its text.
macro_rules! assert_cause {
    ($cause:expr, $case:ident, $text:expr) => {
        match $cause {
            harness::component::TlsError::$case(text) if text.contains($text) => {}
            other => panic!("{other:?}"),
        }
    };
}
use assert_cause;

//! TLS: whom the component trusts, who it says it is, what it agrees on, and how it fails.

use harness::component::{Connection, Error, Guest, TlsContext, TlsError, TlsOptions};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, ServerTls};

use crate::support::{OK, assert_recovers, failure};

mod failures;
mod identity;
mod negotiation;
mod sessions;
mod transfer;
mod trust;

/// A connection to `host` at this port, under this context.
fn connect(guest: &Guest, host: &str, port: u16, context: &TlsContext) -> Connection {
    let connection = guest.https(host, port, None, Some(TlsOptions::with(context)));
    connection.expect("a valid address")
}

/// What `request` and `get-response` say to a peer whose first connection follows `steps`. The second
/// one is from a server that `authority` vouches for, and works.
fn refused(authority: &Authority, steps: Vec<Step>) -> Error {
    let guest = Guest::new();
    let config = ServerTls::new(&authority.issue(&["localhost"])).build();
    let mut works = vec![Step::StartTls(config)];
    works.extend(Step::answers(&[OK]));
    let peer = Peer::script(vec![steps, works]);
    let context = guest.context_trusting(&authority.pem());
    let context = context.expect("a certificate");
    let connection = connect(&guest, "localhost", peer.port(), &context);
    let error = failure(connection.fetch("GET", "/"));
    assert_recovers(&guest, &connection, &peer);
    error
}

/// The cause of a failure of TLS.
#[track_caller]
fn cause(error: Error) -> TlsError {
    match error {
        Error::Tls(cause) => cause,
        other => panic!("it is no failure of TLS: {other:?}"),
    }
}

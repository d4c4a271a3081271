//! `tls-context`: what each of its methods changes, and what it refuses.

use harness::component::{Guest, PemSource, Result, TlsContext, TlsOptions, TlsSession};
use harness::peer::Peer;
use harness::tls::{Authority, Identity, ServerTls};

use crate::support::OK;

mod environment;
mod key_log;
mod locations;
mod pins;
mod settings;

/// The session with a server that has this certificate, after a request to it as `localhost`.
fn visit(guest: &Guest, context: Option<&TlsContext>, identity: &Identity) -> Result<TlsSession> {
    visit_tls(guest, context, ServerTls::new(identity))
}

fn visit_tls(
    guest: &Guest,
    context: Option<&TlsContext>,
    server: ServerTls<'_>,
) -> Result<TlsSession> {
    let peer = Peer::reply_tls(server.build(), OK);
    let tls = context.map(TlsOptions::with);
    let connection = guest.https("localhost", peer.port(), None, tls)?;
    let response = connection.fetch("GET", "/")?;
    let session = connection.tls_session().expect("it is connected");
    assert_eq!(response.read(None)?, b"ok");
    Ok(session)
}

fn pem(authority: &Authority) -> PemSource {
    PemSource::Bytes(authority.pem().into())
}

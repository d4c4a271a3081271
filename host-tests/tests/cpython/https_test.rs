//! `HTTPSTest`. What CPython asks servers of the Internet for, servers of our own give: the same
//! certificates, good and bad.

use std::sync::Arc;

use harness::component::{
    ConnectionOptions, Error, Guest, PemSource, Phase, Result, TlsError, TlsOptions,
};
use harness::peer::{Peer, Step};
use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::PrivatePkcs8KeyDer;

use crate::support::is_invalid_url;

/// A server whose certificate nobody issued but itself, and that certificate.
fn self_signed() -> (Server, String) {
    let signed = rcgen::generate_simple_self_signed(vec!["localhost".into()]);
    let rcgen::CertifiedKey { cert, signing_key } = signed.expect("a name in ASCII");
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring knows them")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .expect("the key belongs to the certificate");
    (Server::https(Arc::new(config)), cert.pem())
}

/// The status of `GET /nonexistent`, whose page is not there.
fn status(guest: &Guest, server: &Server, tls: Option<TlsOptions<'_>>) -> Result<u16> {
    let connection = guest.https("localhost", server.port(), None, tls)?;
    Ok(connection.fetch("GET", "/nonexistent")?.status())
}

fn is_unknown_issuer<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Tls(TlsError::UnknownIssuer(_))))
}

fn is_mismatch<T>(result: &Result<T>) -> bool {
    matches!(result, Err(Error::Tls(TlsError::HostnameMismatch(_))))
}

/// The timeout has no getter; that it counts is seen.
#[test]
fn test_attributes() -> Result<()> {
    let peer = Peer::script(vec![vec![Step::Hold]]);
    let options = ConnectionOptions {
        timeout: Some(30_000_000),
        ..ConnectionOptions::default()
    };
    let connection = Guest::new().https("127.0.0.1", peer.port(), Some(&options), None)?;
    assert_eq!(connection.connect(), Err(Error::TimedOut(Phase::Handshake)));
    Ok(())
}

#[test]
fn test_networked() {
    let (server, _) = self_signed();
    assert!(is_unknown_issuer(&status(&Guest::new(), &server, None)));
}

#[test]
fn test_networked_noverification() -> Result<()> {
    let (server, _) = self_signed();
    let guest = Guest::new();
    let context = guest.create_unverified_context();
    assert_eq!(
        status(&guest, &server, Some(TlsOptions::with(&context)))?,
        404
    );
    Ok(())
}

/// No public authority issues to localhost: one that was added to the default trust stands for it.
#[test]
fn test_networked_trusted_by_default_cert() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let intermediate = authority.intermediate();
    let server = Server::https(ServerTls::new(&intermediate.issue(&["localhost"])).build());
    let context = guest.context_trusting(&authority.pem())?;
    assert_eq!(
        status(&guest, &server, Some(TlsOptions::with(&context)))?,
        404
    );
    Ok(())
}

#[test]
fn test_networked_good_cert() -> Result<()> {
    let (server, pem) = self_signed();
    let guest = Guest::new();
    let context = guest.context_trusting(&pem)?;
    assert_eq!(
        status(&guest, &server, Some(TlsOptions::with(&context)))?,
        404
    );
    Ok(())
}

#[test]
fn test_networked_bad_cert() -> Result<()> {
    let (server, _) = self_signed();
    let guest = Guest::new();
    let context = guest.context_trusting(&Authority::new().pem())?;
    let result = status(&guest, &server, Some(TlsOptions::with(&context)));
    assert!(is_unknown_issuer(&result), "{result:?}");
    Ok(())
}

#[test]
fn test_local_unknown_cert() {
    let server = Server::https(ServerTls::new(&Authority::new().issue(&["localhost"])).build());
    let result = status(&Guest::new(), &server, None);
    assert!(is_unknown_issuer(&result), "{result:?}");
}

#[test]
fn test_local_good_hostname() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["localhost"])).build());
    let context = guest.create_default_context()?;
    context.load_verify_locations(&PemSource::Bytes(authority.pem().into()))?;
    assert_eq!(
        status(&guest, &server, Some(TlsOptions::with(&context)))?,
        404
    );
    Ok(())
}

#[test]
fn test_local_bad_hostname() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let server = Server::https(ServerTls::new(&authority.issue(&["fakehostname"])).build());
    let context = guest.context_trusting(&authority.pem())?;
    let result = status(&guest, &server, Some(TlsOptions::with(&context)));
    assert!(is_mismatch(&result), "{result:?}");
    context.set_check_hostname(false);
    assert_eq!(
        status(&guest, &server, Some(TlsOptions::with(&context)))?,
        404
    );
    Ok(())
}

/// The decisions: an empty port is none. The default port shows in a tunnel's `CONNECT`.
#[test]
fn test_host_port() -> Result<()> {
    let guest = Guest::new();
    for host in [
        "www.python.example:abc",
        "user:password@www.python.example",
        "host:",
        "[::1]:",
    ] {
        assert!(
            is_invalid_url(&guest.https(host, None, None, None)),
            "{host}"
        );
    }
    for (host, target) in [
        ("www.python.example:8000", "www.python.example:8000"),
        ("www.python.example", "www.python.example:443"),
        ("[fe80::207:e9ff:fe9b]:8000", "[fe80::207:e9ff:fe9b]:8000"),
        ("[fe80::207:e9ff:fe9b]", "[fe80::207:e9ff:fe9b]:443"),
    ] {
        guest.https(host, None, None, None)?;
        let proxy = Peer::script(vec![vec![Step::AwaitHead]]);
        let connection = guest.https("127.0.0.1", proxy.port(), None, None)?;
        connection.set_tunnel(host, None, &[])?;
        assert!(connection.connect().is_err(), "the proxy opens no tunnel");
        let received = proxy.all_received(0);
        let line = format!("CONNECT {target} HTTP/1.1\r\n");
        assert!(received.starts_with(line.as_bytes()), "{target}");
    }
    Ok(())
}

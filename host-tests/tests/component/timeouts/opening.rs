//! A connection that does not come about.

use std::time::Instant;

use harness::component::{ConnectionOptions, Guest, Phase, Result, TlsOptions};
use harness::peer::{Peer, Port, Step};
use harness::tls::{Authority, ServerTls};

use super::{SHORT, after, assert_times_out, nanoseconds};
use crate::support::{OK, assert_goes_on, assert_recovers, once};

#[test]
fn holds_while_connecting() -> Result<()> {
    let (guest, port) = (Guest::new(), Port::silent());
    let connection = guest.http("127.0.0.1", port.number(), Some(&after(SHORT)))?;
    assert_times_out(Phase::Connect, || connection.connect());
    assert_times_out(Phase::Connect, || connection.request("GET", "/", None, &[]));
    let _peer = port.open(vec![Step::answers(&[OK])]);
    assert_goes_on(&guest, &connection);
    Ok(())
}

/// A server's certificate on both sides: what the server needs, and a context that trusts it.
fn https(connections: impl FnOnce(Step) -> Vec<Vec<Step>>) -> (Peer, String) {
    let authority = Authority::new();
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let peer = Peer::script(connections(Step::StartTls(config)));
    (peer, authority.pem())
}

fn answer_after(start_tls: Step) -> Vec<Step> {
    vec![start_tls, Step::AwaitHead, Step::send(OK)]
}

#[test]
fn holds_in_the_handshake() -> Result<()> {
    let guest = Guest::new();
    let (peer, pem) = https(|tls| vec![vec![Step::Hold], answer_after(tls)]);
    let context = guest.context_trusting(&pem)?;
    let options = ConnectionOptions {
        timeout: Some(nanoseconds(SHORT)),
        ..ConnectionOptions::default()
    };
    let connection = guest.https(
        "127.0.0.1",
        peer.port(),
        Some(&options),
        Some(TlsOptions::with(&context)),
    )?;
    assert_times_out(Phase::Handshake, || connection.connect());
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn holds_while_the_proxy_is_silent() -> Result<()> {
    let guest = Guest::new();
    let tunnel = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), OK];
    let silent = vec![Step::AwaitHead, Step::Hold];
    let peer = Peer::script(vec![silent, Step::answers(&tunnel)]);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(SHORT)))?;
    connection.set_tunnel("example.com", None, &[])?;
    assert_times_out(Phase::Tunnel, || connection.request("GET", "/", None, &[]));
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn holds_in_the_handshake_behind_a_proxy() -> Result<()> {
    let guest = Guest::new();
    let opened = || Step::send("HTTP/1.1 200 OK\r\n\r\n");
    let (peer, pem) = https(|tls| {
        let mut works = vec![Step::AwaitHead, opened()];
        works.extend(answer_after(tls));
        vec![vec![Step::AwaitHead, opened(), Step::Hold], works]
    });
    let context = guest.context_trusting(&pem)?;
    let options = ConnectionOptions {
        timeout: Some(nanoseconds(SHORT)),
        ..ConnectionOptions::default()
    };
    let connection = guest.https(
        "127.0.0.1",
        peer.port(),
        Some(&options),
        Some(TlsOptions::with(&context)),
    )?;
    connection.set_tunnel("127.0.0.1", 443, &[])?;
    assert_times_out(Phase::Handshake, || connection.connect());
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn begins_anew_with_each_step() -> Result<()> {
    let guest = Guest::new();
    // Together longer than the timeout, each much shorter.
    let pause = Step::Pause(SHORT * 13 / 5);
    let reply = "HTTP/1.1 200 OK\r\n\r\n";
    let peer = once(vec![
        Step::AwaitHead,
        pause.clone(),
        Step::send(reply),
        Step::AwaitHead,
        pause,
        Step::send(OK),
    ]);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(SHORT * 5)))?;
    connection.set_tunnel("example.com", None, &[])?;
    let begin = Instant::now();
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"ok");
    assert!(begin.elapsed() >= SHORT * 5);
    guest.assert_works();
    Ok(())
}

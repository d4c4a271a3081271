//! A peer that does not read.

use std::time::Instant;

use harness::component::{ConnectionOptions, Guest, Phase, Result, TlsOptions, bytes};
use harness::peer::{Peer, Step};
use harness::tls::{Authority, ServerTls};

use super::{SHORT, after, assert_times_out, nanoseconds};
use crate::support::{OK, assert_recovers, once};

/// More than the socket buffers of both ends hold.
const LARGE: usize = 64 << 20;

#[test]
fn holds_while_sending_bytes() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitHead, Step::Hold]);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(SHORT)))?;
    let body = bytes(vec![0; LARGE]);
    assert_times_out(Phase::Send, || connection.request("PUT", "/", body, &[]));
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn holds_while_sending_a_stream() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitHead, Step::Hold]);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(SHORT)))?;
    let body = guest.stream(vec![0; LARGE]);
    assert_times_out(Phase::Send, || {
        connection.request("PUT", "/", Some(body), &[])
    });
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn holds_while_sending_over_tls() -> Result<()> {
    let (guest, authority) = (Guest::new(), Authority::new());
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let silent = vec![Step::AwaitHead, Step::Hold];
    let peer = Peer::script_tls(config, vec![silent, Step::answers(&[OK])]);
    let context = guest.context_trusting(&authority.pem())?;
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
    let body = bytes(vec![0; LARGE / 2]);
    assert_times_out(Phase::Send, || connection.request("PUT", "/", body, &[]));
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn bounds_each_wait_and_not_the_whole_upload() -> Result<()> {
    let guest = Guest::new();
    let slow = [1, 2, 3, 4].map(|_| [Step::Pause(SHORT * 4 / 5), Step::AwaitBytes(6 << 20)]);
    let mut steps = vec![Step::AwaitHead];
    steps.extend(slow.into_iter().flatten());
    steps.push(Step::send(OK));
    let peer = Peer::script(vec![steps]);
    let timeout = SHORT * 3;
    let connection = guest.http("127.0.0.1", peer.port(), Some(&after(timeout)))?;
    let begin = Instant::now();
    connection.request("PUT", "/", bytes(vec![0; 24 << 20]), &[])?;
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    assert!(begin.elapsed() >= timeout);
    Ok(())
}

//! What the network, or the host in its place, refuses.

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use harness::component::{
    ConnectionOptions, Error, Guest, Phase, Result, SocketError, SocketErrorCode, bytes,
};
use harness::peer::{Peer, Port, Step};

use crate::support::{OK, assert_goes_on, assert_recovers, failure, once};

fn socket(phase: Phase, code: SocketErrorCode) -> Error {
    Error::Socket(SocketError::new(phase, code))
}

/// Options with this source address.
fn from(host: &str, port: u16) -> ConnectionOptions {
    ConnectionOptions {
        source_address: Some((host.to_owned(), port)),
        ..ConnectionOptions::default()
    }
}

#[test]
fn says_refused_where_nobody_listens() -> Result<()> {
    let (guest, port) = (Guest::new(), Port::closed());
    let connection = guest.http("127.0.0.1", port.number(), None)?;
    let refused = socket(Phase::Connect, SocketErrorCode::ConnectionRefused);
    assert_eq!(failure(connection.connect()), refused);
    assert_eq!(failure(connection.fetch("GET", "/")), refused);
    let _peer = port.open(vec![Step::answers(&[OK])]);
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_reset_while_waiting_for_the_response() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitHead, Step::Reset]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let reset = socket(Phase::Receive, SocketErrorCode::ConnectionReset);
    assert_eq!(failure(connection.fetch("GET", "/")), reset);
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn says_reset_in_the_body_after_what_came_before() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
        Step::AwaitSignal,
        Step::Reset,
    ]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.read(Some(2))?, b"he");
    peer.signal();
    let reset = socket(Phase::Receive, SocketErrorCode::ConnectionReset);
    assert_eq!(failure(response.read(None)), reset);
    assert_eq!(response.read(Some(3))?, b"llo");
    assert_eq!(failure(response.read(None)), reset);
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn says_broken_pipe_or_reset_while_sending_to_a_peer_that_has_gone() -> Result<()> {
    let guest = Guest::new();
    let peer = once(vec![Step::AwaitHead, Step::Reset]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let error = failure(connection.request("PUT", "/", bytes(vec![0; 32 << 20]), &[]));
    let reset = socket(Phase::Send, SocketErrorCode::ConnectionReset);
    let broken = socket(Phase::Send, SocketErrorCode::BrokenPipe);
    assert!(error == reset || error == broken, "{error:?}");
    assert_recovers(&guest, &connection, &peer);
    Ok(())
}

#[test]
fn says_access_denied_where_the_host_grants_no_tcp() -> Result<()> {
    let guest = Guest::builder().without_tcp().build();
    let connection = guest.http("127.0.0.1", 80, None)?;
    let denied = socket(Phase::Connect, SocketErrorCode::AccessDenied);
    assert_eq!(failure(connection.connect()), denied);
    assert_eq!(failure(connection.fetch("GET", "/")), denied);
    assert_eq!(guest.http_port(), 80);
    Ok(())
}

#[test]
fn says_access_denied_for_an_address_that_the_host_does_not_allow() -> Result<()> {
    let open = Arc::new(AtomicBool::new(false));
    let allowed = open.clone();
    let guest = Guest::builder()
        .allow(move |_| allowed.load(Ordering::SeqCst))
        .build();
    let peer = Peer::reply(OK);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let denied = socket(Phase::Connect, SocketErrorCode::AccessDenied);
    assert_eq!(failure(connection.fetch("GET", "/")), denied);
    assert_eq!(peer.connections(), 0);
    open.store(true, Ordering::SeqCst);
    assert_goes_on(&guest, &connection);
    Ok(())
}

/// WASI has no word of its own for it: wasmtime says that the resolver failed for good.
#[test]
fn says_that_names_are_not_resolved_where_the_host_grants_no_look_up() -> Result<()> {
    let guest = Guest::builder().without_name_lookup().build();
    let connection = guest.http("localhost", 80, None)?;
    let denied = socket(Phase::Resolve, SocketErrorCode::AccessDenied);
    let failed = socket(Phase::Resolve, SocketErrorCode::PermanentResolverFailure);
    let error = failure(connection.connect());
    assert!(error == denied || error == failed, "{error:?}");
    guest.assert_works();
    Ok(())
}

/// A label of 64 letters: the resolver knows without asking anybody.
#[test]
fn says_unresolvable_for_a_name_that_can_not_be() -> Result<()> {
    let guest = Guest::new();
    let connection = guest.http(&format!("{}.example", "a".repeat(64)), 80, None)?;
    let unresolvable = socket(Phase::Resolve, SocketErrorCode::NameUnresolvable);
    assert_eq!(failure(connection.connect()), unresolvable);
    assert_eq!(failure(connection.fetch("GET", "/")), unresolvable);
    guest.assert_works();
    Ok(())
}

/// Without a name server in reach the resolver can't be sure.
#[test]
fn says_that_a_name_which_must_not_exist_does_not_resolve() -> Result<()> {
    use SocketErrorCode::{NameUnresolvable, PermanentResolverFailure, TemporaryResolverFailure};
    let guest = Guest::new();
    let connection = guest.http("nonexistent.invalid", 80, None)?;
    let error = failure(connection.connect());
    let known = [
        NameUnresolvable,
        PermanentResolverFailure,
        TemporaryResolverFailure,
    ];
    let is_known = known
        .into_iter()
        .any(|code| error == socket(Phase::Resolve, code));
    assert!(is_known, "{error:?}");
    guest.assert_works();
    Ok(())
}

#[test]
fn says_address_in_use_for_a_source_where_somebody_listens() -> Result<()> {
    let guest = Guest::new();
    let occupant = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let occupied = occupant.local_addr().expect("it is bound").port();
    let peer = Peer::reply(OK);
    let options = from("127.0.0.1", occupied);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    let in_use = socket(Phase::Bind, SocketErrorCode::AddressInUse);
    assert_eq!(failure(connection.fetch("GET", "/")), in_use);
    drop(occupant);
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_address_not_bindable_for_a_source_that_is_not_this_machine() -> Result<()> {
    let guest = Guest::builder().allow_all().build();
    let peer = Peer::reply(OK);
    let options = from("192.0.2.1", 0);
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    let elsewhere = socket(Phase::Bind, SocketErrorCode::AddressNotBindable);
    assert_eq!(failure(connection.fetch("GET", "/")), elsewhere);
    guest.assert_works();
    Ok(())
}

#[test]
fn says_address_not_bindable_for_a_source_of_the_other_family() -> Result<()> {
    let guest = Guest::new();
    let options = from("::1", 0);
    let connection = guest.http("127.0.0.1", 80, Some(&options))?;
    let elsewhere = socket(Phase::Bind, SocketErrorCode::AddressNotBindable);
    assert_eq!(failure(connection.fetch("GET", "/")), elsewhere);
    guest.assert_works();
    Ok(())
}

#[test]
fn says_access_denied_for_a_source_that_the_host_does_not_allow() -> Result<()> {
    let guest = Guest::new();
    let options = from("192.0.2.1", 0);
    let connection = guest.http("127.0.0.1", 80, Some(&options))?;
    let denied = socket(Phase::Bind, SocketErrorCode::AccessDenied);
    assert_eq!(failure(connection.fetch("GET", "/")), denied);
    guest.assert_works();
    Ok(())
}

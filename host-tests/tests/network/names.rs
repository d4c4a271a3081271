//! From a name to an address that answers, and where connections come from.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use harness::component::{ConnectionOptions, Guest, Phase, Result, SocketError, SocketErrorCode};
use harness::peer::{Peer, Port, Step};

use crate::support::{
    OK, assert_ok, assert_socket, failure, nonblocking, patiently, socket_failure,
};

/// The addresses that were tried, with what the network said.
fn attempts(error: &SocketError) -> Vec<(String, String)> {
    let attempt =
        |it: &harness::component::ConnectionAttempt| (it.address.clone(), format!("{:?}", it.code));
    error.attempts.iter().map(attempt).collect()
}

fn answer_on(address: &str) -> Peer {
    Peer::script_on(address, vec![Step::answers(&[OK])])
}

#[test]
fn localhost_is_reached_over_ipv4_alone() -> Result<()> {
    let (guest, peer) = (Guest::new(), answer_on("127.0.0.1:0"));
    assert_ok(&guest.http("localhost", peer.port(), None)?);
    Ok(())
}

#[test]
fn localhost_is_reached_over_ipv6_alone() -> Result<()> {
    let guest = Guest::builder().names(&["127.0.0.1", "::1"]).build();
    let peer = answer_on("[::1]:0");
    assert_ok(&guest.http("localhost", peer.port(), None)?);
    Ok(())
}

#[test]
fn an_address_that_refuses_makes_room_for_the_next_at_once() -> Result<()> {
    let guest = Guest::builder().names(&["::1", "127.0.0.1"]).build();
    let peer = answer_on("127.0.0.1:0");
    let connection = guest.http("example.com", peer.port(), None)?;
    let begin = Instant::now();
    connection.connect()?;
    assert!(begin.elapsed() < Duration::from_millis(200));
    assert_ok(&connection);
    Ok(())
}

/// A listener on 127.0.0.2 whose port is silent on 127.0.0.1.
fn silent_beside_listening() -> (Port, TcpListener) {
    loop {
        let port = Port::silent();
        if let Ok(listener) = TcpListener::bind(("127.0.0.2", port.number())) {
            return (port, listener);
        }
    }
}

#[test]
fn an_address_that_is_silent_loses_to_the_next() -> Result<()> {
    let (_silent, listener) = silent_beside_listening();
    let peer = Peer::script_at(listener, vec![Step::answers(&[OK])]);
    let guest = Guest::builder().names(&["127.0.0.1", "127.0.0.2"]).build();
    let connection = guest.http("example.com", peer.port(), None)?;
    let begin = Instant::now();
    connection.connect()?;
    let elapsed = begin.elapsed();
    assert!(elapsed >= Duration::from_millis(250), "{elapsed:?}");
    assert!(elapsed < Duration::from_millis(2000), "{elapsed:?}");
    assert_ok(&connection);
    Ok(())
}

#[test]
fn an_address_that_is_silent_loses_to_the_next_without_blocking() -> Result<()> {
    let (_silent, listener) = silent_beside_listening();
    let peer = Peer::script_at(listener, vec![Step::answers(&[OK])]);
    let guest = Guest::builder().names(&["127.0.0.1", "127.0.0.2"]).build();
    let connection = guest.http("example.com", peer.port(), Some(&nonblocking()))?;
    let begin = Instant::now();
    patiently(|| connection.subscribe(), || connection.connect())?;
    assert!(begin.elapsed() < Duration::from_millis(2000));
    Ok(())
}

#[test]
fn the_timeout_may_pass_before_the_next_address_has_its_turn() -> Result<()> {
    let (silent, _listener) = silent_beside_listening();
    let guest = Guest::builder().names(&["127.0.0.1", "127.0.0.2"]).build();
    let options = ConnectionOptions {
        timeout: Some(100_000_000),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("example.com", silent.number(), Some(&options))?;
    let timed_out = harness::component::Error::TimedOut(Phase::Connect);
    assert_eq!(failure(connection.connect()), timed_out);
    Ok(())
}

#[test]
fn says_which_addresses_were_tried() -> Result<()> {
    let names = ["127.0.0.1", "127.0.0.2", "::1"];
    let guest = Guest::builder().names(&names).build();
    let port = Port::closed();
    let connection = guest.http("example.com", port.number(), None)?;
    let error = socket_failure(connection.connect());
    assert_socket(&error, Phase::Connect, SocketErrorCode::ConnectionRefused);
    let refused = |address: &str| {
        let address = format!("{address}:{}", port.number());
        (address, "SocketErrorCode::ConnectionRefused".to_owned())
    };
    // The families in turn.
    let expected = ["127.0.0.1", "[::1]", "127.0.0.2"].map(refused);
    assert_eq!(attempts(&error), expected);
    Ok(())
}

#[test]
fn says_which_address_the_host_does_not_allow() -> Result<()> {
    let guest = Guest::builder()
        .names(&["127.0.0.1", "127.0.0.2"])
        .allow(|address| address.ip().is_unspecified() || address.ip().to_string() == "127.0.0.2")
        .build();
    let port = Port::closed();
    let connection = guest.http("example.com", port.number(), None)?;
    let error = socket_failure(connection.connect());
    let at = |host: &str, code: &str| {
        let address = format!("{host}:{}", port.number());
        (address, format!("SocketErrorCode::{code}"))
    };
    let expected = [
        at("127.0.0.1", "AccessDenied"),
        at("127.0.0.2", "ConnectionRefused"),
    ];
    assert_eq!(attempts(&error), expected);
    Ok(())
}

#[test]
fn access_is_denied_where_the_only_address_is_not_allowed() -> Result<()> {
    let guest = Guest::builder()
        .allow(|address| address.ip().is_unspecified())
        .build();
    let connection = guest.http("127.0.0.1:81", None, None)?;
    let error = socket_failure(connection.fetch("GET", "/"));
    assert_socket(&error, Phase::Connect, SocketErrorCode::AccessDenied);
    let denied = "SocketErrorCode::AccessDenied".to_owned();
    assert_eq!(attempts(&error), [("127.0.0.1:81".to_owned(), denied)]);
    Ok(())
}

#[test]
fn a_name_without_addresses_does_not_resolve() -> Result<()> {
    let guest = Guest::builder().names(&[]).build();
    let error = socket_failure(guest.http("example.com", None, None)?.connect());
    assert_socket(&error, Phase::Resolve, SocketErrorCode::NameUnresolvable);
    assert_eq!(error.attempts.len(), 0);
    Ok(())
}

/// Whom the server of one connection sees that comes from this source.
fn seen_source(listen: &str, source: (&str, u16)) -> Result<std::net::SocketAddr> {
    let guest = Guest::new();
    let listener = TcpListener::bind((listen, 0)).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let options = ConnectionOptions {
        source_address: Some((source.0.to_owned(), source.1)),
        ..ConnectionOptions::default()
    };
    let connection = guest.http(&address.to_string(), None, Some(&options))?;
    connection.connect()?;
    Ok(listener.accept().expect("it has connected").1)
}

#[test]
fn comes_from_the_source_address() -> Result<()> {
    let seen = seen_source("127.0.0.1", ("127.0.0.3", 0))?;
    assert_eq!(seen.ip().to_string(), "127.0.0.3");
    Ok(())
}

#[test]
fn comes_from_the_source_port() -> Result<()> {
    let port = Port::closed().number();
    let seen = seen_source("127.0.0.1", ("127.0.0.1", port))?;
    assert_eq!(seen.port(), port);
    Ok(())
}

#[test]
fn comes_from_an_ipv6_source() -> Result<()> {
    let port = Port::closed().number();
    let seen = seen_source("::1", ("::1", port))?;
    assert_eq!(seen.to_string(), format!("[::1]:{port}"));
    Ok(())
}

#[test]
fn a_source_chooses_the_addresses_of_its_family() -> Result<()> {
    let guest = Guest::builder().names(&["::1", "127.0.0.1"]).build();
    let peer = answer_on("127.0.0.1:0");
    let options = ConnectionOptions {
        source_address: Some(("127.0.0.1".to_owned(), 0)),
        ..ConnectionOptions::default()
    };
    assert_ok(&guest.http("example.com", peer.port(), Some(&options))?);
    Ok(())
}

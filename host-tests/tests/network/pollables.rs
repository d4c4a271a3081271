//! Pollables that callers keep too long: none of them traps.

use harness::component::{Connection, Guest, Pollables, Result};
use harness::peer::{Peer, Step};

use crate::support::{OK, assert_ok, connect, nonblocking, patiently};

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";

#[test]
fn one_of_a_connection_outlives_its_socket() -> Result<()> {
    let steps = vec![
        Step::answers(&[OK]),
        Step::answers(&[OK]),
        Step::answers(&[OK]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(steps));
    let connection = connect(&guest, &peer);
    let mut kept = vec![connection.subscribe()];
    for _ in 0..3 {
        connection.connect()?;
        kept.push(connection.subscribe());
        assert_ok(&connection);
        kept.push(connection.subscribe());
        connection.close();
        kept.push(connection.subscribe());
    }
    drop(connection);
    drop(kept);
    guest.assert_works();
    Ok(())
}

#[test]
fn one_of_a_response_outlives_it() -> Result<()> {
    let half = vec![Step::AwaitHead, Step::send(HALF), Step::AwaitEnd];
    let (guest, peer) = (Guest::new(), Peer::script(vec![half, Step::answers(&[OK])]));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.read(Some(5))?, b"hello");
    let kept = response.subscribe();
    drop(response);
    assert_ok(&connection);
    drop(connection);
    drop(kept);
    guest.assert_works();
    Ok(())
}

/// Every pollable of a connection that opens without blocking.
fn opening(connection: &Connection) -> Result<Vec<Pollables>> {
    let mut kept = Vec::new();
    loop {
        match connection.connect() {
            Err(harness::component::Error::WouldBlock) => {
                kept.push(connection.subscribe());
                connection.subscribe().block();
            }
            result => return result.map(|()| kept),
        }
    }
}

#[test]
fn one_of_a_look_up_outlives_it() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(OK));
    let connection = guest.http("localhost", peer.port(), Some(&nonblocking()))?;
    let kept = opening(&connection)?;
    let request = || connection.request("GET", "/", None, &[]);
    patiently(|| connection.subscribe(), request)?;
    let response = patiently(|| connection.subscribe(), || connection.get_response())?;
    patiently(|| response.subscribe(), || response.read(None))?;
    drop((response, connection));
    drop(kept);
    guest.assert_works();
    Ok(())
}

#[test]
fn one_of_a_look_up_that_is_given_up_outlives_it() -> Result<()> {
    let guest = Guest::builder().unanswered_names().build();
    let connection = guest.http("example.com", None, Some(&nonblocking()))?;
    assert!(connection.connect().is_err());
    let kept = connection.subscribe();
    assert!(!kept.ready());
    connection.close();
    drop(connection);
    drop(kept);
    guest.assert_works();
    Ok(())
}

#[test]
fn one_of_an_address_that_lost_outlives_it() -> Result<()> {
    let guest = Guest::builder().names(&["127.0.0.9", "127.0.0.1"]).build();
    let peer = Peer::reply(OK);
    let connection = guest.http("example.com", peer.port(), Some(&nonblocking()))?;
    let kept = opening(&connection)?;
    drop(connection);
    drop(kept);
    guest.assert_works();
    Ok(())
}

#[test]
fn those_of_many_connections_outlive_them() -> Result<()> {
    const MANY: usize = 100;
    let (guest, peer) = (Guest::new(), Peer::script(vec![Step::answers(&[OK]); MANY]));
    let mut kept = Vec::new();
    for _ in 0..MANY {
        let connection = connect(&guest, &peer);
        connection.connect()?;
        kept.push(connection.subscribe());
        assert_ok(&connection);
    }
    drop(kept);
    guest.assert_works();
    Ok(())
}

#[test]
fn those_of_an_upgraded_stream_outlive_it() -> Result<()> {
    let switched = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
    let steps = vec![Step::AwaitHead, Step::send(switched), Step::AwaitEnd];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let stream = connect(&guest, &peer).fetch("GET", "/")?.upgrade()?;
    let kept = (stream.subscribe(), stream.subscribe_write());
    drop(stream);
    drop(kept);
    guest.assert_works();
    Ok(())
}

//! What the tests of failures share: a peer that fails once, and the proof that life goes on.

use harness::component::{Connection, Error, Guest, Result};
use harness::peer::{Peer, Step};

/// A whole response.
pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A peer whose first connection follows `steps`, and whose second answers with [`OK`].
pub fn once(steps: Vec<Step>) -> Peer {
    Peer::script(vec![steps, Step::answers(&[OK])])
}

/// The error of a call that must fail.
pub fn failure<T>(result: Result<T>) -> Error {
    match result {
        Ok(_) => panic!("this does not fail"),
        Err(error) => error,
    }
}

/// Asserts that the connection is idle and fetches [`OK`], and that the instance works.
pub fn assert_goes_on(guest: &Guest, connection: &Connection) {
    let response = connection.fetch("GET", "/").expect("a fresh socket");
    assert_eq!(response.status(), 200);
    assert_eq!(response.read(None).expect("a whole body"), b"ok");
    guest.assert_works();
}

/// The same, and that it was over a fresh socket, the second one that the peer sees.
pub fn assert_recovers(guest: &Guest, connection: &Connection, peer: &Peer) {
    assert_goes_on(guest, connection);
    assert_eq!(peer.connections(), 2);
}

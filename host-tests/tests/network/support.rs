//! What the tests share: options, replies, and errors that must come.

use std::time::Duration;

use harness::component::{
    Body, Connection, ConnectionOptions, Error, Guest, Phase, Pollables, Result, SocketError,
    SocketErrorCode,
};
use harness::peer::Peer;

/// A whole response.
pub const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// What WASI measures time in.
pub fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("it is short")
}

/// The options of a caller who waits without the component.
pub fn nonblocking() -> ConnectionOptions {
    ConnectionOptions {
        timeout: Some(0),
        ..ConnectionOptions::default()
    }
}

/// A connection to this peer.
pub fn connect(guest: &Guest, peer: &Peer) -> Connection {
    let connection = guest.http("127.0.0.1", peer.port(), None);
    connection.expect("a valid address")
}

/// The error of a call that must fail.
#[track_caller]
pub fn failure<T>(result: Result<T>) -> Error {
    match result {
        Ok(_) => panic!("this does not fail"),
        Err(error) => error,
    }
}

/// The error of a call that the network must fail.
#[track_caller]
pub fn socket_failure<T>(result: Result<T>) -> SocketError {
    match failure(result) {
        Error::Socket(error) => error,
        other => panic!("not the network's error: {other:?}"),
    }
}

/// Asserts what the network's error is, whichever addresses it names.
#[track_caller]
pub fn assert_socket(error: &SocketError, phase: Phase, code: SocketErrorCode) {
    let expected = Error::Socket(SocketError::new(phase, code));
    assert_eq!(Error::Socket(error.clone()), expected);
}

/// Repeats the call, as a caller who waits without the component, until it no longer would block.
pub fn patiently<T>(subscribe: impl Fn() -> Pollables, call: impl Fn() -> Result<T>) -> Result<T> {
    loop {
        match call() {
            Err(Error::WouldBlock) => subscribe().block(),
            result => return result,
        }
    }
}

/// The same body once more: the same bytes, file or stream.
pub fn again(body: &Body) -> Body {
    use wasmtime::component::Resource;
    match body {
        Body::Bytes(bytes) => Body::Bytes(bytes.clone()),
        Body::File(file) => Body::File(Resource::new_borrow(file.rep())),
        Body::Stream(stream) => Body::Stream(Resource::new_borrow(stream.rep())),
    }
}

/// Asserts that the connection fetches [`OK`].
#[track_caller]
pub fn assert_ok(connection: &Connection) {
    let response = connection.fetch("GET", "/").expect("a response");
    assert_eq!(response.status(), 200);
    assert_eq!(response.read(None).expect("a whole body"), b"ok");
}

/// All that the peer received on this connection once it has ended, as text.
pub fn received(peer: &Peer, connection: usize) -> String {
    String::from_utf8_lossy(&peer.all_received(connection)).into_owned()
}

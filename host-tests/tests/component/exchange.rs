//! What the tests of one exchange share: a peer with a reply, and what it received.

use harness::component::{
    Connection, ConnectionState, Error, Guest, HttpException, ImproperConnectionState, Response,
    Result,
};
use harness::peer::{Peer, Step};

/// A reply without a body, after which the connection stays open.
pub const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

/// A reply with `hello`, after which the connection stays open.
pub const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// The head of a plain `GET`, as [`sent`] gives it.
pub const PLAIN_GET: &str = "GET / HTTP/1.1\r\nHost: peer\r\nAccept-Encoding: identity\r\n\r\n";

/// A connection to this peer.
pub fn connect(guest: &Guest, peer: &Peer) -> Connection {
    guest
        .http("127.0.0.1", peer.port(), None)
        .expect("a valid address")
}

/// All that the peer received on this connection once it has ended: bytes as Latin-1, and the peer's
/// own address as `peer`.
pub fn received(peer: &Peer, connection: usize) -> String {
    let bytes = peer.all_received(connection);
    let text: String = bytes.into_iter().map(char::from).collect();
    text.replace(&peer.address().to_string(), "peer")
}

/// What goes over the wire when `ask` sends a request, which is then answered.
pub fn sent(ask: impl FnOnce(&Guest, &Connection) -> Result<()>) -> Result<String> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    ask(&guest, &connection)?;
    connection.get_response()?;
    connection.close();
    Ok(received(&peer, 0))
}

/// The error of `ask`, which must leave an idle connection as it was, with nothing sent.
pub fn refused(ask: impl FnOnce(&Guest, &Connection) -> Result<()>) -> Result<Error> {
    let (guest, peer) = (Guest::new(), Peer::reply(NO_CONTENT));
    let connection = connect(&guest, &peer);
    let error = ask(&guest, &connection).expect_err("it can't be sent");
    connection.fetch("GET", "/")?;
    connection.close();
    assert_eq!(received(&peer, 0), PLAIN_GET);
    Ok(error)
}

/// A response and all that keeps it alive, to be dropped in this order.
pub struct Answered {
    pub response: Response,
    pub connection: Connection,
    pub peer: Peer,
}

/// The response that these bytes are to a `GET`.
pub fn answered(reply: impl AsRef<[u8]>) -> Result<Answered> {
    answered_to("GET", reply)
}

/// The response that these bytes are to a request with this method.
pub fn answered_to(method: &str, reply: impl AsRef<[u8]>) -> Result<Answered> {
    scripted_answer(method, Step::answers(&[reply.as_ref()]))
}

/// The response to a request with this method by a peer that follows this script.
pub fn scripted_answer(method: &str, steps: Vec<Step>) -> Result<Answered> {
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = connect(&guest, &peer);
    let response = connection.fetch(method, "/")?;
    Ok(Answered {
        response,
        connection,
        peer,
    })
}

/// The error of a `GET` that is answered so.
pub fn failed(reply: impl AsRef<[u8]>) -> Error {
    match answered(reply) {
        Ok(_) => panic!("it was taken for a response"),
        Err(error) => error,
    }
}

/// `cannot-send-request`.
pub fn cannot_send_request(state: ConnectionState) -> Error {
    improper(ImproperConnectionState::CannotSendRequest(state))
}

/// `cannot-send-header`.
pub fn cannot_send_header(state: ConnectionState) -> Error {
    improper(ImproperConnectionState::CannotSendHeader(state))
}

/// `response-not-ready`.
pub fn response_not_ready(state: ConnectionState) -> Error {
    improper(ImproperConnectionState::ResponseNotReady(state))
}

fn improper(what: ImproperConnectionState) -> Error {
    Error::Http(HttpException::ImproperConnectionState(what))
}

/// Asserts that a value is of this variant.
macro_rules! assert_matches {
    ($value:expr, $pattern:pat $(if $guard:expr)?) => {
        match $value {
            $pattern $(if $guard)? => {}
            other => panic!("{other:?} is not {}", stringify!($pattern $(if $guard)?)),
        }
    };
}
pub(crate) use assert_matches;

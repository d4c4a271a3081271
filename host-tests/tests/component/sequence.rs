//! One request after the other: a second one while the first response is unread, what follows a
//! failure, and how a socket that the server closed is replaced.

use std::net::{SocketAddr, TcpListener};

use harness::component::{
    Connection, ConnectionState, Error, Guest, HttpException, Phase, Result, SocketError,
    SocketErrorCode, bytes,
};
use harness::peer::{Ending, Peer, Step};

use super::exchange::{
    HELLO, NO_CONTENT, PLAIN_GET, assert_matches, cannot_send_request, connect, received,
    response_not_ready,
};

use ConnectionState::{Idle, RequestSent};

#[test]
fn get_response_is_not_ready_while_the_last_response_is_unread() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::reply(HELLO));
    let connection = connect(&guest, &peer);
    let response = connection.fetch("GET", "/")?;
    let refused = connection.get_response().err();
    assert_eq!(refused, Some(response_not_ready(Idle)));
    assert_eq!(response.read(None)?, b"hello");
    Ok(())
}

#[test]
fn a_second_request_may_be_sent_while_the_first_response_is_unread() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[HELLO, NO_CONTENT]));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/first")?;
    connection.request("GET", "/second", None, &[])?;
    peer.wait_received(0, "GET /second HTTP/1.1\r\n");
    let refused = connection.get_response().err();
    assert_eq!(refused, Some(response_not_ready(RequestSent)));
    assert_eq!(first.read(None)?, b"hello");
    assert_eq!(connection.get_response()?.status(), 204);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn a_third_request_is_refused_while_the_first_response_is_unread() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[HELLO, HELLO]));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/first")?;
    connection.request("GET", "/second", None, &[])?;
    let third = connection.request("GET", "/third", None, &[]);
    assert_eq!(third, Err(cannot_send_request(RequestSent)));
    assert_eq!(first.read(None)?, b"hello");
    assert_eq!(connection.get_response()?.read(None)?, b"hello");
    Ok(())
}

#[test]
fn the_second_response_may_arrive_with_the_first() -> Result<()> {
    let both = [
        HELLO,
        b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nhi",
    ]
    .concat();
    let script = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
        Step::AwaitHead,
        Step::send([b"world", &both[HELLO.len()..]].concat()),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![script]));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/first")?;
    connection.request("GET", "/second", None, &[])?;
    assert_eq!(first.read(None)?, b"helloworld");
    let second = connection.get_response()?;
    assert_eq!((second.status(), second.read(None)?), (201, b"hi".to_vec()));
    Ok(())
}

#[test]
fn an_empty_line_between_two_responses_is_skipped_where_the_second_was_asked_for() -> Result<()> {
    let script = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"),
        Step::AwaitHead,
        Step::send([b"lo\r\n", NO_CONTENT].concat()),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![script]));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/first")?;
    connection.request("GET", "/second", None, &[])?;
    assert_eq!(first.read(None)?, b"hello");
    assert_eq!(connection.get_response()?.status(), 204);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn a_second_request_is_lost_with_the_unread_response_before_it() -> Result<()> {
    let unread = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello";
    let script = vec![
        vec![Step::AwaitHead, Step::send(unread), Step::AwaitEnd],
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/first")?;
    connection.request("GET", "/second", None, &[])?;
    drop(first);
    let lost = connection.get_response().err();
    assert_eq!(lost, Some(Error::Http(HttpException::NotConnected)));
    assert_eq!(connection.fetch("GET", "/third")?.status(), 204);
    Ok(())
}

#[test]
fn connect_does_not_bring_a_lost_request_back() -> Result<()> {
    let unread = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello";
    let script = vec![
        vec![Step::AwaitHead, Step::send(unread), Step::AwaitEnd],
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let first = connection.fetch("GET", "/first")?;
    connection.request("GET", "/second", None, &[])?;
    drop(first);
    let lost = Error::Http(HttpException::NotConnected);
    assert_eq!(connection.connect(), Err(lost));
    assert_idle(&connection, &peer)
}

#[test]
fn a_response_without_body_is_complete_at_once() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[NO_CONTENT, HELLO]));
    let connection = connect(&guest, &peer);
    let _unread = connection.fetch("GET", "/")?;
    assert_eq!(connection.fetch("GET", "/")?.read(None)?, b"hello");
    assert_eq!(peer.connections(), 1);
    Ok(())
}

/// Asserts that the connection is idle and that its next request is answered on a socket of its own.
pub fn assert_idle(connection: &Connection, peer: &Peer) -> Result<()> {
    let before = peer.connections();
    let refused = connection.get_response().err();
    assert_eq!(refused, Some(response_not_ready(Idle)));
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    connection.close();
    assert_eq!(received(peer, before), PLAIN_GET);
    Ok(())
}

/// An address at which nobody listens, on a part of loopback that no other test uses.
fn nobody(address: &str) -> SocketAddr {
    let listener = TcpListener::bind(address).expect("loopback has a free port");
    listener.local_addr().expect("it is bound")
}

#[test]
fn a_failed_connect_leads_to_idle() -> Result<()> {
    let guest = Guest::new();
    let address = nobody("127.0.0.10:0");
    let connection = guest.http(&address.to_string(), None, None)?;
    let refused = Error::Socket(SocketError::new(
        Phase::Connect,
        SocketErrorCode::ConnectionRefused,
    ));
    assert_eq!(connection.request("GET", "/", None, &[]), Err(refused));
    let peer = Peer::script_on(&address.to_string(), vec![Step::answers(&[NO_CONTENT])]);
    assert_idle(&connection, &peer)
}

#[test]
fn a_connect_that_fails_in_end_headers_leads_to_idle() -> Result<()> {
    let guest = Guest::new();
    let address = nobody("127.0.0.11:0");
    let connection = guest.http(&address.to_string(), None, None)?;
    connection.put_request("GET", "/failed")?;
    assert_matches!(connection.end_headers(None), Err(Error::Socket(_)));
    let peer = Peer::script_on(&address.to_string(), vec![Step::answers(&[NO_CONTENT])]);
    assert_idle(&connection, &peer)
}

#[test]
fn a_failed_send_leads_to_idle() -> Result<()> {
    let script = vec![
        vec![Step::AwaitHead, Step::Reset],
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    connection.put_request("PUT", "/")?;
    connection.put_header("Content-Length", &["1000000000"])?;
    connection.end_headers(None)?;
    assert_eq!(peer.ending(0), Ending::Done);
    let block = || bytes(vec![0; 1 << 20]).expect("a body");
    let failure = (0..900).find_map(|_| connection.send(block()).err());
    assert_matches!(
        failure,
        Some(Error::Socket(SocketError {
            phase: Phase::Send,
            ..
        }))
    );
    assert_idle(&connection, &peer)
}

#[test]
fn a_server_that_leaves_before_its_reply_leads_to_idle() -> Result<()> {
    let script = vec![
        vec![Step::AwaitHead, Step::Close],
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let failure = connection.fetch("GET", "/").err();
    assert_eq!(
        failure,
        Some(Error::Http(HttpException::RemoteDisconnected))
    );
    assert_idle(&connection, &peer)
}

#[test]
fn a_reset_before_the_reply_leads_to_idle() -> Result<()> {
    let script = vec![
        vec![Step::AwaitHead, Step::Reset],
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let failure = connection.fetch("GET", "/").err();
    let reset = SocketError::new(Phase::Receive, SocketErrorCode::ConnectionReset);
    assert_eq!(failure, Some(Error::Socket(reset)));
    assert_idle(&connection, &peer)
}

#[test]
fn a_reply_that_is_no_response_leads_to_idle() -> Result<()> {
    let script = vec![
        Step::answers(&[b"HTTP/1.1 what\r\n\r\n"]),
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    assert_matches!(
        connection.fetch("GET", "/").err(),
        Some(Error::Http(HttpException::BadStatusLine(_)))
    );
    assert_idle(&connection, &peer)
}

#[test]
fn a_body_that_is_cut_short_leads_to_a_fresh_socket() -> Result<()> {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    let script = vec![Step::answers(&[cut]), Step::answers(&[NO_CONTENT])];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    assert_matches!(
        connection.fetch("GET", "/")?.read(None),
        Err(Error::Http(HttpException::IncompleteRead(_)))
    );
    assert_idle(&connection, &peer)
}

/// A connection whose first response is read, and whose server then does what `then` says; a second
/// socket is answered.
fn kept_alive(guest: &Guest, then: Vec<Step>) -> Result<(Connection, Peer)> {
    let mut first = Step::answers(&[HELLO]);
    first.extend(then);
    let peer = Peer::script(vec![first, Step::answers(&[NO_CONTENT])]);
    let connection = connect(guest, &peer);
    assert_eq!(connection.fetch("GET", "/first")?.read(None)?, b"hello");
    Ok((connection, peer))
}

#[test]
fn a_socket_that_was_closed_while_idle_is_replaced() -> Result<()> {
    let guest = Guest::new();
    let (connection, peer) = kept_alive(&guest, vec![Step::Close])?;
    assert_eq!(peer.ending(0), Ending::Done);
    assert_eq!(connection.fetch("GET", "/second")?.status(), 204);
    assert_eq!(peer.connections(), 2);
    Ok(())
}

#[test]
fn a_socket_that_is_seen_to_be_closed_is_replaced_for_any_method() -> Result<()> {
    let guest = Guest::new();
    let (connection, peer) = kept_alive(&guest, vec![Step::Close])?;
    assert_eq!(peer.ending(0), Ending::Done);
    connection.see();
    connection.request("POST", "/second", bytes("form"), &[])?;
    assert_eq!(connection.get_response()?.status(), 204);
    connection.close();
    assert!(received(&peer, 1).ends_with("\r\n\r\nform"));
    Ok(())
}

#[test]
fn a_get_whose_kept_alive_socket_is_closed_unanswered_is_repeated() -> Result<()> {
    let guest = Guest::new();
    let (connection, peer) = kept_alive(&guest, vec![Step::AwaitHead, Step::Close])?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    connection.close();
    assert_eq!(received(&peer, 1), PLAIN_GET);
    Ok(())
}

#[test]
fn a_get_whose_kept_alive_socket_is_reset_unanswered_is_repeated() -> Result<()> {
    let guest = Guest::new();
    let (connection, peer) = kept_alive(&guest, vec![Step::AwaitHead, Step::Reset])?;
    assert_eq!(connection.fetch("GET", "/")?.status(), 204);
    connection.close();
    assert_eq!(received(&peer, 1), PLAIN_GET);
    Ok(())
}

#[test]
fn a_put_is_repeated_with_its_body() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::await_marker("contents"), Step::Close];
    let (connection, peer) = kept_alive(&guest, then)?;
    connection.request("PUT", "/", bytes("contents"), &[])?;
    assert_eq!(connection.get_response()?.status(), 204);
    connection.close();
    let expected = "\r\nContent-Length: 8\r\n\r\ncontents";
    assert!(received(&peer, 1).ends_with(expected));
    Ok(())
}

#[test]
fn a_post_is_not_repeated() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::await_marker("form"), Step::Close];
    let (connection, peer) = kept_alive(&guest, then)?;
    connection.request("POST", "/second", bytes("form"), &[])?;
    let failure = connection.get_response().err();
    assert_eq!(
        failure,
        Some(Error::Http(HttpException::RemoteDisconnected))
    );
    assert_idle(&connection, &peer)
}

#[test]
fn a_get_whose_answer_has_begun_is_not_repeated() -> Result<()> {
    let guest = Guest::new();
    let then = vec![Step::AwaitHead, Step::send("HTTP/1.1 20"), Step::Close];
    let (connection, peer) = kept_alive(&guest, then)?;
    assert_matches!(
        connection.fetch("GET", "/second").err(),
        Some(Error::Http(HttpException::Malformed(_)))
    );
    assert_idle(&connection, &peer)
}

#[test]
fn a_get_is_repeated_only_once() -> Result<()> {
    let guest = Guest::new();
    let close = || vec![Step::AwaitHead, Step::Close];
    let first = [Step::answers(&[HELLO]), close()].concat();
    let script = vec![first, close(), Step::answers(&[NO_CONTENT])];
    let peer = Peer::script(script);
    let connection = connect(&guest, &peer);
    connection.fetch("GET", "/first")?.read(None)?;
    let failure = connection.fetch("GET", "/second").err();
    assert_eq!(
        failure,
        Some(Error::Http(HttpException::RemoteDisconnected))
    );
    assert_idle(&connection, &peer)
}

#[test]
fn a_get_on_a_fresh_socket_is_not_repeated() -> Result<()> {
    let script = vec![
        vec![Step::AwaitHead, Step::Close],
        Step::answers(&[NO_CONTENT]),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(script));
    let connection = connect(&guest, &peer);
    let failure = connection.fetch("GET", "/first").err();
    assert_eq!(
        failure,
        Some(Error::Http(HttpException::RemoteDisconnected))
    );
    assert_idle(&connection, &peer)
}

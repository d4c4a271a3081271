//! Calls out of order: `ImproperConnectionState`. Nothing changes.

use harness::component::{
    ConnectionState, Error, Guest, HttpException, ImproperConnectionState, Result, bytes,
};
use harness::peer::{Peer, Step};

use crate::support::{OK, assert_goes_on, failure};
use ConnectionState::{Idle, RequestSent, RequestStarted};
use ImproperConnectionState::{CannotSendHeader, CannotSendRequest, ResponseNotReady};

#[track_caller]
fn assert_out_of_order<T>(result: Result<T>, expected: ImproperConnectionState) {
    let expected = HttpException::ImproperConnectionState(expected);
    assert_eq!(failure(result), Error::Http(expected));
}

#[test]
fn says_cannot_send_request_before_the_last_one_was_answered() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::replies(&[OK, OK]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.put_request("GET", "/")?;
    assert_out_of_order(
        connection.put_request("GET", "/"),
        CannotSendRequest(RequestStarted),
    );
    assert_out_of_order(
        connection.request("GET", "/", None, &[]),
        CannotSendRequest(RequestStarted),
    );
    connection.end_headers(None)?;
    assert_out_of_order(
        connection.put_request("GET", "/"),
        CannotSendRequest(RequestSent),
    );
    assert_out_of_order(
        connection.request("GET", "/", None, &[]),
        CannotSendRequest(RequestSent),
    );
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    assert_goes_on(&guest, &connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn says_cannot_send_request_for_a_body_without_a_head() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::reply(OK);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let send = || connection.send(bytes("body").expect("a body"));
    assert_out_of_order(send(), CannotSendRequest(Idle));
    connection.put_request("POST", "/")?;
    assert_out_of_order(send(), CannotSendRequest(RequestStarted));
    connection.close();
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_cannot_send_header_outside_a_request_that_was_started() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::replies(&[OK, OK]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    for state in [Idle, RequestSent] {
        assert_out_of_order(connection.put_header("a", &["b"]), CannotSendHeader(state));
        assert_out_of_order(connection.end_headers(None), CannotSendHeader(state));
        if state == Idle {
            connection.request("GET", "/", None, &[])?;
        }
    }
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    assert_goes_on(&guest, &connection);
    Ok(())
}

#[test]
fn says_response_not_ready_without_a_complete_request() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::AwaitBytes(4),
        Step::send(OK),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    assert_out_of_order(connection.get_response().map(drop), ResponseNotReady(Idle));
    connection.put_request("POST", "/")?;
    connection.put_header("Content-Length", &["4"])?;
    let not_ready = || connection.get_response().map(drop);
    assert_out_of_order(not_ready(), ResponseNotReady(RequestStarted));
    connection.end_headers(bytes("ab"))?;
    assert_out_of_order(not_ready(), ResponseNotReady(RequestSent));
    connection.send(bytes("cd").expect("a body"))?;
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    assert_goes_on(&guest, &connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn says_response_not_ready_while_the_last_response_has_unread_body() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::replies(&[OK, OK, OK]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    let first = connection.fetch("GET", "/1")?;
    connection.request("GET", "/2", None, &[])?;
    let not_ready = connection.get_response().map(drop);
    assert_out_of_order(not_ready, ResponseNotReady(RequestSent));
    assert_eq!(first.read(None)?, b"ok");
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    assert_goes_on(&guest, &connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn says_value_for_more_body_than_was_announced_and_sends_nothing_of_it() -> Result<()> {
    let guest = Guest::new();
    let peer = Peer::script(vec![vec![
        Step::AwaitHead,
        Step::AwaitBytes(4),
        Step::send(OK),
        Step::AwaitHead,
        Step::send(OK),
    ]]);
    let connection = guest.http("127.0.0.1", peer.port(), None)?;
    connection.put_request("POST", "/")?;
    connection.put_header("Content-Length", &["4"])?;
    connection.end_headers(bytes("ab"))?;
    let error = failure(connection.send(bytes("cde").expect("a body")));
    assert!(matches!(error, Error::Value(_)), "{error:?}");
    connection.send(bytes("cd").expect("a body"))?;
    assert_eq!(connection.get_response()?.read(None)?, b"ok");
    assert_goes_on(&guest, &connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

//! Servers that answer before they have the whole request.

use alloc::vec;

use crate::client::testing::{Client, block_on, bytes, fields, seconds};
use core::task::Poll;

use crate::client::{Body, Error};
use crate::transport::{Phase, SocketErrorCode};

const REFUSED: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n";
const WELCOME: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

fn large() -> Option<Body<'static>> {
    Some(Body::Bytes(vec![b'x'; 1_000_000]))
}

#[test]
fn a_body_that_is_refused_while_it_waits_for_room_is_abandoned() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.wire().room = 100_000;
    let refuses = peer.clone();
    client.network.at(seconds(1), move || refuses.say(REFUSED));
    client
        .request("PUT", large(), &[])
        .expect("what is refused need not be sent");
    assert_eq!(peer.wire().outbound.len(), 100_000);
    let response = client.response().expect("the refusal");
    assert_eq!(response.head().status, 413);
    assert!(response.will_close(), "the request has no end");
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_body_that_is_welcome_goes_on_behind_an_early_answer() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.wire().room = 100_000;
    peer.say(WELCOME);
    let reads_on = peer.clone();
    client
        .network
        .at(seconds(1), move || reads_on.wire().room = usize::MAX);
    client.request("PUT", large(), &[]).expect("it is sent");
    assert!(peer.wire().outbound.len() > 1_000_000);
    let response = client.response().expect("the answer");
    assert!(!response.will_close());
    client.assert_goes_on(&peer);
}

#[test]
fn an_answer_is_worth_more_than_the_failure_behind_it() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.say(REFUSED);
    peer.wire().broken = true;
    client.request("PUT", large(), &[]).expect("it is answered");
    assert_eq!(client.response().expect("the refusal").head().status, 413);
}

#[test]
fn a_failure_without_an_answer_is_a_failure() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.wire().broken = true;
    let error = client.request("PUT", large(), &[]);
    let Err(Error::Socket { phase, code, .. }) = error else {
        panic!("{error:?}");
    };
    assert_eq!((phase, code), (Phase::Send, SocketErrorCode::BrokenPipe));
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn what_send_brings_after_a_refusal_is_not_sent() {
    let mut client = Client::new();
    let peer = client.network.connect();
    client
        .request("PUT", None, &[("Content-Length", "1000000")])
        .expect("the head is sent");
    let head = peer.wire().outbound.len();
    peer.say(REFUSED);
    peer.wire().room = 0;
    assert_eq!(client.send("a"), Ok(()));
    assert_eq!(client.send("b"), Ok(()));
    assert_eq!(peer.wire().outbound.len(), head);
    assert_eq!(client.response().expect("the refusal").head().status, 413);
}

#[test]
fn a_call_that_is_made_again_sends_nothing_twice() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let (mut body, headers) = (bytes("contents"), fields(&[]));
    peer.wire().room = 20;
    let poll = client
        .connection
        .poll_request("PUT", "/", &mut body, &headers);
    assert!(poll.is_pending());
    for _ in 0..20 {
        peer.wire().room = 10;
        let mut again = bytes("contents");
        let connection = &mut client.connection;
        if connection
            .poll_request("PUT", "/", &mut again, &headers)
            .is_ready()
        {
            break;
        }
    }
    assert_eq!(peer.heard().matches("contents").count(), 1);
    peer.say(WELCOME);
    let connection = &mut client.connection;
    let response = block_on(&client.network, connection, |it| it.poll_response());
    assert_eq!(response.expect("a response").head().status, 200);
}

#[test]
fn an_answer_can_be_read_while_its_request_goes_on() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.wire().room = 100_000;
    let mut body = large();
    let mut send = |client: &mut Client| client.connection.poll_request("PUT", "/", &mut body, &[]);
    while peer.wire().outbound.is_empty() {
        assert!(send(&mut client).is_pending());
    }
    assert!(client.connection.take_early_response().is_none());

    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assert!(send(&mut client).is_pending());
    let response = client.connection.take_early_response();
    let mut rest = |client: &mut Client| client.connection.poll_rest(&mut body);
    let mut response = response.expect("it is here").expect("a response");
    assert_eq!(client.read(&mut response), Ok(b"hello".to_vec()));

    assert!(rest(&mut client).is_pending());
    peer.wire().room = usize::MAX;
    assert_eq!(rest(&mut client), Poll::Ready(Ok(())));
    assert!(peer.wire().outbound.len() > 1_000_000);
    client.assert_goes_on(&peer);
}

#[test]
fn a_request_that_fails_behind_its_answer_leaves_that_readable() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.wire().room = 100_000;
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    let mut body = large();
    let mut send = |client: &mut Client| client.connection.poll_request("PUT", "/", &mut body, &[]);
    let early = loop {
        assert!(send(&mut client).is_pending());
        if let Some(early) = client.connection.take_early_response() {
            break early;
        }
    };
    peer.wire().broken = true;
    let error = match client.connection.poll_rest(&mut body) {
        Poll::Ready(Err(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(
        matches!(
            error,
            Error::Socket {
                phase: Phase::Send,
                ..
            }
        ),
        "{error:?}"
    );
    let mut response = early.expect("a response");
    assert_eq!(client.read(&mut response), Ok(b"hello".to_vec()));
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_response_that_was_there_before_the_request_is_the_last_of_its_connection() {
    let mut client = Client::new();
    let peer = client.network.connect();
    client.connect().expect("it is open");
    peer.say(WELCOME);
    client.get().expect("it is sent");
    let response = client.response().expect("what was there before");
    assert_eq!(response.head().status, 200);
    // What the peer says next may be the answer to that request.
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_response_that_came_with_the_tunnel_is_the_last_of_its_connection() {
    let mut client = Client::new();
    client
        .connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    let proxy = client.network.connect();
    proxy.say("HTTP/1.1 200 OK\r\n\r\n");
    proxy.say(WELCOME);
    let next = client.network.connect();
    client.get().expect("it is sent");
    let response = client.response().expect("what was there before");
    assert_eq!(response.head().status, 200);
    next.say("HTTP/1.1 200 OK\r\n\r\n");
    client.connect().expect("a tunnel of its own");
    assert_eq!(client.network.dialed().len(), 2);
}

#[test]
fn an_empty_line_behind_the_reply_of_a_proxy_means_nothing() {
    let mut client = Client::new();
    client
        .connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    let proxy = client.network.connect();
    proxy.say("HTTP/1.1 200 OK\r\n\r\n\r\n");
    client.get().expect("it is sent");
    proxy.say(WELCOME);
    client.response().expect("a response");
    client.assert_goes_on(&proxy);
}

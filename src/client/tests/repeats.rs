//! Requests that are sent again, where the server has closed an idle stream.

use crate::client::testing::{Client, NO_CONTENT, bytes, seconds};
use crate::client::{Error, HttpException};
use crate::transport::scripted::Peer;

/// A connection over which one response has come.
fn used() -> (Client, Peer) {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.say(NO_CONTENT);
    client.get().expect("it is sent");
    client.response().expect("a response");
    (client, peer)
}

#[test]
fn a_stream_that_was_closed_while_idle_is_replaced_before_anything_is_sent() {
    let (mut client, peer) = used();
    let heard = peer.heard();
    peer.end();
    let next = client.network.connect();
    client
        .request("POST", bytes("form"), &[])
        .expect("it is sent");
    assert_eq!(peer.heard(), heard);
    assert!(next.heard().ends_with("form"));
}

#[test]
fn bytes_that_nobody_asked_for_spoil_an_idle_stream() {
    let (mut client, peer) = used();
    peer.say("HTTP/1.1 200 OK\r\n\r\n");
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_safe_request_that_meets_the_end_of_an_idle_stream_is_repeated() {
    for body in [None, Some("contents")] {
        let (mut client, peer) = used();
        let next = client.network.connect();
        client
            .request("PUT", body.and_then(bytes), &[])
            .expect("it is sent");
        let ends = peer.clone();
        client.network.at(seconds(1), move || ends.end());
        let answers = next.clone();
        client
            .network
            .at(seconds(2), move || answers.say(NO_CONTENT));
        assert_eq!(client.response().expect("a response").head().status, 204);
        assert!(next.heard().starts_with("PUT / HTTP/1.1\r\n"));
        assert!(next.heard().ends_with(body.unwrap_or("\r\n\r\n")));
    }
}

#[test]
fn it_is_repeated_once() {
    let (mut client, peer) = used();
    let next = client.network.connect();
    client.get().expect("it is sent");
    peer.end();
    next.end();
    let gone = Error::Http(HttpException::RemoteDisconnected);
    assert_eq!(client.response().err(), Some(gone));
}

#[test]
fn what_is_not_safe_is_not_repeated() {
    let (mut client, peer) = used();
    client
        .request("POST", bytes("form"), &[])
        .expect("it is sent");
    peer.end();
    let gone = Error::Http(HttpException::RemoteDisconnected);
    assert_eq!(client.response().err(), Some(gone));
}

#[test]
fn what_was_answered_in_part_is_not_repeated() {
    let (mut client, peer) = used();
    client.get().expect("it is sent");
    peer.say("HTTP/1.1 2");
    peer.end();
    let error = client.response().err();
    assert!(
        matches!(&error, Some(Error::Http(it)) if *it != HttpException::RemoteDisconnected),
        "{error:?}"
    );
}

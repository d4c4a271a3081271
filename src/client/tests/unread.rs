//! What a request behind an unread response may take from it.

use crate::client::testing::{Client, NO_CONTENT, bytes};
use crate::client::{Error, HttpException, Response};
use crate::transport::scripted::{Peer, Scripts};
use crate::transport::{Phase, SocketErrorCode};

/// A response of which `hello` has come, and `world` is missing.
fn half_read(client: &mut Client, peer: &Peer) -> Response<Scripts> {
    client.get().expect("it is sent");
    peer.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    let response = client.response().expect("a response");
    assert_eq!(response.length(), Some(10));
    response
}

#[test]
fn a_request_that_can_not_be_sent_takes_nothing_from_the_response_before_it() {
    let mut client = Client::new();
    let (peer, next) = (client.network.connect(), client.network.connect());
    let mut response = half_read(&mut client, &peer);
    peer.wire().broken = true;
    let error = client.request("POST", bytes("form"), &[]);
    let broken = |error| {
        matches!(
            error,
            Err(Error::Socket {
                phase: Phase::Send,
                code: SocketErrorCode::BrokenPipe,
                ..
            })
        )
    };
    assert!(broken(error));
    peer.say("world");
    client.assert_goes_on(&next);
    assert_eq!(client.read(&mut response), Ok(b"helloworld".to_vec()));
    assert!(response.is_closed());
}

#[test]
fn what_is_missing_of_that_response_is_told_behind_what_came() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let mut response = half_read(&mut client, &peer);
    peer.wire().broken = true;
    peer.end();
    assert!(client.request("POST", bytes("form"), &[]).is_err());
    assert_eq!(client.read_some(&mut response, 3), Ok(b"hel".to_vec()));
    let cut = HttpException::IncompleteRead {
        partial: b"lo".to_vec(),
        expected: Some(5),
    };
    assert_eq!(client.read(&mut response), Err(Error::Http(cut)));
}

#[test]
fn a_request_that_is_repeated_takes_nothing_from_the_response_before_it() {
    let mut client = Client::new();
    let (peer, next) = (client.network.connect(), client.network.connect());
    let mut response = half_read(&mut client, &peer);
    peer.wire().broken = true;
    client.get().expect("it is repeated");
    assert!(next.heard().starts_with("GET / HTTP/1.1\r\n"));
    peer.say("world");
    next.say(NO_CONTENT);
    let second = client.response().expect("a response");
    assert_eq!(second.head().status, 204);
    assert_eq!(client.read(&mut response), Ok(b"helloworld".to_vec()));
}

#[test]
fn close_takes_the_rest_of_a_response() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let mut response = half_read(&mut client, &peer);
    client.connection.close();
    let gone = Error::Http(HttpException::NotConnected);
    assert_eq!(client.read(&mut response), Err(gone));
}

#[test]
fn a_request_behind_a_response_that_closes_the_stream_is_lost_with_it() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let mut response = half_read(&mut client, &peer);
    client.get().expect("it is sent");
    response.close();
    let gone = Error::Http(HttpException::NotConnected);
    assert_eq!(client.connect(), Err(gone));
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_body_behind_an_unread_response_waits_for_no_word_of_the_server() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let mut response = half_read(&mut client, &peer);
    let expect = [("Expect", "100-continue")];
    client
        .request("PUT", bytes("contents"), &expect)
        .expect("it is sent");
    assert!(peer.heard().ends_with("\r\n\r\ncontents"));
    peer.say("world");
    peer.say("HTTP/1.1 100 Continue\r\n\r\n");
    peer.say(NO_CONTENT);
    assert_eq!(client.read(&mut response), Ok(b"helloworld".to_vec()));
    let second = client.response().expect("a response");
    assert_eq!(
        (second.head().status, second.interim_responses().len()),
        (204, 1)
    );
}

#[test]
fn a_response_that_is_read_to_its_end_frees_the_stream_for_the_request_behind_it() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let mut response = half_read(&mut client, &peer);
    client.get().expect("it is sent");
    peer.say("world");
    peer.say(NO_CONTENT);
    assert!(client.response().is_err(), "the first is unread");
    assert_eq!(client.read(&mut response), Ok(b"helloworld".to_vec()));
    assert_eq!(client.response().expect("a response").head().status, 204);
    client.assert_goes_on(&peer);
}

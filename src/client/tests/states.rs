//! Each call in each state.

use crate::client::testing::{Client, NO_CONTENT, bytes};
use crate::client::{
    AcceptEncoding, ConnectionState, Error, Host, ImproperConnectionState as Improper, On, Waits,
};
use crate::transport::Interest;
use crate::transport::scripted::Peer;

/// A call, and in which states it is in order.
type Call = (fn(&mut Client) -> Result<(), Error>, [Allowed; 3]);

/// What a call makes of a state.
#[derive(Clone, Copy)]
enum Allowed {
    /// It goes, and leads to this one.
    To(ConnectionState),
    /// It does not, and changes nothing.
    Not(fn(ConnectionState) -> Improper),
}

use Allowed::{Not, To};
use ConnectionState::{Idle, RequestSent, RequestStarted};

const STATES: [ConnectionState; 3] = [Idle, RequestStarted, RequestSent];

/// A connection in that state, and its first peer.
fn in_state(state: ConnectionState) -> (Client, Peer) {
    let mut client = Client::new();
    let peer = client.network.connect();
    match state {
        Idle => {}
        RequestStarted => put_request(&mut client).expect("it is idle"),
        RequestSent => client.get().expect("it is idle"),
    }
    (client, peer)
}

fn put_request(client: &mut Client) -> Result<(), Error> {
    let (host, accept_encoding) = (Host::Automatic, AcceptEncoding::Automatic);
    client
        .connection
        .put_request("GET", "/", host, accept_encoding)
}

/// Which state it is in: found out by what each refuses.
fn state_of(client: &mut Client) -> ConnectionState {
    match client.connection.put_header("A", &["b".into()]) {
        Ok(()) => RequestStarted,
        Err(Error::Http(crate::client::HttpException::ImproperConnectionState(
            Improper::CannotSendHeader(state),
        ))) => state,
        Err(error) => panic!("{error:?}"),
    }
}

#[test]
fn each_call_goes_in_its_states_and_changes_nothing_in_others() {
    let send: fn(ConnectionState) -> Improper = Improper::CannotSendRequest;
    let header: fn(ConnectionState) -> Improper = Improper::CannotSendHeader;
    let receive: fn(ConnectionState) -> Improper = Improper::ResponseNotReady;
    let calls: [Call; 9] = [
        (put_request, [To(RequestStarted), Not(send), Not(send)]),
        (Client::get, [To(RequestSent), Not(send), Not(send)]),
        (
            |it| it.connection.put_header("A", &["b".into()]),
            [Not(header), To(RequestStarted), Not(header)],
        ),
        (
            |it| it.end_headers(None),
            [Not(header), To(RequestSent), Not(header)],
        ),
        (|it| it.send(""), [Not(send), Not(send), To(RequestSent)]),
        (
            |it| it.response().map(drop),
            [Not(receive), Not(receive), To(Idle)],
        ),
        (
            Client::connect,
            [To(Idle), To(RequestStarted), To(RequestSent)],
        ),
        (
            |it| {
                it.connection.close();
                Ok(())
            },
            [To(Idle), To(Idle), To(Idle)],
        ),
        (
            |it| it.request("GET", bytes(""), &[]),
            [To(RequestSent), Not(send), Not(send)],
        ),
    ];
    for (index, (call, outcomes)) in calls.into_iter().enumerate() {
        for (state, outcome) in STATES.into_iter().zip(outcomes) {
            let (mut client, peer) = in_state(state);
            peer.say(NO_CONTENT);
            let (result, after) = match outcome {
                To(after) => (Ok(()), after),
                Not(improper) => (Err(improper(state).into()), state),
            };
            assert_eq!(call(&mut client), result, "call {index} in {state:?}");
            assert_eq!(state_of(&mut client), after, "call {index} in {state:?}");
        }
    }
}

#[test]
fn a_tunnel_and_a_proxy_are_set_before_anything_is_open() {
    for state in STATES {
        let (mut client, _peer) = in_state(state);
        let set = client.connection.set_tunnel("origin.example", None, &[]);
        assert_eq!(set.is_ok(), state == Idle, "{state:?}");
        let (mut client, _peer) = in_state(state);
        assert_eq!(client.connection.set_proxy(None).is_ok(), state == Idle);
    }
    let (mut client, _peer) = in_state(Idle);
    client.connect().expect("a peer");
    assert!(client.connection.set_proxy(None).is_err());
}

#[test]
fn whoever_waits_before_a_call_waits_for_what_the_server_says() {
    let (mut client, _peer) = in_state(Idle);
    assert!(matches!(client.connection.waiting().on, On::Nothing));
    for state in [Idle, RequestSent] {
        let (mut client, peer) = in_state(state);
        client.connect().expect("a peer");
        let says_nothing = |client: &mut Client| match client.connection.waiting().on {
            On::Stream(stream, Interest::Readable) => !stream.is_ready(Interest::Readable),
            _ => panic!("the server is waited for"),
        };
        assert!(says_nothing(&mut client));
        peer.say(NO_CONTENT);
        assert!(!says_nothing(&mut client));
    }
}

#[test]
fn a_body_goes_as_far_as_it_was_announced() {
    let mut client = Client::new();
    let peer = client.network.connect();
    client
        .request("PUT", None, &[("Content-Length", "4")])
        .expect("the head is sent");
    client.send("ab").expect("there is room");
    assert!(client.response().is_err(), "two bytes are missing");
    let error = client.send("cde");
    assert!(matches!(error, Err(Error::Value(_))), "{error:?}");
    client.send("cd").expect("there is room");
    peer.say(NO_CONTENT);
    client.response().expect("a response");
    assert!(peer.heard().ends_with("\r\n\r\nabcd"));
}

#[test]
fn what_nobody_announced_is_not_sent() {
    let (mut client, peer) = in_state(RequestSent);
    let heard = peer.heard();
    let error = client.send("ab");
    assert!(matches!(error, Err(Error::Value(_))), "{error:?}");
    assert_eq!(peer.heard(), heard);
}

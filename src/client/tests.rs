//! Connections over scripted streams, without blocking: what the peer says lies there before it is read.

use alloc::collections::VecDeque;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::task::Poll;

use super::*;
use crate::transport::scripted::{Peer, Scripted, pair};
use crate::transport::{
    self, Deadline, Dialing, Instant, Interrupted, Network, Phase, SocketErrorCode,
};

/// Each connection gets the next stream.
struct Wires(RefCell<VecDeque<Scripted>>);

struct Dialed(Option<Scripted>);

impl Dialing for Dialed {
    type Stream = Scripted;

    fn poll(&mut self) -> Poll<Result<Scripted, transport::Error>> {
        Poll::Ready(Ok(self.0.take().expect("a stream for each connection")))
    }

    fn phase(&self) -> Phase {
        Phase::Connect
    }

    fn wait(&mut self, _: Deadline) -> Result<(), Interrupted> {
        Err(Interrupted::WouldBlock)
    }

    fn subscribe(&mut self) {}
}

impl Network for Wires {
    type Dialing = Dialed;
    type Stream = Scripted;

    fn dial(&self, _: &str, _: u16, _: Option<&(String, u16)>) -> Dialed {
        Dialed(self.0.borrow_mut().pop_front())
    }

    fn now(&self) -> Instant {
        Instant(0)
    }

    fn ready(&self) {}

    fn look_again(&self) {}
}

/// A connection that is given two streams, one after the other, and their peers.
fn connect() -> (Connection<Wires>, [Peer; 2]) {
    let (first, second) = (pair(), pair());
    let network = Rc::new(Wires(RefCell::new([first.0, second.0].into())));
    let options = Options {
        timeout: Timeout::NonBlocking,
        ..Options::default()
    };
    let (host, trace) = ("server.example", Trace::new(|_| {}));
    let connection = Connection::new(network, Scheme::Http, host, None, options, trace);
    (connection.expect("a valid host"), [first.1, second.1])
}

/// Lets the peer say this.
fn say(peer: &Peer, bytes: &str) {
    peer.wire().inbound.extend(bytes.as_bytes());
}

fn sent(peer: &Peer) -> String {
    String::from_utf8_lossy(&peer.wire().outbound).into_owned()
}

/// A response of which `hello` has come, and `world` is missing.
fn half_read(connection: &mut Connection<Wires>, peer: &Peer) -> Response<Wires> {
    connection
        .request("GET", "/first", None, &[])
        .expect("it is sent");
    say(peer, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    let response = connection.get_response().expect("a response");
    assert_eq!(response.length(), Some(10));
    response
}

fn body(text: &str) -> Option<Body<'static>> {
    Some(Body::Bytes(text.as_bytes().to_vec()))
}

const NO_CONTENT: &str = "HTTP/1.1 204 No Content\r\n\r\n";

/// Asserts that the connection is idle and that its next request goes over this stream.
fn assert_goes_on(connection: &mut Connection<Wires>, peer: &Peer) {
    connection
        .request("GET", "/next", None, &[])
        .expect("it is sent");
    assert!(sent(peer).starts_with("GET /next HTTP/1.1\r\n"));
    say(peer, NO_CONTENT);
    let response = connection.get_response().expect("a response");
    assert_eq!(response.head().status, 204);
}

#[test]
fn a_request_that_can_not_be_sent_takes_nothing_from_the_response_before_it() {
    let (mut connection, [peer, next]) = connect();
    let mut response = half_read(&mut connection, &peer);
    peer.wire().broken = true;
    let error = connection.request("POST", "/second", body("form"), &[]);
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
    say(&peer, "world");
    assert_goes_on(&mut connection, &next);
    assert_eq!(response.read(None), Ok(b"helloworld".to_vec()));
    assert!(response.is_closed());
}

#[test]
fn what_is_missing_of_that_response_is_told_behind_what_came() {
    let (mut connection, [peer, _]) = connect();
    let mut response = half_read(&mut connection, &peer);
    peer.wire().broken = true;
    peer.wire().ended = true;
    assert!(
        connection
            .request("POST", "/second", body("form"), &[])
            .is_err()
    );
    assert_eq!(response.read(Some(3)), Ok(b"hel".to_vec()));
    let cut = HttpException::IncompleteRead {
        partial: b"lo".to_vec(),
        expected: Some(5),
    };
    assert_eq!(response.read(None), Err(Error::Http(cut)));
}

#[test]
fn a_request_that_is_repeated_takes_nothing_from_the_response_before_it() {
    let (mut connection, [peer, next]) = connect();
    let mut response = half_read(&mut connection, &peer);
    peer.wire().broken = true;
    connection
        .request("GET", "/second", None, &[])
        .expect("it is repeated");
    assert!(sent(&next).starts_with("GET /second HTTP/1.1\r\n"));
    say(&peer, "world");
    say(&next, NO_CONTENT);
    let second = connection.get_response().expect("a response");
    assert_eq!(second.head().status, 204);
    assert_eq!(response.read(None), Ok(b"helloworld".to_vec()));
}

#[test]
fn close_takes_the_rest_of_a_response() {
    let (mut connection, [peer, _]) = connect();
    let mut response = half_read(&mut connection, &peer);
    connection.close();
    let gone = Error::Http(HttpException::NotConnected);
    assert_eq!(response.read(None), Err(gone));
}

#[test]
fn a_body_behind_an_unread_response_waits_for_no_word_of_the_server() {
    let (mut connection, [peer, _]) = connect();
    let mut response = half_read(&mut connection, &peer);
    let expect = [("Expect".into(), "100-continue".into())];
    connection
        .request("PUT", "/second", body("contents"), &expect)
        .expect("it is sent");
    assert!(sent(&peer).ends_with("\r\n\r\ncontents"));
    say(&peer, "world");
    say(&peer, "HTTP/1.1 100 Continue\r\n\r\n");
    say(&peer, NO_CONTENT);
    assert_eq!(response.read(None), Ok(b"helloworld".to_vec()));
    let second = connection.get_response().expect("a response");
    assert_eq!(
        (second.head().status, second.interim_responses().len()),
        (204, 1)
    );
}

/// Pairs as a connection tells them.
fn headers(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).into(), (*value).into());
    pairs.iter().map(owned).collect()
}

#[test]
fn the_headers_of_a_proxy_are_told_until_the_next_connection_begins_to_open() {
    let (mut connection, [peer, next]) = connect();
    connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    say(&peer, "HTTP/1.1 200 OK\r\nVia: proxy\r\n\r\n");
    connection
        .request("GET", "/", None, &[])
        .expect("it is sent");
    say(
        &peer,
        "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
    );
    connection.get_response().expect("a response");
    let via = headers(&[("Via", "proxy")]);
    assert_eq!(connection.proxy_response_headers(), Some(&*via));
    connection.close();
    assert_eq!(connection.proxy_response_headers(), Some(&*via));
    assert_eq!(connection.connect(), Err(Error::WouldBlock));
    assert_eq!(connection.proxy_response_headers(), None);
    say(&next, "HTTP/1.1 200 OK\r\n\r\n");
    assert_eq!(connection.connect(), Ok(()));
    assert_eq!(connection.proxy_response_headers(), Some(&[][..]));
}

#[test]
fn the_headers_of_a_proxy_that_refuses_are_told() {
    let (mut connection, [peer, _]) = connect();
    connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    say(
        &peer,
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic\r\n\r\n",
    );
    peer.wire().ended = true;
    let error = connection.request("GET", "/", None, &[]);
    assert!(matches!(error, Err(Error::Tunnel(_))), "{error:?}");
    let authenticate = headers(&[("Proxy-Authenticate", "Basic")]);
    assert_eq!(connection.proxy_response_headers(), Some(&*authenticate));
}

#[test]
fn empty_lines_before_the_proxys_reply_are_skipped() {
    let (mut connection, [peer, _]) = connect();
    connection
        .set_tunnel("origin.example", None, &[])
        .expect("a valid host");
    say(&peer, "\r\n\nHTTP/1.1 200 OK\r\n\r\n");
    connection
        .request("GET", "/", None, &[])
        .expect("it is sent");
    say(&peer, "\r\n");
    say(&peer, NO_CONTENT);
    assert_eq!(
        connection.get_response().expect("a response").head().status,
        204
    );
}

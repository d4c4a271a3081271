//! `Expect: 100-continue`.

use core::time::Duration;

use crate::client::testing::{Client, bytes, seconds};
use crate::client::{Error, Options};
use crate::transport::Phase;

const EXPECT: &[(&str, &str)] = &[("Expect", "100-continue")];
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const WELCOME: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
const REFUSED: &str = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n";

#[test]
fn the_body_waits_for_the_server_s_word() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let says = peer.clone();
    client
        .network
        .at(Duration::from_millis(300), move || says.say(CONTINUE));
    client
        .request("PUT", bytes("contents"), EXPECT)
        .expect("it is sent");
    assert_eq!(client.network.elapsed(), Duration::from_millis(300));
    assert!(peer.heard().ends_with("\r\n\r\ncontents"));
    peer.say(WELCOME);
    let response = client.response().expect("a response");
    assert_eq!(response.interim_responses().len(), 1);
}

#[test]
fn it_goes_without_one_after_a_second() {
    let mut client = Client::with_timeout(seconds(9));
    let peer = client.network.connect();
    client
        .request("PUT", bytes("contents"), EXPECT)
        .expect("it is sent");
    assert_eq!(client.network.elapsed(), seconds(1));
    assert!(peer.heard().ends_with("\r\n\r\ncontents"));
}

#[test]
fn an_empty_body_does_not_wait() {
    for body in [None, bytes("")] {
        let mut client = Client::new();
        let peer = client.network.connect();
        peer.say([CONTINUE, WELCOME].concat());
        client.request("PUT", body, EXPECT).expect("it is sent");
        assert_eq!(client.network.elapsed(), Duration::ZERO);
        let response = client.response().expect("a response");
        assert!(!response.will_close());
    }
}

#[test]
fn how_long_it_waits_can_be_said() {
    let mut client = Client::new();
    client.connection.set_continue_timeout(seconds(7));
    let _peer = client.network.connect();
    client
        .request("PUT", bytes("contents"), EXPECT)
        .expect("it is sent");
    assert_eq!(client.network.elapsed(), seconds(7));
}

#[test]
fn the_timeout_may_come_first() {
    let mut client = Client::with_timeout(Duration::from_millis(400));
    let _peer = client.network.connect();
    let error = client.request("PUT", bytes("contents"), EXPECT);
    assert_eq!(error, Err(Error::TimedOut(Phase::Receive)));
    assert_eq!(client.network.elapsed(), Duration::from_millis(400));
}

#[test]
fn so_may_the_deadline_of_the_exchange() {
    let mut client = Client::new();
    client
        .connection
        .set_deadline(Some(Duration::from_millis(400)));
    let _peer = client.network.connect();
    let error = client.request("PUT", bytes("contents"), EXPECT);
    assert_eq!(error, Err(Error::TimedOut(Phase::Receive)));
}

#[test]
fn a_final_answer_spares_the_body() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.say(REFUSED);
    client
        .request("PUT", bytes("contents"), EXPECT)
        .expect("nothing failed");
    assert!(!peer.heard().contains("contents"));
    let response = client.response().expect("the refusal");
    assert_eq!((response.head().status, response.will_close()), (417, true));
}

#[test]
fn without_blocking_the_body_waits_all_the_same() {
    let mut client = Client::with(Options {
        timeout: Some(Duration::ZERO).into(),
        ..Options::default()
    });
    let peer = client.network.connect();
    let headers = crate::client::testing::fields(EXPECT);
    let mut poll = || {
        let mut body = bytes("contents");
        client
            .connection
            .poll_request("PUT", "/", &mut body, &headers)
            .is_ready()
    };
    assert!(!poll());
    assert!(!poll(), "no time has passed");
    client.network.pass(seconds(1));
    assert!(poll());
    assert!(peer.heard().ends_with("\r\n\r\ncontents"));
}

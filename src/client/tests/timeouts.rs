//! Which clock runs out, and in which phase.

use core::time::Duration;

use crate::client::testing::{Client, block_on, bytes, seconds};
use crate::client::{Error, On, Options, Waiting, Waits};
use crate::transport::{Deadline, Instant, Phase};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

fn at(time: Duration) -> Deadline {
    Deadline::At(Instant(0).after(time))
}

#[test]
fn each_step_of_opening_has_the_timeout() {
    for phase in [Phase::Resolve, Phase::Connect] {
        let mut client = Client::with_timeout(seconds(2));
        client.network.stay_silent(phase);
        assert_eq!(client.connect(), Err(Error::TimedOut(phase)));
        assert_eq!(client.network.elapsed(), seconds(2));
        let next = client.network.connect();
        client.assert_goes_on(&next);
    }
}

#[test]
fn each_wait_for_the_server_has_the_timeout() {
    let mut client = Client::with_timeout(seconds(2));
    let peer = client.network.connect();
    for (time, piece) in [(1, "HTTP/1.1 "), (2, "200 OK\r\n"), (3, "\r\n")] {
        let says = peer.clone();
        client.network.at(seconds(time), move || says.say(piece));
    }
    client.get().expect("it is sent");
    let mut response = client.response().expect("it is never late");
    assert_eq!(client.network.elapsed(), seconds(3));
    let error = client.read(&mut response);
    assert_eq!(error, Err(Error::TimedOut(Phase::Receive)));
    assert_eq!(client.network.elapsed(), seconds(5));
}

#[test]
fn a_server_that_reads_nothing_is_given_up() {
    let mut client = Client::with_timeout(seconds(2));
    client.network.connect().wire().room = 10;
    let error = client.request("POST", bytes("form"), &[]);
    assert_eq!(error, Err(Error::TimedOut(Phase::Send)));
    assert_eq!(client.network.elapsed(), seconds(2));
}

#[test]
fn the_deadline_holds_for_the_whole_exchange() {
    let mut client = Client::with_timeout(seconds(2));
    client.connection.set_deadline(Some(seconds(3)));
    let peer = client.network.connect();
    peer.say(HEAD);
    for time in 1..10 {
        let says = peer.clone();
        client.network.at(seconds(time), move || says.say("x"));
    }
    client.get().expect("it is sent");
    let mut response = client.response().expect("a response");
    let error = client.read(&mut response);
    assert_eq!(error, Err(Error::TimedOut(Phase::Receive)));
    assert_eq!(client.network.elapsed(), seconds(3));
    // What came before is not lost.
    assert_eq!(client.read_some(&mut response, 2), Ok(b"xx".to_vec()));
}

#[test]
fn a_server_that_always_has_more_does_not_outlast_the_deadline() {
    let mut client = Client::new();
    client.connection.set_deadline(Some(seconds(3)));
    let peer = client.network.connect();
    peer.say(HEAD);
    client.get().expect("it is sent");
    let mut response = client.response().expect("a response");
    client.network.pass(seconds(4));
    peer.say("0123456789");
    let error = client.read(&mut response);
    assert_eq!(error, Err(Error::TimedOut(Phase::Receive)));
}

#[test]
fn without_blocking_the_deadline_is_what_is_waited_for_beside_the_server() {
    let mut client = Client::with(Options {
        timeout: Some(Duration::ZERO).into(),
        ..Options::default()
    });
    client.connection.set_deadline(Some(seconds(3)));
    client.network.stay_silent(Phase::Connect);
    assert!(client.connection.poll_connect().is_pending());
    assert!(client.connection.is_nonblocking());
    let Waiting { on, until } = client.connection.waiting();
    assert!(matches!(on, On::Dialing(_)));
    drop(on);
    assert_eq!(until, at(seconds(3)));
    client.network.pass(seconds(3));
    let late = client.connection.poll_connect();
    assert_eq!(
        late,
        core::task::Poll::Ready(Err(Error::TimedOut(Phase::Connect)))
    );
}

#[test]
fn without_any_limit_nothing_ends_a_wait() {
    let mut client = Client::new();
    client.network.stay_silent(Phase::Resolve);
    assert!(client.connection.poll_connect().is_pending());
    assert_eq!(client.connection.waiting().until, Deadline::Never);
}

#[test]
fn a_read_that_waits_goes_on_with_what_it_has() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.say(HEAD);
    client.get().expect("it is sent");
    let mut response = client.response().expect("a response");
    for (time, piece) in [(1, "01\n"), (2, "3456"), (3, "789")] {
        let says = peer.clone();
        client.network.at(seconds(time), move || says.say(piece));
    }
    let line = block_on(&client.network, &mut response, |it| it.poll_read_line(None));
    assert_eq!(line, Ok(b"01\n".to_vec()));
    assert_eq!(client.read_some(&mut response, 5), Ok(b"34567".to_vec()));
    assert_eq!(client.read(&mut response), Ok(b"89".to_vec()));
}

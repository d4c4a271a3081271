//! What follows a body that is read as it is sent, and blocks of a body that is taken whole.

use alloc::boxed::Box;
use alloc::vec;
use alloc::vec::Vec;
use core::task::Poll;

use crate::client::testing::{Client, block_on, block_on_given};
use crate::client::{Body, Error, Response};
use crate::transport::{self, Source, SourceStatus, Trailers};

/// `abc`, and then these trailers, which are there when they are asked for the second time.
struct Trailing {
    was_read: bool,
    asked: usize,
    trailers: Result<Trailers, transport::Error>,
}

impl Source for Trailing {
    fn status(&mut self) -> Result<SourceStatus, transport::Error> {
        Ok(SourceStatus::Endless)
    }

    fn poll_read(&mut self, _: u64, _: usize) -> Poll<Result<Vec<u8>, transport::Error>> {
        Poll::Ready(Ok(match core::mem::replace(&mut self.was_read, true) {
            false => b"abc".to_vec(),
            true => Vec::new(),
        }))
    }

    fn poll_trailers(&mut self) -> Poll<Result<Trailers, transport::Error>> {
        self.asked += 1;
        match self.asked {
            1 => Poll::Pending,
            _ => Poll::Ready(self.trailers.clone()),
        }
    }
}

fn put(client: &mut Client, trailers: Result<Trailers, transport::Error>) -> Result<(), Error> {
    let mut body = Some(Body::Source(Box::new(Trailing {
        was_read: false,
        asked: 0,
        trailers,
    })));
    block_on_given(&client.network, &mut client.connection, &|| true, |it| {
        it.poll_request("PUT", "/", &mut body, &[])
    })
}

#[test]
fn trailers_that_a_source_brings_follow_the_last_chunk() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let trailers = vec![("X-Sum".into(), "7".into())];
    put(&mut client, Ok(trailers)).expect("it is sent");
    let heard = peer.heard();
    assert!(
        heard.ends_with("3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n"),
        "{heard}"
    );
}

#[test]
fn trailers_that_can_t_be_sent_end_the_request() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let trailers = vec![("Content-Length".into(), "7".into())];
    let error = put(&mut client, Ok(trailers));
    assert!(matches!(error, Err(Error::Value(_))), "{error:?}");
    assert!(!peer.heard().contains("0\r\n"), "{}", peer.heard());
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_source_that_fails_behind_its_body_ends_the_request() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let failed = transport::Error::Other("the tape is torn".into());
    let error = put(&mut client, Err(failed));
    assert_eq!(error, Err(Error::Other("the tape is torn".into())));
    assert!(!peer.heard().contains("0\r\n"), "{}", peer.heard());
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

fn respond(client: &mut Client, reply: &str) -> Response<crate::transport::scripted::Scripts> {
    let peer = client.network.connect();
    client.get().expect("it is sent");
    peer.say(reply);
    client.response().expect("a response")
}

#[test]
fn small_pieces_of_a_body_are_given_as_one_block() {
    let mut client = Client::new();
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n";
    let mut response = respond(&mut client, chunks);
    let mut block = || block_on(&client.network, &mut response, Response::poll_arrived);
    assert_eq!(block(), Ok(b"abcde".to_vec()));
    assert_eq!(block(), Ok(Vec::new()));
}

#[test]
fn a_body_that_breaks_off_gives_what_came_and_then_says_so() {
    let mut client = Client::new();
    let reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nnone\r\n";
    let mut response = respond(&mut client, reply);
    let mut block = || block_on(&client.network, &mut response, Response::poll_arrived);
    assert_eq!(block(), Ok(b"ab".to_vec()));
    assert!(block().is_err());
    assert!(block().is_err(), "it is said again");
}

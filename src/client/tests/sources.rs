//! Bodies that are read as they are sent.

use alloc::boxed::Box;
use alloc::format;
use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::task::Poll;

use crate::client::options::LARGEST_BLOCK;
use crate::client::testing::{Client, NO_CONTENT, block_on_given, fields, seconds};
use crate::client::{Body, Error, HttpException, Options};
use crate::transport::{self, FileErrorCode, Phase, Source, SourceStatus};

/// What a source has, and whether more will come.
#[derive(Default)]
struct Supply {
    bytes: Vec<u8>,
    has_ended: bool,
    failure: Option<transport::Error>,
}

/// A source that has what its supply has. A call that is made again gets another one of the same.
#[derive(Clone)]
struct Supplied(Rc<RefCell<Supply>>, SourceStatus);

impl Source for Supplied {
    fn status(&mut self) -> Result<SourceStatus, transport::Error> {
        Ok(self.1)
    }

    fn poll_read(&mut self, offset: u64, max: usize) -> Poll<Result<Vec<u8>, transport::Error>> {
        let supply = self.0.borrow();
        let rest = &supply.bytes[usize::try_from(offset).expect("a small body")..];
        match &supply.failure {
            Some(error) if rest.is_empty() => Poll::Ready(Err(error.clone())),
            None if rest.is_empty() && !supply.has_ended => Poll::Pending,
            _ => Poll::Ready(Ok(rest[..rest.len().min(max)].to_vec())),
        }
    }
}

fn supply(bytes: &[u8], status: SourceStatus) -> (Supplied, Rc<RefCell<Supply>>) {
    let supply = Rc::new(RefCell::new(Supply {
        bytes: bytes.to_vec(),
        ..Supply::default()
    }));
    (Supplied(Rc::clone(&supply), status), supply)
}

/// Sends it with PUT, as a new source each time that the call is made.
fn put(client: &mut Client, source: &Supplied, headers: &[(&str, &str)]) -> Result<(), Error> {
    let headers = fields(headers);
    let offered = core::cell::Cell::new(source.0.borrow().bytes.len());
    let has_more = || {
        let supply = source.0.borrow();
        let length = offered.replace(supply.bytes.len());
        supply.bytes.len() > length || supply.has_ended || supply.failure.is_some()
    };
    block_on_given(&client.network, &mut client.connection, &has_more, |it| {
        let mut body = Some(Body::Source(Box::new(source.clone())));
        it.poll_request("PUT", "/", &mut body, &headers)
    })
}

#[test]
fn a_file_has_a_length() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let (source, supply) = supply(b"contents", SourceStatus::File { size: 8 });
    supply.borrow_mut().has_ended = true;
    put(&mut client, &source, &[]).expect("it is sent");
    assert!(peer.heard().contains("\r\nContent-Length: 8\r\n"));
    assert!(peer.heard().ends_with("\r\n\r\ncontents"));
}

#[test]
fn what_can_not_be_read_as_a_file_is_refused_before_anything_is_sent() {
    let mut client = Client::new();
    for status in [SourceStatus::Directory, SourceStatus::Unreadable] {
        let (source, _supply) = supply(b"", status);
        let error = put(&mut client, &source, &[]);
        assert!(
            matches!(
                error,
                Err(Error::Http(HttpException::UnimplementedFileMode(_)))
            ),
            "{error:?}"
        );
    }
    assert_eq!(client.network.dialed(), []);
}

#[test]
fn a_refusal_of_a_whole_body_ends_nothing() {
    let mut client = Client::new();
    let peer = client.network.connect();
    peer.say("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let (source, supply) = supply(b"contents", SourceStatus::Endless);
    client
        .network
        .at(seconds(1), move || supply.borrow_mut().has_ended = true);
    put(&mut client, &source, &[("Content-Length", "8")]).expect("it is sent");
    let response = client.response().expect("a response");
    assert!(!response.will_close(), "nothing was left to send");
    client.assert_goes_on(&peer);
}

#[test]
fn a_file_that_ends_early_ends_the_connection() {
    let mut client = Client::new();
    let _peer = client.network.connect();
    let (source, supply) = supply(b"cont", SourceStatus::File { size: 8 });
    supply.borrow_mut().has_ended = true;
    let text = "the body ended after 4 bytes, 4 short".to_string();
    assert_eq!(put(&mut client, &source, &[]), Err(Error::Value(text)));
    let next = client.network.connect();
    client.assert_goes_on(&next);
}

#[test]
fn a_stream_is_sent_in_chunks_as_it_comes() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let (source, supply) = supply(b"one", SourceStatus::Endless);
    let (more, end) = (Rc::clone(&supply), supply);
    client
        .network
        .at(seconds(1), move || more.borrow_mut().bytes.extend(b"three"));
    client
        .network
        .at(seconds(2), move || end.borrow_mut().has_ended = true);
    put(&mut client, &source, &[]).expect("it is sent");
    assert!(
        peer.heard()
            .ends_with("\r\n\r\n3\r\none\r\n5\r\nthree\r\n0\r\n\r\n")
    );
}

#[test]
fn a_server_that_refuses_ends_the_wait_for_more() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let (source, _supply) = supply(b"one", SourceStatus::Endless);
    let refuses = peer.clone();
    let refusal = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";
    client.network.at(seconds(1), move || refuses.say(refusal));
    put(&mut client, &source, &[]).expect("it is answered");
    assert_eq!(client.network.elapsed(), seconds(1));
    assert_eq!(client.response().expect("the refusal").head().status, 401);
}

#[test]
fn a_source_that_has_nothing_times_out() {
    let mut client = Client::with_timeout(seconds(2));
    let peer = client.network.connect();
    let (source, _supply) = supply(b"one", SourceStatus::Endless);
    let error = put(&mut client, &source, &[]);
    assert_eq!(error, Err(Error::TimedOut(Phase::Send)));
    assert!(peer.heard().ends_with("3\r\none\r\n"), "what came was sent");
}

#[test]
fn a_source_that_fails_says_why() {
    let mut client = Client::new();
    let _peer = client.network.connect();
    let (source, supply) = supply(b"one", SourceStatus::Endless);
    supply.borrow_mut().failure = Some(transport::Error::File(FileErrorCode::Access));
    let (path, code) = (None, FileErrorCode::Access);
    assert_eq!(
        put(&mut client, &source, &[]),
        Err(Error::File { path, code })
    );
}

#[test]
fn no_block_is_larger_than_there_is_memory_for() {
    for (asked, largest) in [(0, 1), (usize::MAX, LARGEST_BLOCK)] {
        let options = Options {
            blocksize: asked,
            ..Options::default()
        };
        let mut client = Client::with(options);
        let peer = client.network.connect();
        let body = vec![b'x'; 2 * largest];
        let (source, supply) = supply(&body, SourceStatus::Endless);
        supply.borrow_mut().has_ended = true;
        put(&mut client, &source, &[]).expect("it is sent");
        let first_chunk = format!("\r\n\r\n{largest:x}\r\n");
        assert!(peer.heard().contains(&first_chunk));
    }
}

#[test]
fn a_long_body_is_read_no_faster_than_it_leaves() {
    let mut client = Client::new();
    let peer = client.network.connect();
    let body = vec![b'x'; 3_000_000];
    let (source, supply) = supply(&body, SourceStatus::Endless);
    supply.borrow_mut().has_ended = true;
    peer.wire().room = 0;
    for time in 1..=50 {
        let reads = peer.clone();
        client
            .network
            .at(seconds(time), move || reads.wire().room += 70_000);
    }
    put(&mut client, &source, &[]).expect("it is sent");
    assert!(client.network.elapsed() >= seconds(42));
    peer.say(NO_CONTENT);
    client.response().expect("a response");
    let longest = peer.wire().writes.iter().copied().max();
    assert!(longest <= Some(2 * crate::transport::BLOCK));
}

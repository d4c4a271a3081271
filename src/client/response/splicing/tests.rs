use alloc::rc::Rc;
use alloc::string::ToString;
use alloc::vec::Vec;
use core::task::Poll;
use core::time::Duration;

use super::super::Response;
use crate::client::channel::Channel;
use crate::client::patience::{Patience, Timeout};
use crate::client::reply::Fate;
use crate::client::shared::SharedStream;
use crate::client::{Error, HttpException, Waits};
use crate::http1::{
    BodyReader, CloseReason, Limits, ReplyReader, Reuse, StatusLine, response_framing,
};
use crate::transport::scripted::{Peer, Scripts, pair};
use crate::transport::{self, BLOCK, Instant, Phase, Sink};

/// An output, and what was done to it.
struct Output {
    /// Each write.
    writes: Vec<Vec<u8>>,
    /// After how many writes it was flushed.
    flushes: Vec<usize>,
    waits: usize,
    room: usize,
    then: Then,
}

/// What an output without room does.
enum Then {
    /// Has room for so much after a wait.
    Rest(usize),
    BlockForEver,
    Fail,
}

impl Output {
    fn with_room(room: usize, then: Then) -> Self {
        Self {
            writes: Vec::new(),
            flushes: Vec::new(),
            waits: 0,
            room,
            then,
        }
    }

    fn endless() -> Self {
        Self::with_room(usize::MAX, Then::BlockForEver)
    }

    fn lengths(&self) -> Vec<usize> {
        self.writes.iter().map(Vec::len).collect()
    }

    fn bytes(&self) -> Vec<u8> {
        self.writes.concat()
    }
}

impl Sink for Output {
    fn poll_write(&mut self, bytes: &[u8]) -> Poll<Result<usize, transport::Error>> {
        assert!(!bytes.is_empty(), "a write of nothing");
        if self.room == 0 {
            return match self.then {
                Then::Fail => Poll::Ready(Err(transport::Error::Other("it is full".to_string()))),
                Then::Rest(_) | Then::BlockForEver => Poll::Pending,
            };
        }
        let amount = bytes.len().min(self.room);
        self.room -= amount;
        self.writes.push(bytes[..amount].to_vec());
        Poll::Ready(Ok(amount))
    }

    fn flush(&mut self) -> Result<(), transport::Error> {
        self.flushes.push(self.writes.len());
        Ok(())
    }

    fn poll_written(&mut self) -> Poll<Result<(), transport::Error>> {
        match self.room {
            0 => Poll::Pending,
            _ => Poll::Ready(Ok(())),
        }
    }
}

/// Copies until it is done, or would block.
fn splice(
    response: &mut Response<Scripts>,
    output: &mut Output,
    amount: Option<u64>,
) -> Option<Result<u64, Error>> {
    loop {
        if let Poll::Ready(result) = response.poll_splice(output, amount) {
            return Some(result);
        }
        if response.is_nonblocking() {
            return None;
        }
        output.waits += 1;
        match output.then {
            Then::Rest(room) => output.room = room,
            _ => {
                if let Err(error) = response.time_out() {
                    return Some(Err(error));
                }
            }
        }
    }
}

/// The response with this head, and where its body comes from.
fn response(head: &str, timeout: Duration) -> (Response<Scripts>, Peer) {
    let (stream, peer) = pair();
    let mut reader = ReplyReader::new(Limits::default(), StatusLine::Required);
    let (taken, reply) = reader.read(head.as_bytes()).expect("a head");
    assert_eq!(taken, head.len());
    let reply = reply.expect("a whole head");
    let framing = response_framing("GET", &reply.head).expect("a body");
    let shared = SharedStream::new(Channel::Plain(stream));
    shared.borrow_mut().lend();
    let timeout = Timeout::from(Some(timeout));
    let response = Response::new(
        Rc::new(Scripts::default()),
        (timeout, Patience::new(timeout, None, || Instant(0))),
        reply,
        BodyReader::new(framing, Limits::default()),
        Fate::Http(Reuse::Close(CloseReason::ServerSaidClose)),
        shared,
    );
    (response, peer)
}

/// Bytes that are there.
fn read(response: &mut Response<Scripts>, amount: u64) -> Result<Vec<u8>, Error> {
    match response.poll_read(Some(amount)) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("they are not there"),
    }
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const TIMEOUT: Duration = Duration::from_secs(1);

/// A body in chunks of that many bytes, and how it goes out.
fn chunks(length: usize, count: usize) -> (Vec<u8>, Vec<u8>) {
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(length * count).collect();
    let mut sent = Vec::new();
    for chunk in body.chunks(length) {
        sent.extend(format!("{length:x}\r\n").bytes());
        sent.extend(chunk);
        sent.extend(b"\r\n");
    }
    (body, sent)
}

#[test]
fn puts_small_pieces_together() {
    let (mut response, peer) = response(CHUNKED, TIMEOUT);
    let (body, sent) = chunks(10_000, 20);
    peer.wire().inbound.extend(sent);
    peer.wire().inbound.extend(b"0\r\n\r\n");
    let mut output = Output::endless();
    assert_eq!(splice(&mut response, &mut output, None), Some(Ok(200_000)));
    assert_eq!(output.lengths(), [BLOCK, BLOCK, BLOCK, 200_000 - 3 * BLOCK]);
    assert!(output.bytes() == body);
}

#[test]
fn writes_large_pieces_as_they_came() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 120000\r\n\r\n";
    let (mut response, peer) = response(head, TIMEOUT);
    peer.wire().piece = 40_000;
    peer.wire().inbound.extend([7; 120_000]);
    let mut output = Output::endless();
    assert_eq!(splice(&mut response, &mut output, None), Some(Ok(120_000)));
    assert_eq!(output.lengths(), [40_000; 3]);
}

#[test]
fn copies_exactly_what_is_asked_for() {
    let (mut response, peer) = response(CHUNKED, TIMEOUT);
    let (body, sent) = chunks(1000, 200);
    peer.wire().inbound.extend(sent);
    let mut output = Output::endless();
    for amount in [1, 1500, 100_000] {
        assert_eq!(
            splice(&mut response, &mut output, Some(amount)),
            Some(Ok(amount))
        );
    }
    assert!(output.bytes() == body[..101_501]);
    assert!(read(&mut response, 98_499).expect("the rest") == body[101_501..]);
}

#[test]
fn what_has_come_is_written_before_the_peer_is_waited_for() {
    let (mut response, peer) = response(CHUNKED, Duration::ZERO);
    let (body, sent) = chunks(10, 3);
    peer.wire().inbound.extend(sent);
    let mut output = Output::endless();
    // The peer's stream would block.
    assert_eq!(splice(&mut response, &mut output, None), Some(Ok(30)));
    assert_eq!((output.lengths(), output.bytes()), ([30].into(), body));
    assert_eq!(output.flushes, [1]);
}

#[test]
fn an_output_that_is_stuck_has_one_timeout() {
    for (length, room) in [(1000, 0), (1000, 70_000), (50_000, 0), (50_000, 70_000)] {
        let (mut response, peer) = response(CHUNKED, TIMEOUT);
        let (body, sent) = chunks(length, 100_000 / length);
        peer.wire().inbound.extend(sent);
        let mut output = Output::with_room(room, Then::BlockForEver);
        let error = splice(&mut response, &mut output, None);
        assert_eq!(error, Some(Err(Error::TimedOut(Phase::Receive))));
        assert_eq!(output.waits, 1, "{length} {room}");
        assert!(output.bytes() == body[..room]);
        let rest = read(&mut response, 100_000 - room as u64);
        assert!(rest.expect("the rest") == body[room..]);
    }
}

#[test]
fn what_a_failing_output_did_not_take_can_be_read() {
    for (length, room) in [(1000, 0), (1000, 70_000), (50_000, 0), (50_000, 70_000)] {
        let (mut response, peer) = response(CHUNKED, TIMEOUT);
        let (body, sent) = chunks(length, 100_000 / length);
        peer.wire().inbound.extend(sent);
        let mut output = Output::with_room(room, Then::Fail);
        let error = splice(&mut response, &mut output, None);
        assert_eq!(error, Some(Err(Error::Other("it is full".to_string()))));
        let rest = read(&mut response, 100_000 - room as u64);
        assert!(rest.expect("the rest") == body[room..]);
    }
}

#[test]
fn an_output_that_takes_little_gets_everything() {
    let (mut response, peer) = response(CHUNKED, TIMEOUT);
    let (body, sent) = chunks(3000, 50);
    peer.wire().inbound.extend(sent);
    peer.wire().inbound.extend(b"0\r\n\r\n");
    let mut output = Output::with_room(0, Then::Rest(999));
    assert_eq!(splice(&mut response, &mut output, None), Some(Ok(150_000)));
    assert!(output.bytes() == body);
}

#[test]
fn an_output_that_would_block_keeps_its_place() {
    let (mut response, peer) = response(CHUNKED, Duration::ZERO);
    let (body, sent) = chunks(1000, 100);
    peer.wire().inbound.extend(sent);
    let mut output = Output::with_room(0, Then::BlockForEver);
    assert_eq!(splice(&mut response, &mut output, None), None);
    output.room = 1234;
    assert_eq!(splice(&mut response, &mut output, None), Some(Ok(1234)));
    output.room = usize::MAX;
    assert_eq!(
        splice(&mut response, &mut output, None),
        Some(Ok(100_000 - 1234))
    );
    assert!(output.bytes() == body);
}

#[test]
fn what_came_before_a_broken_body_is_written() {
    let (mut response, peer) = response(CHUNKED, TIMEOUT);
    let (body, sent) = chunks(1000, 3);
    peer.wire().inbound.extend(sent);
    peer.wire().ended = true;
    let mut output = Output::endless();
    let error = splice(&mut response, &mut output, None);
    assert!(
        matches!(
            error,
            Some(Err(Error::Http(HttpException::IncompleteRead { .. })))
        ),
        "{error:?}"
    );
    assert_eq!((output.bytes(), output.flushes), (body, [1].into()));
}

#[test]
fn discards_as_it_copies() {
    let (mut response, peer) = response(CHUNKED, Duration::ZERO);
    let (body, sent) = chunks(1000, 100);
    peer.wire().inbound.extend(sent);
    assert_eq!(response.poll_discard(Some(1500)), Poll::Ready(Ok(1500)));
    assert!(read(&mut response, 1000).expect("more") == body[1500..2500]);
    // The rest, as far as it has come.
    assert_eq!(response.poll_discard(None), Poll::Ready(Ok(97_500)));
    assert!(response.poll_discard(None).is_pending());
}

//! Data both ways, in pieces of every size.

use alloc::vec::Vec;

use super::*;
use crate::transport::{BLOCK, GATHERED};

/// Piece sizes that cut headers, records and tags everywhere; the last is the real one.
const PIECES: [usize; 7] = [1, 2, 5, 1009, 16_405, 20_000, 65_536];

#[test]
fn receives_megabytes_in_pieces_of_any_size() {
    for version in VERSIONS {
        for piece in PIECES {
            let (config, mut context) = usual(version);
            let (mut stream, mut server) = connect(config, &mut context);
            server.peer.wire().piece = piece;
            let data = pattern(if piece < 10 { 20_000 } else { 400_001 });
            server.send(&data);
            assert!(read(&mut stream, data.len()) == data, "pieces of {piece}");
            assert_eq!(stream.poll_fill(), Poll::Pending);
        }
    }
}

#[test]
fn sends_megabytes_through_writes_of_any_size() {
    for version in VERSIONS {
        for room in PIECES {
            let (config, mut context) = usual(version);
            let (mut stream, mut server) = connect(config, &mut context);
            let data = pattern(if room < 10 { 20_000 } else { 400_001 });
            let mut left = data.as_slice();
            while !left.is_empty() {
                server.peer.wire().room = room;
                if let Poll::Ready(taken) = stream.poll_write(&[left]) {
                    left = &left[taken.unwrap()..];
                }
                server.pump();
            }
            server.peer.wire().room = usize::MAX;
            assert_eq!(stream.poll_flush(), Poll::Ready(Ok(())));
            server.pump();
            assert!(server.received == data, "writes of {room}");
        }
    }
}

#[test]
fn consumes_byte_by_byte_below_and_aside() {
    for piece in [30, BLOCK] {
        let (config, mut context) = usual(&TLS13);
        let (mut stream, mut server) = connect(config, &mut context);
        server.peer.wire().piece = piece;
        let data = pattern(1000);
        server.send(&data);
        let mut got = Vec::new();
        while got.len() < data.len() {
            assert!(matches!(stream.poll_fill(), Poll::Ready(Ok(1..))));
            got.push(stream.buffer()[0]);
            stream.consume(1);
        }
        assert_eq!(got, data);
    }
}

#[test]
fn a_head_and_a_block_leave_in_one_write() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, mut server) = connect(config, &mut context);
    server.peer.wire().writes.clear();
    let body = pattern(BLOCK);
    let parts: [&[u8]; 5] = [b"", b"head", b"", b"er: 1\r\n\r\n", &body];
    let total = parts.concat().len();
    assert_eq!(stream.poll_write(&parts), Poll::Ready(Ok(total)));
    let overhead = 5 * (5 + 1 + 16);
    assert_eq!(server.peer.wire().writes, [total + overhead]);
    server.pump();
    assert!(server.received == parts.concat());
}

#[test]
fn more_than_one_write_takes_is_left_to_the_next() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, mut server) = connect(config, &mut context);
    let body = pattern(GATHERED + 1);
    assert_eq!(stream.poll_write(&[&body]), Poll::Ready(Ok(GATHERED)));
    server.pump();
    assert!(server.received == body[..GATHERED]);
}

#[test]
fn nothing_to_write_writes_nothing() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, server) = connect(config, &mut context);
    server.peer.wire().writes.clear();
    assert_eq!(stream.poll_write(&[]), Poll::Ready(Ok(0)));
    assert_eq!(stream.poll_write(&[b"", b""]), Poll::Ready(Ok(0)));
    assert!(server.peer.wire().writes.is_empty());
}

#[test]
fn what_was_taken_is_sent_while_an_answer_is_awaited() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, mut server) = connect(config, &mut context);
    server.peer.wire().room = 10;
    assert_eq!(stream.poll_write(&[b"question"]), Poll::Ready(Ok(8)));
    assert_eq!(stream.poll_flush(), Poll::Pending);
    server.peer.wire().room = usize::MAX;
    assert_eq!(stream.poll_fill(), Poll::Pending);
    server.pump();
    assert_eq!(server.received, b"question");
}

#[test]
fn a_full_queue_takes_nothing_more() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, server) = connect(config, &mut context);
    server.peer.wire().room = 0;
    let data = pattern(BLOCK);
    assert_eq!(stream.poll_write(&[&data]), Poll::Ready(Ok(BLOCK)));
    assert_eq!(stream.poll_write(&[&data]), Poll::Pending);
}

#[test]
fn an_answer_is_read_although_the_question_can_not_be_sent() {
    let (config, mut context) = usual(&TLS13);
    let (mut stream, mut server) = connect(config, &mut context);
    server.send(b"too large");
    server.peer.wire().broken = true;
    assert!(matches!(
        stream.poll_write(&[b"body"]),
        Poll::Ready(Err(Error::Socket { .. }))
    ));
    assert_eq!(read(&mut stream, 9), b"too large");
}

#[test]
fn tls_runs_inside_tls() {
    let (config, mut context) = usual(&TLS13);
    let (outer, mut outer_server) = connect(config, &mut context);
    let (config, mut context) = usual(&TLS12);
    let (_, peer) = pair();
    let mut inner_server = Server::new(config, peer);
    let mut handshake = Handshake::new(context.config().unwrap(), HOST, outer).unwrap();
    let mut relay = |outer_server: &mut Server| {
        outer_server.pump();
        let received = std::mem::take(&mut outer_server.received);
        inner_server.peer.wire().outbound.extend(received);
        inner_server.pump();
        let answer: Vec<u8> = inner_server.peer.wire().inbound.drain(..).collect();
        outer_server.send(&answer);
        inner_server.received.clone()
    };
    while handshake.poll().is_pending() {
        relay(&mut outer_server);
    }
    let mut stream = handshake.finish().unwrap();
    assert_eq!(stream.poll_write(&[b"hidden"]), Poll::Ready(Ok(6)));
    assert_eq!(relay(&mut outer_server), b"hidden");
}

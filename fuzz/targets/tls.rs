//! Whatever a TLS server says, the client neither panics nor goes on for ever, gives out nothing but what the server has
//! sealed as data, in order and up to the first thing that is wrong, and tells an end from `close_notify` only where that
//! was sealed. A failure is final.
//!
//! Before the handshake the server says anything, or its own words with some bytes changed; after it, records under the
//! right keys that no honest server sends, and records under none.
#![no_main]

use std::sync::Arc;
use std::task::Poll;

use arbitrary::Arbitrary;
use fuzzed::tls_server::{Keys, Server};
use httplib::transport::scripted::{Peer, Scripted, pair};
use httplib::transport::tls::{Context, Handshake, TimeProvider, TlsStream};
use httplib::transport::{Error, Stream};
use libfuzzer_sys::fuzz_target;
use rustls::time_provider::DefaultTimeProvider;

#[derive(Arbitrary, Debug)]
struct Input {
    suite: u8,
    /// The most that one fill gives.
    piece: u16,
    before: Before,
    records: Vec<Record>,
    ends: bool,
}

#[derive(Arbitrary, Debug)]
enum Before {
    Honest,
    Tampered([(u16, u8); 2]),
    Anything(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
enum Record {
    Data(Vec<u8>),
    Long {
        length: u16,
        padding: u8,
    },
    Alert(u8, u8),
    CloseNotify,
    /// A message of the handshake's kind, whole or in two records.
    Message {
        kind: u8,
        body: Vec<u8>,
        cut: u8,
    },
    Sealed {
        content: u8,
        plaintext: Vec<u8>,
        padding: u8,
    },
    Flipped {
        plaintext: Vec<u8>,
        at: u16,
        change: u8,
    },
    Raw(Vec<u8>),
    /// The client reads all that is there.
    Read,
    /// The client writes, on a wire with so much room.
    Write(Vec<u8>, u16),
}

fuzz_target!(|input: Input| {
    let (stream, peer) = pair();
    peer.wire().piece = usize::from(input.piece).max(1);
    let clock: Arc<dyn TimeProvider> = Arc::new(DefaultTimeProvider);
    let config = Context::create_unverified(clock)
        .config()
        .expect("a configuration");
    let handshake = Handshake::new(config, "server.example", stream).expect("a name");
    let Some((stream, keys)) = shake(handshake, &peer, &input) else {
        return;
    };
    let mut reader = Reader {
        stream,
        data: Vec::new(),
        end: None,
    };
    let mut forger = Forger {
        keys,
        peer,
        data: Vec::new(),
        is_right: true,
        has_closed: false,
        is_over: false,
    };
    for record in input.records.iter().take(60) {
        match record {
            Record::Read => reader.read(),
            Record::Write(data, room) => reader.write(data, *room, &forger.peer),
            _ => forger.send(record),
        }
        assert!(forger.data.starts_with(&reader.data), "other data");
    }
    if input.ends {
        forger.peer.end();
    }
    reader.read();
    assert!(forger.data.starts_with(&reader.data), "other data");
    match &reader.end {
        Some(Ok(())) => assert!(forger.has_closed, "an end that nobody has sealed"),
        Some(Err(_)) => {}
        None => assert!(!input.ends, "something is still awaited"),
    }
    let is_whole = reader.data.len() == forger.data.len();
    assert!(is_whole || !forger.is_right, "less data");
});

/// Makes the handshake, as far as it goes.
fn shake(
    mut handshake: Handshake<Scripted>,
    peer: &Peer,
    input: &Input,
) -> Option<(TlsStream<Scripted>, Keys)> {
    let mut server = Server::new(input.suite);
    match &input.before {
        Before::Honest => {}
        Before::Tampered(changes) => server.tampering = changes.to_vec(),
        Before::Anything(bytes) => {
            peer.say(bytes);
            peer.end();
        }
    }
    for _ in 0..100_000 {
        match handshake.poll() {
            Poll::Pending if peer.wire().inbound.is_empty() => {
                server.pump(peer);
                // Whoever says nothing has gone.
                let mut wire = peer.wire();
                wire.ended |= wire.inbound.is_empty();
            }
            Poll::Pending => {}
            Poll::Ready(Ok(())) => {
                let mut stream = handshake.finish().expect("it has succeeded");
                assert!(stream.poll_flush().is_ready());
                server.pump(peer);
                peer.wire().ended = false;
                return server.keys().map(|keys| (stream, keys));
            }
            Poll::Ready(Err(error)) => {
                assert!(!matches!(input.before, Before::Honest), "{error:?}");
                assert_eq!(handshake.poll(), Poll::Ready(Err(error)), "another failure");
                return None;
            }
        }
    }
    panic!("the handshake goes on for ever");
}

/// Sends in the server's name.
struct Forger {
    keys: Keys,
    peer: Peer,
    /// What was sealed as data before all was over.
    data: Vec<u8>,
    /// Nothing that was sent so far may be answered with a failure.
    is_right: bool,
    has_closed: bool,
    /// Nothing that comes now may be given out.
    is_over: bool,
}

impl Forger {
    fn send(&mut self, record: &Record) {
        match record {
            Record::Data(data) => {
                // Many empty ones are refused.
                self.is_right &= !data.is_empty();
                self.seal(23, data, 0);
            }
            Record::Long { length, padding } => {
                let data = vec![7; usize::from(*length)];
                let most = if self.keys.is_tls12 {
                    16_384
                } else {
                    16_384 - usize::from(*padding)
                };
                self.is_right &= (1..=most).contains(&data.len());
                self.seal(23, &data, *padding);
            }
            Record::Alert(level, code) => {
                self.is_right = false;
                self.seal(21, &[*level, *code], 0);
                self.has_closed |= *code == 0;
                self.is_over |= *code == 0;
            }
            Record::CloseNotify => {
                self.seal(21, &[1, 0], 0);
                (self.has_closed, self.is_over) = (true, true);
            }
            Record::Message { kind, body, cut } => {
                self.is_right = false;
                let length = (body.len() as u32).to_be_bytes();
                let message = [&[*kind], &length[1..], body].concat();
                let (first, rest) = message.split_at(usize::from(*cut).min(message.len()));
                if !first.is_empty() {
                    self.seal(22, first, 0);
                }
                self.seal(22, rest, 0);
            }
            Record::Sealed {
                content,
                plaintext,
                padding,
            } => {
                self.is_right = false;
                self.has_closed |= *content == 21;
                self.seal(*content, plaintext, *padding);
            }
            Record::Flipped {
                plaintext,
                at,
                change,
            } => {
                self.is_right = false;
                let mut record = self.keys.seal(23, plaintext, 0);
                let at = usize::from(*at) % record.len();
                record[at] ^= change;
                // TLS 1.2 does not seal the version in a record's header.
                if *change == 0 || self.keys.is_tls12 && at == 2 {
                    self.add(plaintext);
                } else {
                    self.is_over = true;
                }
                self.peer.say(record);
            }
            Record::Raw(bytes) => {
                self.is_right = false;
                self.is_over |= !bytes.is_empty();
                self.peer.say(bytes);
            }
            Record::Read | Record::Write(..) => {}
        }
    }

    fn add(&mut self, data: &[u8]) {
        if !self.is_over {
            self.data.extend_from_slice(data);
        }
    }

    fn seal(&mut self, content: u8, plaintext: &[u8], padding: u8) {
        if content == 23 {
            self.add(plaintext);
        }
        let record = self.keys.seal(content, plaintext, padding);
        self.peer.say(record);
    }
}

/// The client.
struct Reader {
    stream: TlsStream<Scripted>,
    data: Vec<u8>,
    /// How the stream ended.
    end: Option<Result<(), Error>>,
}

impl Reader {
    fn read(&mut self) {
        for _ in 0..1_000_000 {
            match self.stream.poll_fill() {
                Poll::Pending => return assert!(self.end.is_none(), "no end after all"),
                Poll::Ready(Ok(0)) => return self.ended(Ok(())),
                Poll::Ready(Err(error)) => return self.ended(Err(error)),
                Poll::Ready(Ok(amount)) => {
                    assert!(self.end.is_none(), "data behind the end");
                    assert_eq!(amount, self.stream.buffer().len());
                    // Some now, some later.
                    let some = amount.div_ceil(2);
                    self.data.extend_from_slice(&self.stream.buffer()[..some]);
                    self.stream.consume(some);
                    self.data.extend_from_slice(self.stream.buffer());
                    self.stream.consume(amount - some);
                }
            }
        }
        panic!("it reads for ever");
    }

    fn ended(&mut self, end: Result<(), Error>) {
        if let Some(before) = &self.end {
            assert_eq!(*before, end, "another end");
        }
        self.end = Some(end);
    }

    fn write(&mut self, data: &[u8], room: u16, peer: &Peer) {
        peer.wire().room = usize::from(room);
        match self.stream.poll_write(&[data]) {
            Poll::Ready(Ok(taken)) => assert!(taken <= data.len()),
            Poll::Ready(Err(_)) | Poll::Pending => {}
        }
        let _ = self.stream.poll_flush();
        peer.wire().room = usize::MAX;
        let _ = self.stream.poll_flush();
    }
}

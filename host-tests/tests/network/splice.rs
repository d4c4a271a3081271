//! `splice`: a body goes into an output stream without passing through the caller.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use harness::component::{
    Connection, ConnectionOptions, Error, Guest, HttpException, Phase, Result,
};
use harness::peer::{Peer, Step};
use harness::server::{Server, pattern};
use hyper::body::Bytes;
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use crate::support::{OK, assert_ok, connect, failure, nanoseconds, nonblocking};

/// An output that takes a little at a time, each time after a while, and what it took.
#[derive(Clone, Default)]
struct Slow {
    taken: Arc<Mutex<Vec<u8>>>,
    rested: bool,
}

impl Slow {
    fn taken(&self) -> Vec<u8> {
        self.taken.lock().expect("nobody panics").clone()
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Slow {
    async fn ready(&mut self) {
        if !self.rested {
            tokio::time::sleep(Duration::from_millis(1)).await;
            self.rested = true;
        }
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for Slow {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        assert!(bytes.len() <= 1000, "more than was permitted");
        self.rested = false;
        self.taken
            .lock()
            .expect("nobody panics")
            .extend_from_slice(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(if self.rested { 1000 } else { 0 })
    }
}

/// An output that has written only later what it took, as a file's.
#[derive(Clone, Default)]
struct Late {
    written: Arc<Mutex<Vec<u8>>>,
    taken: Vec<u8>,
}

#[wasmtime_wasi::async_trait]
impl Pollable for Late {
    async fn ready(&mut self) {
        tokio::time::sleep(Duration::from_millis(1)).await;
        let mut written = self.written.lock().expect("nobody panics");
        written.append(&mut self.taken);
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for Late {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.taken.extend_from_slice(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(if self.taken.is_empty() { 65_536 } else { 0 })
    }
}

/// An output that the peer goes on after each flush of.
struct Prompting {
    peer: Arc<Peer>,
    written: Vec<u8>,
    flushed: Arc<Mutex<Vec<Vec<u8>>>>,
}

#[wasmtime_wasi::async_trait]
impl Pollable for Prompting {
    async fn ready(&mut self) {}
}

#[wasmtime_wasi::async_trait]
impl OutputStream for Prompting {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.written.extend_from_slice(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        let mut flushed = self.flushed.lock().expect("nobody panics");
        flushed.push(std::mem::take(&mut self.written));
        self.peer.signal();
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(65_536)
    }
}

/// An output that takes so many bytes and then fails, or never takes another.
struct Limited {
    room: usize,
    then: Then,
}

enum Then {
    Fail,
    Close,
    /// And counts how often it is waited for.
    Block(Arc<AtomicUsize>),
}

#[wasmtime_wasi::async_trait]
impl Pollable for Limited {
    async fn ready(&mut self) {
        if let (0, Then::Block(waits)) = (self.room, &self.then) {
            waits.fetch_add(1, Ordering::Relaxed);
            std::future::pending::<()>().await;
        }
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for Limited {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.room -= bytes.len();
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        match (self.room, &self.then) {
            (0, Then::Fail) => {
                let full = std::io::Error::other("the disk is full");
                Err(StreamError::LastOperationFailed(full.into()))
            }
            (0, Then::Close) => Err(StreamError::Closed),
            (room, _) => Ok(room),
        }
    }
}

#[test]
fn copies_a_large_body() -> Result<()> {
    const LARGE: usize = 16 << 20;
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    for path in [format!("/bytes/{LARGE}"), format!("/chunked/{LARGE}")] {
        let (spliced, copied) = connection.fetch("GET", &path)?.splice(None);
        assert_eq!(spliced?, LARGE as u64);
        assert!(copied == pattern(LARGE), "{path}");
    }
    assert_eq!(server.connections(), 1);
    Ok(())
}

#[test]
fn copies_as_much_as_is_asked_for() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let response = connection.fetch("GET", "/bytes/100000")?;
    let mut copied = Vec::new();
    for (amount, expected) in [(0, 0), (1, 1), (65537, 65537), (90000, 34462), (1, 0)] {
        let (spliced, bytes) = response.splice(Some(amount));
        assert_eq!((spliced?, bytes.len()), (expected, expected as usize));
        copied.extend(bytes);
    }
    assert!(copied == pattern(100_000));
    assert!(response.is_closed());
    Ok(())
}

#[test]
fn goes_on_where_a_read_stopped() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::replies(&[OK]));
    let response = connect(&guest, &peer).fetch("GET", "/")?;
    assert_eq!(response.read(Some(1))?, b"o");
    let (spliced, copied) = response.splice(None);
    assert_eq!((spliced?, copied), (1, b"k".to_vec()));
    Ok(())
}

#[test]
fn waits_for_a_slow_output() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let output = Slow::default();
    let response = connection.fetch("GET", "/bytes/100000")?;
    assert_eq!(response.splice_into(output.clone(), None)?, 100_000);
    assert!(output.taken() == pattern(100_000));
    Ok(())
}

#[test]
fn what_has_come_is_flushed_before_more_is_waited_for() -> Result<()> {
    let steps = vec![
        Step::AwaitHead,
        Step::send(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n",
        ),
        Step::AwaitSignal,
        Step::send("6\r\n three\r\n0\r\n\r\n"),
    ];
    let (guest, peer) = (Guest::new(), Arc::new(Peer::script(vec![steps])));
    let options = ConnectionOptions {
        timeout: Some(nanoseconds(Duration::from_secs(10))),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    let flushed = Arc::default();
    let output = Prompting {
        peer: Arc::clone(&peer),
        written: Vec::new(),
        flushed: Arc::clone(&flushed),
    };
    let response = connection.fetch("GET", "/")?;
    assert_eq!(response.splice_into(output, None)?, 13);
    let flushed = flushed.lock().expect("nobody panics").concat();
    assert_eq!(flushed, b"one two three");
    Ok(())
}

#[test]
fn waits_until_the_output_has_written_all() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    let output = Late::default();
    let response = connection.fetch("GET", "/bytes/100000")?;
    assert_eq!(response.splice_into(output.clone(), None)?, 100_000);
    assert!(*output.written.lock().expect("nobody panics") == pattern(100_000));
    Ok(())
}

#[test]
fn keeps_what_a_failing_output_did_not_take() -> Result<()> {
    for then in [Then::Fail, Then::Close] {
        let (guest, server) = (Guest::new(), Server::http());
        let connection = guest.http("127.0.0.1", server.port(), None)?;
        let response = connection.fetch("GET", "/bytes/100000")?;
        let error = failure(response.splice_into(Limited { room: 70_000, then }, None));
        assert!(matches!(error, Error::Other(_)), "{error:?}");
        assert!(response.read(None)? == pattern(100_000)[70_000..]);
        assert_eq!(connection.fetch("GET", "/")?.status(), 200);
        assert_eq!(server.connections(), 1);
    }
    Ok(())
}

/// Splices into an output that is stuck, and says what came of it and how often that was waited for.
fn splice_into_a_stuck_output(connection: &Connection, path: &str) -> (Error, usize) {
    let response = connection.fetch("GET", path).expect("a response");
    let waits = Arc::<AtomicUsize>::default();
    let output = Limited {
        room: 70_000,
        then: Then::Block(Arc::clone(&waits)),
    };
    let error = failure(response.splice_into(output, None));
    assert!(response.read(None).expect("the rest") == pattern(100_000)[70_000..]);
    (error, waits.load(Ordering::Relaxed))
}

#[test]
fn an_output_that_is_stuck_has_one_timeout() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let options = ConnectionOptions {
        timeout: Some(nanoseconds(Duration::from_millis(100))),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", server.port(), Some(&options))?;
    for path in ["/bytes/100000", "/chunked/100000"] {
        let (error, waits) = splice_into_a_stuck_output(&connection, path);
        assert_eq!((error, waits), (Error::TimedOut(Phase::Receive), 1));
    }
    Ok(())
}

#[test]
fn an_output_that_is_stuck_ends_with_the_exchange() -> Result<()> {
    let (guest, server) = (Guest::new(), Server::http());
    let connection = guest.http("127.0.0.1", server.port(), None)?;
    connection.set_deadline(Some(nanoseconds(Duration::from_secs(1))));
    let response = connection.fetch("GET", "/bytes/100000")?;
    let waits = Arc::<AtomicUsize>::default();
    let output = Limited {
        room: 70_000,
        then: Then::Block(Arc::clone(&waits)),
    };
    let error = failure(response.splice_into(output, None));
    assert_eq!(error, Error::TimedOut(Phase::Receive));
    assert_eq!(waits.load(Ordering::Relaxed), 1);
    Ok(())
}

#[test]
fn never_blocks_with_a_timeout_of_0() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::script(vec![vec![
            Step::AwaitHead,
            Step::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
            Step::AwaitSignal,
            Step::send("world"),
        ]]),
    );
    let connection = guest.http("127.0.0.1", peer.port(), Some(&nonblocking()))?;
    let request = || connection.request("GET", "/", None, &[]);
    crate::support::patiently(|| connection.subscribe(), request)?;
    let response = || connection.get_response();
    let response = crate::support::patiently(|| connection.subscribe(), response)?;
    let blocked = || Limited {
        room: 0,
        then: Then::Block(Arc::default()),
    };
    assert_eq!(
        failure(response.splice_into(blocked(), None)),
        Error::WouldBlock
    );
    let (spliced, copied) = response.splice(None);
    assert_eq!((spliced?, copied), (5, b"hello".to_vec()));
    assert_eq!(failure(response.splice(None).0), Error::WouldBlock);
    peer.signal();
    response.subscribe().block();
    let (spliced, copied) = response.splice(None);
    assert_eq!((spliced?, copied), (5, b"world".to_vec()));
    Ok(())
}

#[test]
fn copies_nothing_of_a_reply_to_head() -> Result<()> {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    let (guest, peer) = (Guest::new(), Peer::replies(&[head, OK]));
    let connection = connect(&guest, &peer);
    let (spliced, copied) = connection.fetch("HEAD", "/")?.splice(None);
    assert_eq!((spliced?, copied), (0, Vec::new()));
    assert_ok(&connection);
    Ok(())
}

#[test]
fn what_came_before_an_error_stays_copied() -> Result<()> {
    let cut = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    let (guest, peer) = (Guest::new(), Peer::reply(cut));
    let response = connect(&guest, &peer).fetch("GET", "/")?;
    let (spliced, copied) = response.splice(None);
    let Error::Http(HttpException::IncompleteRead(read)) = failure(spliced) else {
        panic!("it is cut");
    };
    assert_eq!((read.partial.len(), read.expected), (0, Some(4)));
    assert_eq!(copied, b"hello");
    Ok(())
}

#[test]
fn a_body_that_stops_times_out() -> Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello";
    let steps = vec![Step::AwaitHead, Step::send(head), Step::Hold];
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let options = ConnectionOptions {
        timeout: Some(nanoseconds(Duration::from_millis(100))),
        ..ConnectionOptions::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    let (spliced, copied) = connection.fetch("GET", "/")?.splice(None);
    assert_eq!(failure(spliced), Error::TimedOut(Phase::Receive));
    assert_eq!(copied, b"hello");
    Ok(())
}

//! `set-deadline`: the exchange ends in time, whatever the peer does, in the phase that it was in, and
//! without being busy meanwhile.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use harness::component::{
    Connection, Error, Guest, Phase, Result, TlsContext, TlsOptions, is_asynchronous,
};
use harness::peer::{Peer, Port, Step};
use harness::tls::{Authority, ServerTls};

use crate::support::{OK, assert_ok, connect, failure, nanoseconds, nonblocking, patiently};

/// What an exchange of these tests may take.
const TOTAL: Duration = Duration::from_millis(300);
/// How late it may end on a machine that wakes a sleeper in time.
const LATE: Duration = Duration::from_millis(50);
/// How often the machine's own lateness may come in between: when the clock wakes the host, and when
/// the host's other threads have their turn.
const WAKES: u32 = 4;

/// Asserts that the call times out in this phase, in time, without using the processor meanwhile.
#[track_caller]
fn assert_ends<T>(phase: Phase, call: impl FnOnce() -> Result<T>) {
    assert_ends_after(TOTAL, phase, call);
}

#[track_caller]
fn assert_ends_after<T>(total: Duration, phase: Phase, call: impl FnOnce() -> Result<T>) {
    let sleeper = Sleeper::start();
    let (begin, busy) = (Instant::now(), busy());
    let error = failure(call());
    let (elapsed, used) = (begin.elapsed(), self::busy() - busy);
    let machine = sleeper.lateness() * WAKES;
    assert_eq!(error, Error::TimedOut(phase));
    assert!(elapsed >= total, "too early: {elapsed:?}");
    assert!(
        elapsed < total + LATE + machine,
        "too late: {elapsed:?}, of which the machine's are {machine:?}"
    );
    assert!(used < total / 2, "it used the processor for {used:?}");
}

/// Sleeps a little, again and again, and so learns how late this machine wakes anybody.
struct Sleeper {
    enough: Arc<AtomicBool>,
    thread: JoinHandle<Duration>,
}

impl Sleeper {
    const NAP: Duration = Duration::from_millis(2);

    fn start() -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let asked = enough.clone();
        let thread = thread::spawn(move || {
            let mut worst = Duration::ZERO;
            while !asked.load(Ordering::Relaxed) {
                let begin = Instant::now();
                thread::sleep(Self::NAP);
                worst = worst.max(begin.elapsed() - Self::NAP);
            }
            worst
        });
        Self { enough, thread }
    }

    /// The latest that it was.
    fn lateness(self) -> Duration {
        self.enough.store(true, Ordering::Relaxed);
        self.thread.join().expect("it only sleeps")
    }
}

/// How long this thread has been running: the guest runs in it.
fn busy() -> Duration {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux has it");
    let nanoseconds = statistics.split(' ').next().expect("the first number");
    Duration::from_nanos(nanoseconds.parse().expect("a number"))
}

fn limited(guest: &Guest, port: u16) -> Connection {
    let connection = guest.http("127.0.0.1", port, None).expect("an address");
    connection.set_deadline(Some(nanoseconds(TOTAL)));
    connection
}

/// The pieces of a peer that never ends: one byte each few milliseconds.
fn drip(byte: u8, pause: Duration) -> Step {
    Step::Send(vec![vec![byte]; 2000], pause)
}

const FEW: Duration = Duration::from_millis(3);

#[test]
fn ends_a_look_up_that_is_never_answered() -> Result<()> {
    let guest = Guest::builder().unanswered_names().build();
    let connection = guest.http("example.com", None, None)?;
    connection.set_deadline(Some(nanoseconds(TOTAL)));
    assert_ends(Phase::Resolve, || connection.connect());
    assert_ends(Phase::Resolve, || connection.fetch("GET", "/"));
    guest.assert_works();
    Ok(())
}

#[test]
fn ends_a_connect_that_is_never_answered() -> Result<()> {
    let (guest, port) = (Guest::new(), Port::silent());
    let connection = limited(&guest, port.number());
    assert_ends(Phase::Connect, || connection.fetch("GET", "/"));
    let _peer = port.open(vec![Step::answers(&[OK])]);
    assert_ok(&connection);
    Ok(())
}

#[test]
fn ends_a_race_of_addresses_that_are_silent() -> Result<()> {
    let guest = Guest::builder().names(&["127.0.0.1"; 9]).build();
    let port = Port::silent();
    let connection = guest.http("example.com", port.number(), None)?;
    connection.set_deadline(Some(nanoseconds(TOTAL)));
    assert_ends(Phase::Connect, || connection.fetch("GET", "/"));
    Ok(())
}

#[test]
fn ends_a_proxy_that_is_silent() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]),
    );
    let connection = limited(&guest, peer.port());
    connection.set_tunnel("example.com", None, &[])?;
    assert_ends(Phase::Tunnel, || connection.fetch("GET", "/"));
    Ok(())
}

#[test]
fn ends_a_proxy_that_drips() -> Result<()> {
    let reply = vec![Step::AwaitHead, Step::send("HTTP/1.1 "), drip(b'2', FEW)];
    let (guest, peer) = (Guest::new(), Peer::script(vec![reply]));
    let connection = limited(&guest, peer.port());
    connection.set_tunnel("example.com", None, &[])?;
    assert_ends(Phase::Tunnel, || connection.fetch("GET", "/"));
    Ok(())
}

/// A connection over https with this deadline to a peer that never shakes hands.
fn secured(guest: &Guest, context: &TlsContext, peer: &Peer) -> Result<Connection> {
    let tls = TlsOptions::with(context);
    let connection = guest.https("127.0.0.1", peer.port(), None, Some(tls))?;
    connection.set_deadline(Some(nanoseconds(TOTAL)));
    Ok(connection)
}

#[test]
fn ends_a_handshake_that_is_silent() -> Result<()> {
    let (guest, peer) = (Guest::new(), Peer::script(vec![vec![Step::Hold]]));
    let context = guest.create_unverified_context();
    let connection = secured(&guest, &context, &peer)?;
    assert_ends(Phase::Handshake, || connection.connect());
    Ok(())
}

#[test]
fn ends_a_handshake_that_drips() -> Result<()> {
    // The head of a record that is 16 KiB long, and then that record.
    let record = vec![Step::send([22, 3, 3, 0x40, 0]), drip(2, FEW)];
    let (guest, peer) = (Guest::new(), Peer::script(vec![record]));
    let context = guest.create_unverified_context();
    let connection = secured(&guest, &context, &peer)?;
    assert_ends(Phase::Handshake, || connection.connect());
    Ok(())
}

#[test]
fn ends_a_request_that_nobody_takes() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]),
    );
    let connection = limited(&guest, peer.port());
    // A host that is not optimized is busy for a while until the buffers of the system are full.
    let total = TOTAL * 10;
    connection.set_deadline(Some(nanoseconds(total)));
    let body = guest.stream(vec![0; 32 << 20]);
    assert_ends_after(total, Phase::Send, || {
        connection.request("PUT", "/", Some(body), &[])
    });
    Ok(())
}

#[test]
fn ends_a_head_that_does_not_come() -> Result<()> {
    let (guest, peer) = (
        Guest::new(),
        Peer::script(vec![vec![Step::AwaitHead, Step::Hold]]),
    );
    let connection = limited(&guest, peer.port());
    assert_ends(Phase::Receive, || connection.fetch("GET", "/"));
    Ok(())
}

#[test]
fn ends_a_head_that_drips() -> Result<()> {
    let head = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nX: "),
        drip(b'x', FEW),
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![head]));
    let connection = limited(&guest, peer.port());
    assert_ends(Phase::Receive, || connection.fetch("GET", "/"));
    Ok(())
}

/// Asserts that a body ends in time that comes so, for each way to read it.
fn assert_body_ends(framing: &str, rest: &Step) -> Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\n{framing}\r\n\r\n");
    let reply = || vec![Step::AwaitHead, Step::send(&head), rest.clone()];
    let reads: [fn(&harness::component::Response) -> Result<()>; 4] = [
        |response| response.read(None).map(drop),
        |response| response.read(Some(9000)).map(drop),
        |response| response.readline(None).map(drop),
        |response| match is_asynchronous() {
            true => response.discard(None).map(drop),
            false => response.splice(None).0.map(drop),
        },
    ];
    let (guest, peer) = (Guest::new(), Peer::script(vec![reply(); reads.len()]));
    for read in reads {
        let connection = limited(&guest, peer.port());
        assert_ends(Phase::Receive, || {
            read(&connection.fetch("GET", "/").expect("a head"))
        });
    }
    Ok(())
}

#[test]
fn ends_a_body_that_stops() -> Result<()> {
    assert_body_ends("Content-Length: 9000", &Step::Hold)
}

#[test]
fn ends_a_body_that_drips() -> Result<()> {
    assert_body_ends("Content-Length: 9000", &drip(b'x', FEW))
}

#[test]
fn ends_a_body_that_drips_a_byte_a_second() -> Result<()> {
    let second = drip(b'x', Duration::from_secs(1));
    assert_body_ends("Content-Length: 9000", &second)
}

#[test]
fn ends_a_body_of_endless_framing() -> Result<()> {
    assert_body_ends("Transfer-Encoding: chunked", &drip(b'0', FEW * 10))
}

#[test]
fn holds_beside_the_timeout() -> Result<()> {
    let drip = drip(b'x', FEW);
    let reply = vec![Step::AwaitHead, Step::send("HTTP/1.1 200 OK\r\n\r\n"), drip];
    let (guest, peer) = (Guest::new(), Peer::script(vec![reply]));
    let options = harness::component::ConnectionOptions {
        timeout: Some(nanoseconds(TOTAL * 2)),
        ..Default::default()
    };
    let connection = guest.http("127.0.0.1", peer.port(), Some(&options))?;
    connection.set_deadline(Some(nanoseconds(TOTAL)));
    assert_ends(Phase::Receive, || connection.fetch("GET", "/")?.read(None));
    Ok(())
}

#[test]
fn ends_what_never_blocks() -> Result<()> {
    let (guest, port) = (Guest::new(), Port::silent());
    let connection = guest.http("127.0.0.1", port.number(), Some(&nonblocking()))?;
    connection.set_deadline(Some(nanoseconds(TOTAL)));
    let subscribe = || connection.subscribe();
    // The pollables of the connection have one for its end.
    assert_ends(Phase::Connect, || {
        patiently(subscribe, || connection.connect())
    });
    let peer = port.open(vec![vec![Step::AwaitHead, Step::Hold]]);
    let request = || connection.request("GET", "/", None, &[]);
    assert_ends(Phase::Receive, || {
        patiently(subscribe, request).expect("a peer");
        patiently(subscribe, || connection.get_response())
    });
    drop(peer);
    Ok(())
}

#[test]
fn counts_anew_for_each_exchange_and_can_be_taken_back() -> Result<()> {
    let late = |reply| {
        [
            Step::AwaitHead,
            Step::Pause(TOTAL * 2 / 3),
            Step::send(reply),
        ]
    };
    let steps = [late(OK), late(OK), late(OK)].concat();
    let (guest, peer) = (Guest::new(), Peer::script(vec![steps]));
    let connection = connect(&guest, &peer);
    connection.set_deadline(Some(nanoseconds(TOTAL * 10)));
    assert_ok(&connection);
    connection.set_deadline(Some(nanoseconds(Duration::from_nanos(1))));
    connection.set_deadline(None);
    assert_ok(&connection);
    assert_ok(&connection);
    assert_eq!(peer.connections(), 1);
    Ok(())
}

#[test]
fn bounds_the_response_that_was_begun_under_it() -> Result<()> {
    let authority = Authority::new();
    let config = ServerTls::new(&authority.issue(&["127.0.0.1"])).build();
    let reply = vec![
        Step::AwaitHead,
        Step::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"),
        Step::Hold,
    ];
    let (guest, peer) = (Guest::new(), Peer::script_tls(config, vec![reply]));
    let context = guest.context_trusting(&authority.pem())?;
    let connection = secured(&guest, &context, &peer)?;
    assert_ends(Phase::Receive, || {
        let response = connection.fetch("GET", "/").expect("a head");
        connection.set_deadline(None);
        assert_eq!(response.read(Some(5)).expect("what came"), b"hello");
        response.read(None)
    });
    Ok(())
}

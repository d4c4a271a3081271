//! An instance with its connections, and what it fetches over them.

use std::thread;
use std::time::{Duration, Instant};

use harness::LIMIT;
use harness::component::{
    Body, Connection, ConnectionOptions, Guest, Response, Result, TlsContext, TlsOptions, bytes,
};
use harness::server::{GREETING, pattern};

use crate::Site;
use crate::fault::{ANNOUNCED, Fault};
use crate::playground::GOOD;
use crate::shared::Shared;

/// How many connections each instance has.
pub const CONNECTIONS: usize = 10;

/// How often each of them is used before the instance goes.
const ROUNDS: usize = 6;
/// What a wait may take where the server is to answer.
const PATIENT: Duration = Duration::from_secs(60);
/// What it may take where it won't.
const IMPATIENT: Duration = Duration::from_millis(100);
/// What an instance may keep for itself: pollables that it waited with.
const KEPT: usize = 2;

const LARGE: usize = 1 << 20;
const CHUNKED: usize = 300_000;
const POSTED: usize = 100_000;

/// One instance.
pub struct Visitor<'a> {
    guest: Guest,
    /// What it had before its first connection.
    resources: usize,
    connections: Vec<(Kind, Connection)>,
    _context: TlsContext,
    shared: &'a Shared,
    /// Streams that the host was given for bodies, and keeps as long as the instance.
    streams: usize,
    /// Of a server that is always there.
    port: u16,
    number: usize,
    chance: Chance,
}

/// What a connection is used for.
#[derive(Clone, Copy)]
enum Kind {
    /// Pages of all kinds, none of them wrong.
    Good,
    /// Pages that may be wrong.
    Faulty,
    /// Pages that don't come, or not to their end.
    Slow,
}

impl<'a> Visitor<'a> {
    /// Makes an instance, in place of the last one with this number.
    #[must_use]
    pub fn new(site: &Site, shared: &'a Shared, number: usize) -> Self {
        let guest = Guest::new();
        let context = guest.context_trusting(&site.authority);
        let context = context.expect("it is PEM");
        let resources = guest.resources();
        let connections = connections(&guest, &context, site);
        shared.instance();
        Self {
            guest,
            resources,
            connections: connections.expect("they are good addresses"),
            _context: context,
            shared,
            streams: 0,
            port: site.http.port(),
            number,
            chance: Chance::new(shared.exchanges() << 8 | number as u64),
        }
    }

    /// Uses all connections in turn, until the load ends, or often enough.
    pub fn stay(mut self) {
        for _ in 0..ROUNDS {
            for index in 0..self.connections.len() {
                if self.shared.is_over() {
                    return;
                }
                self.visit(index);
                let (resources, memory) = (self.guest.resources(), self.guest.memory());
                self.shared.holds(self.number, resources, memory);
            }
        }
        if self.chance.one_in(2) {
            self.leave();
        }
    }

    /// Closes everything first, and asserts that the instance then has nothing. Others just go.
    ///
    /// A connection that ended amid a write is kept until the next one opens after that.
    fn leave(&mut self) {
        self.connections.clear();
        let begin = Instant::now();
        loop {
            let last = self.guest.http("127.0.0.1", self.port, None);
            let connected = last.and_then(|last| last.connect());
            connected.expect("the server listens");
            let left = self.guest.resources() - self.streams;
            if left <= self.resources + KEPT {
                return;
            }
            assert!(
                begin.elapsed() < LIMIT,
                "{left} resources instead of {}",
                self.resources
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn visit(&mut self, index: usize) {
        let (kind, connection) = &self.connections[index];
        let chance = &mut self.chance;
        let fault = match kind {
            Kind::Good => None,
            Kind::Faulty if chance.one_in(2) => None,
            Kind::Faulty => Some(chance.of(&Fault::QUICK)),
            Kind::Slow => Some(chance.of(&Fault::SLOW)),
        };
        let Some(fault) = fault else {
            let fetched = match kind {
                Kind::Good => fetch(&self.guest, connection, chance, &mut self.streams),
                Kind::Faulty | Kind::Slow => get(connection, GOOD, &pattern(ANNOUNCED)),
            };
            let compared = fetched.unwrap_or_else(|error| panic!("{error:?} without a fault"));
            return self.shared.exchange(compared);
        };
        let outcome = connection
            .fetch("GET", &fault.path())
            .and_then(|response| response.read(None));
        let error = outcome.expect_err("no fault gives a whole body");
        assert!(fault.explains(&error), "{fault:?} came out as {error:?}");
        self.shared.fault(fault);
    }
}

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        self.shared.holds(self.number, 0, 0);
        if thread::panicking() {
            self.shared.fail();
        }
    }
}

/// Of every kind.
fn connections(
    guest: &Guest,
    context: &TlsContext,
    site: &Site,
) -> Result<Vec<(Kind, Connection)>> {
    let playground = &site.playground;
    let (patient, impatient) = (options(PATIENT), options(IMPATIENT));
    let http = |port, options| guest.http("127.0.0.1", port, Some(options));
    let tls = || Some(TlsOptions::with(context));
    let https = |port| guest.https("127.0.0.1", port, Some(&patient), tls());
    let mut connections = Vec::with_capacity(CONNECTIONS);
    for _ in 0..3 {
        connections.push((Kind::Good, http(site.http.port(), &patient)?));
    }
    for _ in 0..2 {
        connections.push((Kind::Good, https(site.https.port())?));
    }
    let tunnelled = https(site.https.port())?;
    tunnelled.set_proxy(Some(&format!("http://127.0.0.1:{}", playground.http)))?;
    connections.push((Kind::Good, tunnelled));
    connections.push((Kind::Faulty, http(playground.http, &patient)?));
    for _ in 0..2 {
        connections.push((Kind::Faulty, https(playground.https)?));
    }
    connections.push((Kind::Slow, http(playground.http, &impatient)?));
    assert_eq!(connections.len(), CONNECTIONS);
    Ok(connections)
}

fn options(timeout: Duration) -> ConnectionOptions {
    ConnectionOptions {
        timeout: u64::try_from(timeout.as_nanos()).ok(),
        strict: Some(true),
        ..ConnectionOptions::default()
    }
}

/// Fetches a page of one kind or another; how many bytes were compared.
fn fetch(
    guest: &Guest,
    connection: &Connection,
    chance: &mut Chance,
    streams: &mut usize,
) -> Result<usize> {
    match chance.up_to(10) {
        0 => {
            let path = format!("/bytes/{LARGE}");
            get(connection, &path, &pattern(LARGE))
        }
        1 => {
            let path = format!("/chunked/{CHUNKED}");
            get(connection, &path, &pattern(CHUNKED))
        }
        2 => post(connection, bytes(pattern(POSTED))),
        3 => {
            *streams += 1;
            post(connection, Some(guest.stream(pattern(POSTED))))
        }
        4 => {
            let response = connection.fetch("HEAD", "/")?;
            expect(&response, b"")
        }
        // Given up unread.
        5 => {
            let response = connection.fetch("GET", &format!("/bytes/{LARGE}"))?;
            assert_eq!(response.status(), 200);
            Ok(0)
        }
        _ => get(connection, "/", GREETING),
    }
}

fn get(connection: &Connection, path: &str, body: &[u8]) -> Result<usize> {
    expect(&connection.fetch("GET", path)?, body)
}

fn post(connection: &Connection, body: Option<Body>) -> Result<usize> {
    connection.request("POST", "/count", body, &[])?;
    let said = format!("{POSTED} bytes of the pattern");
    expect(&connection.get_response()?, said.as_bytes())?;
    Ok(POSTED)
}

fn expect(response: &Response, body: &[u8]) -> Result<usize> {
    assert_eq!(response.status(), 200);
    let read = response.read(None)?;
    assert!(read == body, "a wrong body of {} bytes", read.len());
    Ok(read.len())
}

/// Which page comes next: the same ones for the same seed. Xorshift.
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn up_to(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.up_to(many) == 0
    }

    fn of(&mut self, faults: &[Fault]) -> Fault {
        faults[self.up_to(faults.len())]
    }
}

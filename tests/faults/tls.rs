//! Faults on a way that TLS protects: a cut at any byte shows what was whole before it, and whatever else happens to
//! the bytes never passes for what the server said.

use std::rc::Rc;

use httplib::client::{Error, HttpException, Scheme};
use httplib::transport::{Phase, SocketErrorCode, TlsError};
use libtest_mimic::{Failed, Trial};
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};

use super::client::{Client, Reading};
use super::exchange::{EXCHANGES, Exchange, Upload};
use super::fault::{Cut, Fault, Kind, Moment};
use super::host::{ESTABLISHED, Site, Tunnelled};
use super::oracle::{Asked, Ending, Expected, expect, expect_tunnel};
use super::outcome::Outcome;
use super::plain::{Route, finish, finish_either_way, in_time, socket};
use super::secured::{Log, Records, Secured, client_config};
use super::tally::Tally;
use super::way::{Direction, World};
use super::{Depth, PIECES};

/// Of so many bytes one is tried where not all of them are.
const STEP: usize = 17;

/// The exchanges that are tried at every byte, if any are: the framings, and those that go back and forth.
const WHOLE: [&str; 5] = [
    "content-length",
    "chunked",
    "to the end",
    "upload on demand",
    "upgrade",
];

/// How many of the bytes of an exchange are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Density {
    /// One for each kind of fault: unoptimized cryptography is slow.
    One,
    /// Each [`STEP`]th, from one that changes by turns.
    Some,
    /// Each.
    All,
}

impl Density {
    fn of(depth: Depth, exchange: &Exchange, route: Route) -> Self {
        match depth {
            Depth::Sample => Self::One,
            Depth::All if route == Route::Direct && WHOLE.contains(&exchange.name) => Self::All,
            Depth::All => Self::Some,
        }
    }

    fn offsets(self, length: usize, turn: usize) -> Vec<usize> {
        match self {
            // Far from the one of the turn before.
            Self::One => vec![turn * 619 % length],
            Self::Some => (turn % STEP..=length).step_by(STEP).collect(),
            Self::All => (0..=length).collect(),
        }
    }
}

/// What a trial is about, besides its fault.
#[derive(Clone, Copy)]
struct Setting {
    exchange: &'static Exchange,
    version: &'static SupportedProtocolVersion,
    route: Route,
}

/// An exchange without faults: what the trials of a setting are held against.
struct Clean {
    outcome: Outcome,
    /// What the server heard.
    heard: Vec<u8>,
    /// How many bytes the client sent, and received, the tunnel's included.
    lengths: (usize, usize),
    /// How many bytes a proxy was asked with, and how many it answered with.
    tunnel: (usize, usize),
    /// Where what the client sends at a time ends.
    flights: Vec<usize>,
    sent: Vec<u8>,
    received: Vec<u8>,
    records: Records,
}

/// A test for each setting and direction.
pub fn tests(depth: Depth) -> Vec<Trial> {
    let mut tests = Vec::new();
    for (index, exchange) in EXCHANGES.iter().enumerate() {
        for (odd, version) in [&TLS12, &TLS13].into_iter().enumerate() {
            for route in [Route::Direct, Route::Tunnel] {
                let is_possible = route == Route::Direct || exchange.name != "http/0.9";
                let is_sampled = index % 2 == odd && (route == Route::Direct || index % 4 == 0);
                if !is_possible || (depth == Depth::Sample && !is_sampled) {
                    continue;
                }
                let setting = Setting {
                    exchange,
                    version,
                    route,
                };
                let density = Density::of(depth, exchange, route);
                let title = format!("{} over {:?}, {route:?}", exchange.name, version.version);
                let cuts = move || cuts(setting, density, index);
                tests.push(Trial::test(format!("cuts: {title}"), cuts));
                let forgeries = move || forgeries(setting, density, index);
                tests.push(Trial::test(format!("forgeries: {title}"), forgeries));
            }
        }
    }
    tests
}

/// Cuts in both directions.
fn cuts(setting: Setting, density: Density, turn: usize) -> Result<(), Failed> {
    let clean = setting.clean();
    let mut tally = Tally::default();
    let (sent, received) = clean.lengths;
    let mut floor = 0;
    let kinds = [Kind::Close, Kind::Reset, Kind::Stall, Kind::Split];
    for (direction, length) in [(Direction::ToClient, received), (Direction::ToServer, sent)] {
        for (index, kind) in kinds.iter().enumerate() {
            let offsets = density.offsets(length, turn + index * 5);
            floor += offsets.len().saturating_sub(1) as u64;
            for at in offsets.into_iter().filter(|at| kind.fits(*at, length)) {
                let moment = match (at + index) % 2 {
                    0 => Moment::AtOnce,
                    _ if direction == Direction::ToServer => Moment::AtOnce,
                    _ => Moment::Later,
                };
                let kind = kind.clone();
                let (piece, reading) = (PIECES[at % 3], Reading::ALL[at % 5]);
                let fault = Fault { at, kind, moment };
                let what = || format!("{direction:?} {fault:?} in pieces of {piece}, {reading:?}");
                tally.try_out(fault.kind.name(), what, || {
                    setting.try_cut(&clean, (direction, fault.clone()), piece, reading)
                });
            }
        }
    }
    tally.finish(floor)
}

/// Bytes and records that are not what was sent, in both directions.
fn forgeries(setting: Setting, density: Density, turn: usize) -> Result<(), Failed> {
    let clean = setting.clean();
    let mut tally = Tally::default();
    let mut floor = 0;
    for (direction, kind, offsets) in clean.forgeries(density, turn) {
        floor += offsets.len() as u64;
        for at in offsets {
            let (piece, reading) = (PIECES[at % 3], Reading::ALL[at % 5]);
            let fault = Fault {
                at,
                kind: kind.clone(),
                moment: Moment::AtOnce,
            };
            let what = || format!("{direction:?} {fault:?} in pieces of {piece}, {reading:?}");
            tally.try_out(fault.kind.name(), what, || {
                setting.try_forgery(&clean, (direction, fault.clone()), piece, reading)
            });
        }
    }
    tally.finish(floor)
}

impl Setting {
    fn clean(self) -> Clean {
        let (world, log) = (World::default(), Log::default());
        self.lead(&world, PIECES[0], None, &log);
        let mut client = self.client(&world);
        let outcome = client.exchange(self.exchange, Reading::Whole);
        assert_eq!(outcome.error(), None);
        let (heard, flights) = world.way(0, |way| (way.heard().to_vec(), way.flights().to_vec()));
        let (sent, received) = world.way(0, |way| (way.said().to_vec(), way.arrived().to_vec()));
        let records = log.borrow().clone();
        let tunnel = match self.route {
            Route::Direct => (0, 0),
            Route::Tunnel => (flights[0], ESTABLISHED.len()),
        };
        Clean {
            outcome,
            heard,
            lengths: (sent.len(), received.len()),
            tunnel,
            flights,
            sent,
            received,
            records,
        }
    }

    fn client(self, world: &World) -> Client {
        Client::new(
            world,
            Scheme::Https(client_config()),
            self.route == Route::Tunnel,
        )
    }

    fn lead(self, world: &World, piece: usize, fault: Option<(Direction, Fault)>, log: &Log) {
        let site = Site::new(self.exchange);
        let host = Secured::new(site, self.version, Rc::clone(log));
        match self.route {
            Route::Direct => world.leads_to(host, piece, fault),
            Route::Tunnel => world.leads_to(Tunnelled::new(host), piece, fault),
        }
    }

    fn asked(self) -> Asked {
        Asked {
            method: self.exchange.method,
            allows_http09: self.route == Route::Direct,
            is_whole: true,
            upgrades: self.exchange.upload == Upload::Upgrade,
        }
    }

    /// The exchange with this fault, and the world that it leaves.
    fn exchange(
        self,
        fault: &(Direction, Fault),
        piece: usize,
        reading: Reading,
    ) -> Result<(Client, World, Outcome), String> {
        let world = World::default();
        self.lead(&world, piece, Some(fault.clone()), &Log::default());
        self.lead(&world, piece, None, &Log::default());
        let mut client = self.client(&world);
        let outcome = client.exchange(self.exchange, reading);
        let elapsed = world.network.elapsed();
        in_time(self.exchange, elapsed)?;
        Ok((client, world, outcome))
    }

    fn try_cut(
        self,
        clean: &Clean,
        fault: (Direction, Fault),
        piece: usize,
        reading: Reading,
    ) -> Result<(), String> {
        let (client, world, outcome) = self.exchange(&fault, piece, reading)?;
        let expected = match fault.0 {
            Direction::ToClient => self.cut_reply(clean, &fault.1),
            Direction::ToServer => self.cut_request(clean, &fault.1),
        };
        if outcome != expected.outcome {
            return Err(format!("{outcome:?}, and not {:?}", expected.outcome));
        }
        finish(client, &world, expected.is_kept)
    }

    /// What must come out where the way to the client is cut.
    fn cut_reply(self, clean: &Clean, fault: &Fault) -> Expected {
        let Some(cut) = fault.kind.cut() else {
            return clean.expected(self);
        };
        let ending = match cut {
            Cut::Closed => Ending::Truncated,
            Cut::Reset => Ending::Reset,
            Cut::Silent => Ending::Silent,
        };
        let Some(at) = fault.at.checked_sub(clean.tunnel.1) else {
            let ending = match cut {
                Cut::Closed => Ending::Closed,
                _ => ending,
            };
            return failed(in_tunnel(&ESTABLISHED[..fault.at], ending));
        };
        let records = &clean.records;
        if at < records.shaken {
            return failed(match cut {
                Cut::Closed => Error::Tls(TlsError::Truncated(String::new())),
                Cut::Reset => socket(Phase::Handshake, SocketErrorCode::ConnectionReset),
                Cut::Silent => Error::TimedOut(Phase::Handshake),
            });
        }
        if at == records.shaken && cut == Cut::Reset && fault.moment == Moment::AtOnce {
            // It is there before the request.
            return failed(socket(Phase::Send, SocketErrorCode::ConnectionReset));
        }
        let ending = match records.closed {
            Some(closed) if closed <= at => Ending::Closed,
            _ => ending,
        };
        let said = self.exchange.said();
        expect(self.asked(), &said[..records.plain_before(at)], ending)
    }

    /// What must come out where the way to the server is cut.
    fn cut_request(self, clean: &Clean, fault: &Fault) -> Expected {
        let (at, kind) = (fault.at, &fault.kind);
        let cut = match kind.cut() {
            Some(cut) if at < clean.lengths.0 => cut,
            cut => {
                let mut expected = clean.expected(self);
                expected.is_kept &= cut.is_none();
                return expected;
            }
        };
        let (phase, code) = match cut {
            _ if at < clean.tunnel.0 => (Phase::Tunnel, Phase::Send),
            _ if at < clean.shaken_at(self.version) => (Phase::Handshake, Phase::Handshake),
            _ => (Phase::Send, Phase::Send),
        };
        let at_flight = clean.flights.contains(&at);
        let last = clean.flights[clean.flights.len() - 2];
        if self.exchange.upload == Upload::Upgrade && at >= last {
            let ending = match cut {
                Cut::Closed => Ending::Truncated,
                Cut::Reset => Ending::Reset,
                Cut::Silent => Ending::Silent,
            };
            return expect(self.asked(), self.exchange.answers[0].1, ending);
        }
        // Whoever waits for the server's word is not sending.
        let waits_for_word = self.exchange.upload == Upload::Expected && at == last && at_flight;
        failed(match cut {
            Cut::Closed if waits_for_word => Error::Tls(TlsError::Truncated(String::new())),
            Cut::Reset if waits_for_word => {
                socket(Phase::Receive, SocketErrorCode::ConnectionReset)
            }
            Cut::Closed => socket(code, SocketErrorCode::BrokenPipe),
            Cut::Reset => socket(code, SocketErrorCode::ConnectionReset),
            Cut::Silent => Error::TimedOut(phase),
        })
    }

    /// What was forged does no harm, or it is an error behind just what was whole before it.
    fn try_forgery(
        self,
        clean: &Clean,
        fault: (Direction, Fault),
        piece: usize,
        reading: Reading,
    ) -> Result<(), String> {
        let (client, world, outcome) = self.exchange(&fault, piece, reading)?;
        if outcome != clean.outcome {
            let whole = match fault.0 {
                Direction::ToClient => self.whole_before(clean, fault.1.harms_at()),
                Direction::ToServer => self.answered(&outcome),
            };
            let error = outcome.error().ok_or_else(|| format!("{outcome:?}"))?;
            if !is_honest(error) {
                return Err(format!("{outcome:?}"));
            }
            if outcome.without_error() != whole.without_error() {
                return Err(format!("{outcome:?}, and not as far as {whole:?}"));
            }
        }
        let is_prefix = world.way(0, |way| clean.heard.starts_with(way.heard()));
        if !is_prefix {
            return Err("the server has heard what nobody said".into());
        }
        finish_either_way(client, &world).map(drop)
    }

    /// What came out of the records that end before this byte of the way.
    fn whole_before(self, clean: &Clean, at: usize) -> Outcome {
        let at = at - clean.tunnel.1;
        if at < clean.records.shaken {
            return Outcome::Failed(Error::TimedOut(Phase::Handshake));
        }
        let said = self.exchange.said();
        let plain = &said[..clean.records.plain_before(at)];
        expect(self.asked(), plain, Ending::Silent).outcome
    }

    /// What came out before the server stopped listening: nothing, but in front of another protocol.
    fn answered(self, outcome: &Outcome) -> Outcome {
        match (self.exchange.upload, outcome) {
            (Upload::Upgrade, Outcome::Replied { .. }) => {
                expect(self.asked(), self.exchange.answers[0].1, Ending::Silent).outcome
            }
            _ => Outcome::Failed(Error::TimedOut(Phase::Receive)),
        }
    }
}

impl Clean {
    /// What must come out where nothing is lost.
    fn expected(&self, setting: Setting) -> Expected {
        let said = setting.exchange.said();
        let is_kept = expect(setting.asked(), &said, Ending::Silent).is_kept;
        Expected {
            outcome: self.outcome.clone(),
            is_kept,
        }
    }

    /// Where the flights of the handshake end, but for one that leaves with the request.
    fn shaken_at(&self, version: &SupportedProtocolVersion) -> usize {
        let first = usize::from(self.tunnel.0 > 0);
        let more = usize::from(version.version == rustls::ProtocolVersion::TLSv1_2);
        self.flights[first + more]
    }

    /// What is forged, and where.
    fn forgeries(&self, density: Density, turn: usize) -> Vec<(Direction, Kind, Vec<usize>)> {
        let mut all = Vec::new();
        let ways = [
            (
                Direction::ToClient,
                self.tunnel.1,
                self.lengths.1,
                &self.received,
            ),
            (
                Direction::ToServer,
                self.tunnel.0,
                self.lengths.0,
                &self.sent,
            ),
        ];
        for (direction, start, end, bytes) in ways {
            let at = |turn| {
                let offsets = density.offsets(end - start, turn).into_iter();
                let offsets = offsets.map(|at| start + at).filter(|at| *at < end);
                offsets.collect::<Vec<_>>()
            };
            // Every bit where that is affordable, else each in turn.
            let one = u8::try_from(turn % 8).expect("a bit of a byte");
            let bits = match density {
                Density::All if turn == 0 => 0..8,
                _ => one..one + 1,
            };
            all.extend(bits.map(|bit| (direction, Kind::Flip(bit), at(turn + usize::from(bit)))));
            for (index, garbage) in GARBAGE.into_iter().enumerate() {
                let offsets = at(turn + 3 * index)
                    .into_iter()
                    .skip(index)
                    .step_by(GARBAGE.len());
                all.push((direction, Kind::Insert(garbage), offsets.collect()));
            }
            let records = bounds(&bytes[start..], start);
            for (index, pair) in records.windows(2).enumerate() {
                if density == Density::One && index != turn % (records.len() - 1) {
                    continue;
                }
                let ((begin, middle), (_, end)) = (pair[0], pair[1]);
                let (first, second) = (middle - begin, end - middle);
                all.push((direction, Kind::Repeat(first), vec![begin]));
                all.push((direction, Kind::Lose(first), vec![begin]));
                all.push((direction, Kind::Swap(first, second), vec![begin]));
            }
        }
        all
    }
}

/// What is inserted: no record, the beginning of one, and whole ones.
const GARBAGE: [&[u8]; 5] = [
    b"\0",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad",
    b"\x17\x03\x03\x00",
    b"\x15\x03\x03\x00\x02\x01\x00",
    b"\x17\x03\x03\x00\x13nineteen bytes here",
];

/// Where the records of `bytes` begin and end, counted from `start`.
fn bounds(mut bytes: &[u8], mut start: usize) -> Vec<(usize, usize)> {
    let mut bounds = Vec::new();
    while let Some(header) = bytes.first_chunk::<5>() {
        let length = 5 + usize::from(u16::from_be_bytes([header[3], header[4]]));
        bounds.push((start, start + length));
        start += length;
        bytes = &bytes[length..];
    }
    bounds
}

/// Whether it says that something happened to the connection, and nothing that the server would have to have said.
fn is_honest(error: &Error) -> bool {
    matches!(
        error,
        Error::Tls(_)
            | Error::TimedOut(Phase::Handshake | Phase::Send | Phase::Receive)
            | Error::Http(HttpException::IncompleteRead { .. } | HttpException::RemoteDisconnected)
    )
}

fn in_tunnel(arrived: &[u8], ending: Ending) -> Error {
    match expect_tunnel(arrived, ending) {
        Ok(_) => unreachable!("the reply of the proxy is cut"),
        Err(error) => error,
    }
}

fn failed(error: Error) -> Expected {
    Expected {
        outcome: Outcome::Failed(error),
        is_kept: false,
    }
}

//! Faults on a way without protection: at every byte, in both directions.

use std::time::Duration;

use httplib::client::{Error, Scheme};
use httplib::transport::{Phase, SocketErrorCode};
use libtest_mimic::{Failed, Trial};

use super::client::{Client, Reading};
use super::exchange::{EXCHANGES, Exchange, UPLOAD, Upload};
use super::fault::{Fault, Kind, Moment};
use super::host::{ESTABLISHED, Site, Tunnelled, find};
use super::oracle::{Asked, Ending, Expected, expect, expect_tunnel};
use super::outcome::Outcome;
use super::tally::Tally;
use super::way::{DEADLINE, Direction, TIMEOUT, Way, World};
use super::{Depth, PIECES};

/// What the way leads through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    Direct,
    Tunnel,
}

/// What is inserted: what breaks a grammar, what fits into one, and what looks like the next reply.
const GARBAGE: [&[u8]; 8] = [
    b"\0",
    b"\r",
    b"\n",
    b"\r\n",
    b"x",
    b"0",
    b"\xff\xfe:",
    b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad",
];

/// How long the pieces are that are repeated, lost or moved.
const LENGTHS: [usize; 3] = [1, 7, 64];

/// A sample forges each of so many bytes; it cuts behind every one.
const STEP: usize = 4;

/// A test for each exchange, route and direction.
pub fn tests(depth: Depth) -> Vec<Trial> {
    let mut tests = Vec::new();
    for exchange in EXCHANGES {
        for route in [Route::Direct, Route::Tunnel] {
            // Behind a proxy every reply has a head.
            if route == Route::Tunnel && exchange.name == "http/0.9" {
                continue;
            }
            let title = format!("{} over http, {route:?}", exchange.name);
            let to_client = move || replies(exchange, route, depth);
            tests.push(Trial::test(format!("replies: {title}"), to_client));
            let to_server = move || requests(exchange, route, depth);
            tests.push(Trial::test(format!("requests: {title}"), to_server));
        }
    }
    tests
}

/// Faults on the way of the reply.
fn replies(exchange: &'static Exchange, route: Route, depth: Depth) -> Result<(), Failed> {
    let mut tally = Tally::default();
    let (_, length) = lengths(exchange, route);
    for (index, kind) in kinds().into_iter().enumerate() {
        let step = step(depth, &kind);
        let offsets = (index % step..=length).step_by(step);
        for at in offsets.filter(|at| kind.fits(*at, length)) {
            for moment in moments(&kind) {
                for (piece, reading) in manners(depth, at + index) {
                    // In pieces nobody could see that it is there before the request.
                    let piece = match (&kind, route) {
                        (Kind::Insert(_), Route::Tunnel) if at == ESTABLISHED.len() => PIECES[0],
                        _ => piece,
                    };
                    let fault = Fault {
                        at,
                        kind: kind.clone(),
                        moment: *moment,
                    };
                    let what = || format!("{fault:?} in pieces of {piece}, {reading:?}");
                    let way = (Direction::ToClient, fault.clone());
                    tally.try_out(kind.name(), what, || {
                        try_out(exchange, route, way, piece, reading)
                    });
                }
            }
        }
    }
    tally.finish(10 * length as u64)
}

/// Faults on the way of the request.
fn requests(exchange: &'static Exchange, route: Route, depth: Depth) -> Result<(), Failed> {
    let mut tally = Tally::default();
    let (length, _) = lengths(exchange, route);
    for kind in [Kind::Close, Kind::Reset, Kind::Stall, Kind::Split] {
        for at in (0..=length).filter(|at| kind.fits(*at, length)) {
            for (piece, reading) in manners(depth, at) {
                let fault = Fault {
                    at,
                    kind: kind.clone(),
                    moment: Moment::AtOnce,
                };
                let what = || format!("{fault:?} in pieces of {piece}, {reading:?}");
                let way = (Direction::ToServer, fault.clone());
                tally.try_out(kind.name(), what, || {
                    try_out(exchange, route, way, piece, reading)
                });
            }
        }
    }
    tally.finish(4 * length as u64)
}

pub fn kinds() -> Vec<Kind> {
    let mut kinds = vec![Kind::Close, Kind::Reset, Kind::Stall, Kind::Split];
    kinds.extend((0..8).map(Kind::Flip));
    kinds.extend(GARBAGE.map(Kind::Insert));
    kinds.extend(LENGTHS.map(Kind::Repeat));
    kinds.extend(LENGTHS.map(Kind::Lose));
    kinds.extend([(1, 1), (7, 5)].map(|(length, others)| Kind::Swap(length, others)));
    kinds
}

/// When a fault of this kind may show.
pub fn moments(kind: &Kind) -> &'static [Moment] {
    match kind {
        Kind::Close | Kind::Reset => &[Moment::AtOnce, Moment::Later],
        _ => &[Moment::AtOnce],
    }
}

/// Of how many bytes one is tried.
pub fn step(depth: Depth, kind: &Kind) -> usize {
    match (depth, kind.cut()) {
        (Depth::Sample, None) if *kind != Kind::Split => STEP,
        _ => 1,
    }
}

/// In which pieces the bytes come, and how the body is read: one manner for each trial in turn, or all.
pub fn manners(depth: Depth, turn: usize) -> Vec<(usize, Reading)> {
    let all = PIECES
        .iter()
        .flat_map(|piece| Reading::ALL.map(|reading| (*piece, reading)));
    match depth {
        Depth::All => all.collect(),
        Depth::Sample => all.cycle().skip(turn % 15).take(1).collect(),
    }
}

/// How many bytes the client sends, and receives.
fn lengths(exchange: &'static Exchange, route: Route) -> (usize, usize) {
    let world = World::default();
    lead(&world, exchange, route, PIECES[0], None);
    let mut client = Client::new(&world, Scheme::Http, route == Route::Tunnel);
    let outcome = client.exchange(exchange, Reading::Whole);
    assert_eq!(outcome.error(), None);
    world.way(0, |way| (way.said().len(), way.arrived().len()))
}

fn lead(
    world: &World,
    exchange: &'static Exchange,
    route: Route,
    piece: usize,
    fault: Option<(Direction, Fault)>,
) {
    match route {
        Route::Direct => world.leads_to(Site::new(exchange), piece, fault),
        Route::Tunnel => world.leads_to(Tunnelled::new(Site::new(exchange)), piece, fault),
    }
}

fn try_out(
    exchange: &'static Exchange,
    route: Route,
    fault: (Direction, Fault),
    piece: usize,
    reading: Reading,
) -> Result<(), String> {
    let world = World::default();
    lead(&world, exchange, route, piece, Some(fault.clone()));
    lead(&world, exchange, route, piece, None);
    let mut client = Client::new(&world, Scheme::Http, route == Route::Tunnel);
    let outcome = client.exchange(exchange, reading);
    let elapsed = world.network.elapsed();
    let expected = world.way(0, |way| expected(exchange, route, &fault, way));
    if outcome != expected.outcome {
        return Err(format!("{outcome:?}, and not {:?}", expected.outcome));
    }
    in_time(exchange, elapsed)?;
    finish(client, &world, expected.is_kept)
}

/// What must come out.
fn expected(
    exchange: &Exchange,
    route: Route,
    (direction, fault): &(Direction, Fault),
    way: &Way,
) -> Expected {
    let ending = way.ending().into();
    let failed = |error| Expected {
        outcome: Outcome::Failed(error),
        is_kept: false,
    };
    let is_met_by_request = *direction == Direction::ToServer && way.said().len() == fault.at;
    if is_met_by_request && let Some(error) = while_sending(exchange, route, &fault.kind, way) {
        return failed(error);
    }
    let arrived = match route {
        Route::Direct => way.arrived(),
        Route::Tunnel => match expect_tunnel(way.arrived(), ending) {
            Ok(behind) => behind,
            Err(error) => return failed(error),
        },
    };
    if ending == Ending::Reset && way.heard().is_empty() {
        // The tunnel was open for the client to see that first.
        return failed(socket(Phase::Send, SocketErrorCode::ConnectionReset));
    }
    let asked = Asked {
        method: exchange.method,
        allows_http09: route == Route::Direct,
        is_whole: is_whole(exchange, way.heard()),
        upgrades: exchange.upload == Upload::Upgrade,
    };
    let mut expected = expect(asked, arrived, ending);
    // What was there before the request may be followed by its answer.
    expected.is_kept &= !way.heard().is_empty();
    expected
}

/// The failure of a request that is not sent to its end.
fn while_sending(exchange: &Exchange, route: Route, kind: &Kind, way: &Way) -> Option<Error> {
    let in_tunnel = route == Route::Tunnel && way.arrived().is_empty();
    match in_tunnel {
        true if way.opens() => None,
        true => cut_off(kind, Phase::Tunnel),
        false if is_sent(exchange, kind, way.heard()) => None,
        false => cut_off(kind, Phase::Send),
    }
}

/// Whether a fault of this kind can't be seen by who sends a request of which the server has heard so much.
pub fn is_sent(exchange: &Exchange, kind: &Kind, heard: &[u8]) -> bool {
    let waits_for_word =
        exchange.upload == Upload::Expected && heard.ends_with(b"\r\n\r\n") && *kind != Kind::Stall;
    waits_for_word || is_whole(exchange, heard)
}

/// How sending fails where the way takes no more.
pub fn cut_off(kind: &Kind, phase: Phase) -> Option<Error> {
    match kind {
        Kind::Close => Some(socket(Phase::Send, SocketErrorCode::BrokenPipe)),
        Kind::Reset => Some(socket(Phase::Send, SocketErrorCode::ConnectionReset)),
        Kind::Stall => Some(Error::TimedOut(phase)),
        _ => None,
    }
}

pub fn socket(phase: Phase, code: SocketErrorCode) -> Error {
    Error::Socket {
        phase,
        code,
        attempts: Vec::new(),
    }
}

/// Whether the server has the whole request.
pub fn is_whole(exchange: &Exchange, heard: &[u8]) -> bool {
    let last = match exchange.upload {
        Upload::Nothing | Upload::Upgrade => &b"\r\n\r\n"[..],
        Upload::Bytes | Upload::Expected => UPLOAD,
        Upload::Chunks => b"\r\n0\r\nX-Sum: 42\r\n\r\n",
    };
    find(heard, last).is_some()
}

/// Whether it ended within its deadline. What comes behind an upgrade is not the exchange's any more.
pub fn in_time(exchange: &Exchange, elapsed: Duration) -> Result<(), String> {
    let most = match exchange.upload {
        Upload::Upgrade => DEADLINE + TIMEOUT,
        _ => DEADLINE,
    };
    match elapsed > most {
        true => Err(format!("it took {elapsed:?}")),
        false => Ok(()),
    }
}

/// The next exchange goes well, over the same connection only if that is as it was, and nothing is left behind.
pub fn finish(client: Client, world: &World, is_kept: bool) -> Result<(), String> {
    finish_with(client, world, if is_kept { 1 } else { 2 })
}

/// The same, with so many connections in all.
pub fn finish_with(client: Client, world: &World, expected: usize) -> Result<(), String> {
    let dials = finish_either_way(client, world)?;
    match dials == expected {
        true => Ok(()),
        false => Err(format!("{dials} connections, and not {expected}")),
    }
}

/// The same over whichever connection; how many there were.
pub fn finish_either_way(mut client: Client, world: &World) -> Result<usize, String> {
    client.go_on()?;
    let dials = world.dials();
    if !(1..dials).all(|next| world.way(next - 1, Way::is_dropped)) {
        return Err("a connection that failed is still open".into());
    }
    drop(client);
    match (0..dials).all(|index| world.way(index, Way::is_dropped)) {
        true => Ok(dials),
        false => Err("a connection is left open".into()),
    }
}

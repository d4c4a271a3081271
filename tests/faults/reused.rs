//! Faults on a connection that has served a request before: at every byte of the second exchange. Where nothing of
//! its reply came and the request may be repeated, it must go over a fresh connection without a word.

use httplib::client::{Error, HttpException, Scheme};
use httplib::transport::Phase;
use libtest_mimic::{Failed, Trial};

use super::client::{Client, Reading};
use super::exchange::{Afterwards, EXCHANGES, Exchange, Upload};
use super::fault::{Fault, Kind, Moment};
use super::host::Site;
use super::oracle::{Asked, Ending, Expected, expect};
use super::outcome::Outcome;
use super::plain::{
    cut_off, finish_with, in_time, is_sent, is_whole, kinds, manners, moments, step,
};
use super::tally::Tally;
use super::way::{Direction, Way, World};
use super::{Depth, PIECES};

/// How many bytes the client had sent, and received.
#[derive(Clone, Copy, Debug)]
struct Lengths {
    sent: usize,
    received: usize,
}

/// A test for each exchange and direction.
pub fn tests(depth: Depth) -> Vec<Trial> {
    let mut tests = Vec::new();
    // A second reply has a head.
    for exchange in EXCHANGES.iter().filter(|it| it.name != "http/0.9") {
        let to_client = move || replies(exchange, depth);
        let title = format!("replies: {} over a used connection", exchange.name);
        tests.push(Trial::test(title, to_client));
        let to_server = move || requests(exchange, depth);
        let title = format!("requests: {} over a used connection", exchange.name);
        tests.push(Trial::test(title, to_server));
    }
    tests
}

/// Faults on the way of the reply.
fn replies(exchange: &'static Exchange, depth: Depth) -> Result<(), Failed> {
    let mut tally = Tally::default();
    let (before, all) = lengths(exchange);
    for (index, kind) in kinds().into_iter().enumerate() {
        let step = step(depth, &kind);
        let offsets = (before.received + index % step..=all.received).step_by(step);
        for at in offsets.filter(|at| kind.fits(*at, all.received)) {
            for moment in moments(&kind) {
                for manner in manners(depth, at + index) {
                    let fault = Fault {
                        at,
                        kind: kind.clone(),
                        moment: *moment,
                    };
                    let way = (Direction::ToClient, fault);
                    try_out(&mut tally, exchange, before, way, manner);
                }
            }
        }
    }
    tally.finish(10 * (all.received - before.received) as u64)
}

/// Faults on the way of the request, from its first byte on.
fn requests(exchange: &'static Exchange, depth: Depth) -> Result<(), Failed> {
    let mut tally = Tally::default();
    let (before, all) = lengths(exchange);
    for kind in [Kind::Close, Kind::Reset, Kind::Stall, Kind::Split] {
        let offsets = before.sent + 1..=all.sent;
        for at in offsets.filter(|at| kind.fits(*at, all.sent)) {
            for manner in manners(depth, at) {
                let fault = Fault {
                    at,
                    kind: kind.clone(),
                    moment: Moment::AtOnce,
                };
                let way = (Direction::ToServer, fault);
                try_out(&mut tally, exchange, before, way, manner);
            }
        }
    }
    tally.finish(3 * (all.sent - before.sent) as u64)
}

/// Before the second exchange, and with it.
fn lengths(exchange: &'static Exchange) -> (Lengths, Lengths) {
    let world = World::default();
    world.leads_to(Site::new(exchange), PIECES[0], None);
    let mut client = Client::new(&world, Scheme::Http, false);
    let lengths = || {
        world.way(0, |way| Lengths {
            sent: way.said().len(),
            received: way.arrived().len(),
        })
    };
    client.go_on().expect("a good reply");
    let before = lengths();
    let outcome = client.exchange(exchange, Reading::Whole);
    assert_eq!(outcome.error(), None);
    (before, lengths())
}

fn try_out(
    tally: &mut Tally,
    exchange: &'static Exchange,
    before: Lengths,
    fault: (Direction, Fault),
    (piece, reading): (usize, Reading),
) {
    let name = fault.1.kind.name();
    let what = || format!("{fault:?} in pieces of {piece}, {reading:?}");
    tally.try_out(name, what, || {
        try_once(exchange, before, fault.clone(), piece, reading)
    });
}

fn try_once(
    exchange: &'static Exchange,
    before: Lengths,
    fault: (Direction, Fault),
    piece: usize,
    reading: Reading,
) -> Result<(), String> {
    let world = World::default();
    world.leads_to(Site::new(exchange), piece, Some(fault.clone()));
    world.leads_to(Site::new(exchange), piece, None);
    world.leads_to(Site::new(exchange), piece, None);
    let mut client = Client::new(&world, Scheme::Http, false);
    client.go_on()?;
    let outcome = client.exchange(exchange, reading);
    let elapsed = world.network.elapsed();
    let (expected, dials) = world.way(0, |way| expected(exchange, before, &fault, way));
    if outcome != expected.outcome {
        return Err(format!("{outcome:?}, and not {:?}", expected.outcome));
    }
    in_time(exchange, elapsed)?;
    finish_with(client, &world, dials + usize::from(!expected.is_kept))
}

/// What must come out, and over how many connections.
fn expected(
    exchange: &Exchange,
    before: Lengths,
    (direction, fault): &(Direction, Fault),
    way: &Way,
) -> (Expected, usize) {
    let asked = Asked {
        method: exchange.method,
        allows_http09: false,
        is_whole: true,
        upgrades: exchange.upload == Upload::Upgrade,
    };
    let repeated = || {
        let ending = match exchange.afterwards {
            Afterwards::Waits => Ending::Silent,
            Afterwards::Closes => Ending::Closed,
        };
        (expect(asked, &exchange.said(), ending), 2)
    };
    if *direction == Direction::ToClient && fault.at == before.received && spoils(fault) {
        return repeated();
    }
    let heard = &way.heard()[before.sent..];
    let arrived = &way.arrived()[before.received..];
    let ending = way.ending().into();
    let is_cut_off = *direction == Direction::ToServer
        && way.said().len() == fault.at
        && !is_sent(exchange, &fault.kind, heard);
    let expected = match cut_off(&fault.kind, Phase::Send).filter(|_| is_cut_off) {
        Some(error) => Expected {
            outcome: Outcome::Failed(error),
            is_kept: false,
        },
        None => {
            let is_whole = is_whole(exchange, heard);
            expect(Asked { is_whole, ..asked }, arrived, ending)
        }
    };
    let is_gone = arrived.is_empty() && says_that_it_is_gone(&expected.outcome);
    match is_gone && may_be_repeated(exchange) {
        true => repeated(),
        false => (expected, 1),
    }
}

/// Whether an idle connection is seen to be of no use any more.
fn spoils(fault: &Fault) -> bool {
    match fault.kind {
        Kind::Close | Kind::Reset => fault.moment == Moment::AtOnce,
        // Nobody asked for it (RFC 9112, section 9.2), though an empty line might be let pass.
        Kind::Insert(_) => true,
        _ => false,
    }
}

fn says_that_it_is_gone(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Failed(
            Error::Http(HttpException::RemoteDisconnected)
                | Error::Socket {
                    phase: Phase::Send | Phase::Receive,
                    ..
                }
        )
    )
}

/// RFC 9110, section 9.2.2; and a stream can't be read twice.
fn may_be_repeated(exchange: &Exchange) -> bool {
    exchange.method != "POST" && exchange.upload != Upload::Chunks
}

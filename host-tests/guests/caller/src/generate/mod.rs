//! What is called next: at random, legal or not, but for what no document says the outcome of.

mod connection;
mod context;
mod request;
mod response;
mod under_way;

use fastrand::Rng;

use crate::calls::{ConnectionCall, Kind, Op, RESPONSES, SLOTS, StatusCall};
use crate::model::{Model, Unread};
use crate::words;

/// What a sequence may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Nothing leaves the component.
    Offline,
    /// It talks to the server.
    Online,
}

/// Chooses calls.
pub struct Generator<'a> {
    pub rng: &'a mut Rng,
    pub reach: Reach,
}

impl Generator<'_> {
    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.rng.usize(..of.len())]
    }

    fn often(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    fn pick(&mut self, live: impl Iterator<Item = bool>) -> Option<usize> {
        let live: Vec<_> = live
            .enumerate()
            .filter(|(_, is)| *is)
            .map(|(at, _)| at)
            .collect();
        (!live.is_empty()).then(|| *self.one(&live))
    }

    /// The next call.
    pub fn next(&mut self, model: &Model) -> Op {
        loop {
            let op = match self.rng.u32(..100) {
                0..50 => self.of_connection(model),
                50..76 => self.of_response(model),
                76..80 => self.of_message(model),
                80..85 => self.of_upgraded(model),
                85..93 => self.of_context(model),
                93..97 => self.drops(model),
                97 => Some(Op::Poll),
                98 => Some(Op::DropPollables),
                _ => Some(Op::Status(self.status())),
            };
            if let Some(op) = op.filter(|op| !closes_what_was_abandoned(model, op)) {
                return self.under_way(model, op);
            }
        }
    }

    /// Something that is there is dropped.
    pub fn drops(&mut self, model: &Model) -> Option<Op> {
        let (kind, slot) = match self.rng.u32(..5) {
            0 => (
                Kind::Connection,
                self.pick(model.connections.iter().map(Option::is_some)),
            ),
            1 => (
                Kind::Response,
                self.pick(model.responses.iter().map(Option::is_some)),
            ),
            2 => (
                Kind::Message,
                self.pick(model.messages.iter().map(Option::is_some)),
            ),
            3 => (
                Kind::Upgraded,
                self.pick(model.upgraded.iter().map(Option::is_some)),
            ),
            _ => (
                Kind::Context,
                self.pick(model.contexts.iter().map(Option::is_some)),
            ),
        };
        let slot = slot?;
        match kind {
            Kind::Response if !may_be_given_up(model, slot) => None,
            _ => Some(Op::Drop(kind, slot)),
        }
    }

    fn status(&mut self) -> StatusCall {
        match self.rng.u32(..5) {
            0 => StatusCall::HttpPort,
            1 => StatusCall::HttpsPort,
            2 => StatusCall::ReasonPhrase(*self.one(&[
                0,
                99,
                100,
                200,
                404,
                413,
                511,
                512,
                u16::MAX,
            ])),
            3 => StatusCall::Responses,
            _ => StatusCall::Constant((*self.one(words::CONSTANTS)).to_owned()),
        }
    }
}

/// Whether it is known what giving up the response does to its connection: of a large one, the rest may have arrived
/// or not.
fn may_be_given_up(model: &Model, slot: usize) -> bool {
    let response = model.responses[slot].as_ref();
    response.is_none_or(|it| {
        let left = it.rest.len();
        it.reply != "large" || it.unread != Unread::Open || left > 200_000 && !it.was_abandoned
    })
}

/// Whether a response loses its socket that may have received more than its calls gave: where one of these was dropped.
fn closes_what_was_abandoned(model: &Model, op: &Op) -> bool {
    let Op::Connection(slot, ConnectionCall::Close) = op else {
        return false;
    };
    let link = model.connections[*slot].as_ref().and_then(|it| it.link);
    let mut responses = model.responses.iter().flatten();
    link.is_some_and(|link| responses.any(|it| it.link == link && it.was_abandoned))
}

/// What is dropped at the end: everything, one after the other.
pub fn remaining() -> Vec<Op> {
    let mut all = vec![Op::DropPollables];
    let slots = [SLOTS, RESPONSES, SLOTS, SLOTS, SLOTS];
    let kinds = [
        Kind::Connection,
        Kind::Response,
        Kind::Message,
        Kind::Upgraded,
        Kind::Context,
    ];
    for (kind, slots) in kinds.into_iter().zip(slots) {
        all.extend((0..slots).map(|slot| Op::Drop(kind, slot)));
    }
    all
}

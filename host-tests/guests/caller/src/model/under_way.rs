//! Calls that are dropped while they are under way, and calls at once.
//!
//! A call that has not returned may be under way, or the host may not have begun it. So of two calls at once either may
//! be over before the other begins. What is said of a connection after that is said once it is closed: the
//! program closes it.

use super::Model;
use crate::calls::{ConnectionCall, Op, Outcome, ResponseCall};
use crate::fault::Fault;

/// How two calls at once may go.
#[derive(Clone, Copy)]
enum Order {
    /// The second finds the first under way.
    SecondRefused,
    /// It overtakes it, and the first finds the second under way.
    FirstRefused,
    /// The second ends the first.
    CutOff,
    /// One after the other.
    InTurn,
    /// The second one first.
    Reversed,
}

impl Model {
    /// A call that is dropped, unless it was done at once.
    pub(super) fn cancel(&mut self, op: &Op, seen: &Outcome) -> Outcome {
        if *seen != Outcome::Cancelled {
            return self.expected(op, seen);
        }
        self.leave(op);
        Outcome::Cancelled
    }

    /// A call, and another one of the same resource beside it, unless the first was done at once.
    pub(super) fn beside(&mut self, first: &Op, second: &Op, seen: &Outcome) -> Outcome {
        let Outcome::Both(seen_first, seen_second) = seen else {
            return self.expected(first, seen);
        };
        let orders = match closes(second) {
            true => &[Order::CutOff, Order::InTurn, Order::Reversed][..],
            false => &[
                Order::SecondRefused,
                Order::FirstRefused,
                Order::InTurn,
                Order::Reversed,
            ],
        };
        let possible = orders.iter().map(|order| {
            let mut model = self.clone();
            let both = model.in_order(*order, (first, second), (seen_first, seen_second));
            (model, both)
        });
        let mut possible: Vec<_> = possible.collect();
        let agreeing = possible.iter().position(|(_, both)| both == seen);
        let (model, both) = possible.swap_remove(agreeing.unwrap_or(0));
        *self = model;
        both
    }

    fn in_order(
        &mut self,
        order: Order,
        (first, second): (&Op, &Op),
        (seen_first, seen_second): (&Outcome, &Outcome),
    ) -> Outcome {
        let (made, is_dropped) = match first {
            Op::Cancel(made) => (&**made, true),
            made => (made, false),
        };
        // What came of a call that was dropped is not seen.
        let seen_first = if is_dropped {
            &Outcome::Done
        } else {
            seen_first
        };
        let (one, other) = match order {
            Order::SecondRefused => {
                let one = match is_dropped {
                    true => Outcome::Cancelled,
                    false => self.expected(made, seen_first),
                };
                (one, Outcome::Failed(Fault::Other))
            }
            Order::FirstRefused => {
                let other = self.expected(second, seen_second);
                (Outcome::Failed(Fault::Other), other)
            }
            Order::CutOff => {
                self.leave(made);
                let closed = self.expected(second, seen_second);
                (Outcome::Failed(Fault::NotConnected), closed)
            }
            Order::InTurn => {
                let one = self.expected(made, seen_first);
                (one, self.expected(second, seen_second))
            }
            // It was dropped before it began.
            Order::Reversed if is_dropped => {
                let other = self.expected(second, seen_second);
                (Outcome::Cancelled, other)
            }
            Order::Reversed => {
                let other = self.expected(second, seen_second);
                (self.expected(made, seen_first), other)
            }
        };
        if is_dropped || closes(second) {
            self.leave(made);
        }
        let one = if is_dropped { Outcome::Cancelled } else { one };
        Outcome::Both(Box::new(one), Box::new(other))
    }

    /// What a call leaves behind that is given up. Of a response, nothing is lost.
    fn leave(&mut self, op: &Op) {
        match op {
            Op::Connection(slot, _) | Op::GetResponse(slot, _) => {
                self.connection(*slot, &ConnectionCall::Close, &Outcome::Done);
            }
            Op::Response(slot, _) => {
                if let Some(response) = &mut self.responses[*slot] {
                    response.was_abandoned = true;
                }
            }
            _ => {}
        }
    }

    /// Whether it is documented what becomes of everything when a call on this connection is dropped: a response that
    /// is still being read would keep the socket if the call had begun, and lose it otherwise.
    pub fn may_be_abandoned(&self, slot: usize) -> bool {
        let Some(connection) = &self.connections[slot] else {
            return false;
        };
        let is_lent = connection.link.is_some_and(|it| self.links[it].is_lent);
        // Trailers may have been taken by the request, the proxy may have answered, and no time may have been too
        // little, or not.
        let is_unclear = connection.has_trailers() || connection.has_tunnel() || connection.no_time;
        !is_lent && !is_unclear
    }
}

/// Whether it ends what is under way.
pub fn closes(op: &Op) -> bool {
    matches!(
        op,
        Op::Connection(_, ConnectionCall::Close) | Op::Response(_, ResponseCall::Close)
    )
}

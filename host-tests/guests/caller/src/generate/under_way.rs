//! Calls that are dropped, and calls at once: over WASI 0.3.

use super::{Generator, Reach, may_be_given_up};
use crate::calls::{Body, ConnectionCall, Op, ResponseCall};
use crate::model::{Interface, Model, Phase};

impl Generator<'_> {
    /// The call; or it is dropped, or another one is made while it is under way.
    pub(super) fn under_way(&mut self, model: &Model, op: Op) -> Op {
        if !self.may_be_abandoned(model, &op) {
            return op;
        }
        match self.rng.u32(..10) {
            0 => Op::Cancel(Box::new(op)),
            1 | 2 => match self.beside(model, &op) {
                Some(other) if self.often(30) && takes_what_is_known(&op) => {
                    Op::Beside(Box::new(Op::Cancel(Box::new(op))), Box::new(other))
                }
                Some(other) => Op::Beside(Box::new(op), Box::new(other)),
                None => op,
            },
            _ => op,
        }
    }

    /// Whether it is documented, and known, what is left then.
    fn may_be_abandoned(&self, model: &Model, op: &Op) -> bool {
        if self.reach == Reach::Offline || model.world.interface == Interface::Wasi02 {
            return false;
        }
        match op {
            Op::Connection(slot, call) => waits(call) && model.may_be_abandoned(*slot),
            Op::GetResponse(slot, _) => model.may_be_abandoned(*slot),
            Op::OneCall(..) => true,
            Op::Response(_, call) => matches!(
                call,
                ResponseCall::Read(_)
                    | ResponseCall::Read1(_)
                    | ResponseCall::Peek(_)
                    | ResponseCall::Readline(_)
            ),
            _ => false,
        }
    }

    /// Another call of the same resource.
    fn beside(&mut self, model: &Model, op: &Op) -> Option<Op> {
        match op {
            Op::Connection(slot, _) | Op::GetResponse(slot, _) => {
                let is_started = model.connections[*slot]
                    .as_ref()
                    .is_some_and(|it| matches!(it.phase, Phase::Started(_)));
                let bytes = Body::Bytes(b"x".to_vec());
                let into = self.pick(model.responses.iter().map(Option::is_none));
                let call = match self.rng.u32(..6) {
                    0 => ConnectionCall::Connect,
                    1 => {
                        let path = "/reply/length".to_owned();
                        ConnectionCall::Request("GET".into(), path, None, Vec::new())
                    }
                    2 if !is_started => ConnectionCall::EndHeaders(None),
                    3 => ConnectionCall::Send(bytes),
                    4 => return into.map(|into| Op::GetResponse(*slot, into)),
                    _ => ConnectionCall::Close,
                };
                Some(Op::Connection(*slot, call))
            }
            Op::Response(slot, _) => {
                let call = match self.rng.u32(..5) {
                    0 => ResponseCall::Read(Some(3)),
                    1 => ResponseCall::Read1(None),
                    2 => ResponseCall::Peek(2),
                    3 => ResponseCall::Readline(None),
                    _ if may_be_given_up(model, *slot) => ResponseCall::Close,
                    _ => return None,
                };
                Some(Op::Response(*slot, call))
            }
            _ => None,
        }
    }
}

/// Whether it is known what the call takes of a body, if it comes to its end.
fn takes_what_is_known(op: &Op) -> bool {
    !matches!(op, Op::Response(_, ResponseCall::Read1(_)))
}

/// Whether it may have to wait, for nothing but the connection: before a file is sent, the host is asked for it.
fn waits(call: &ConnectionCall) -> bool {
    let body = match call {
        ConnectionCall::Connect => None,
        ConnectionCall::Request(_, _, body, _) | ConnectionCall::EndHeaders(body) => body.as_ref(),
        ConnectionCall::Send(body) => Some(body),
        _ => return false,
    };
    !matches!(body, Some(Body::File | Body::Directory))
}

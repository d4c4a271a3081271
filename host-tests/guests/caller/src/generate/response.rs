//! Calls of a response, and of what is had from it.

use super::{Generator, may_be_given_up};
use crate::calls::{MessageCall, Op, ResponseCall, SLOTS, UpgradedCall};
use crate::model::Model;
use crate::words;

impl Generator<'_> {
    pub(super) fn of_response(&mut self, model: &Model) -> Option<Op> {
        let slot = self.pick(model.responses.iter().map(Option::is_some))?;
        let amounts = [
            None,
            None,
            Some(0),
            Some(1),
            Some(3),
            Some(5),
            Some(1000),
            Some(u64::MAX),
        ];
        let amount = *self.one(&amounts);
        let call = match self.rng.u32(..40) {
            0..2 => return Some(Op::Msg(slot, self.rng.usize(..SLOTS))),
            2..6 => {
                return Some(Op::Upgrade(
                    slot,
                    self.pick(model.upgraded.iter().map(Option::is_none))?,
                ));
            }
            6 => ResponseCall::Status,
            7 => ResponseCall::Reason,
            8 => ResponseCall::Version,
            9 => ResponseCall::GetHeader(
                (*self.one(words::NAMES)).into(),
                self.often(50).then(|| "none".into()),
            ),
            10 => ResponseCall::GetHeaders,
            11..16 => ResponseCall::Read(amount),
            16..18 => ResponseCall::Splice(amount),
            18..20 => ResponseCall::Discard(amount),
            20 => ResponseCall::InterimResponses,
            21 => ResponseCall::Trailers,
            22..25 => ResponseCall::Read1(amount),
            25..27 => ResponseCall::Peek(amount.unwrap_or(9)),
            27..30 => ResponseCall::Readline(amount),
            30 => ResponseCall::Fileno,
            31..33 => ResponseCall::IsClosed,
            33 if may_be_given_up(model, slot) => ResponseCall::Close,
            34 => ResponseCall::WillClose,
            35..37 => ResponseCall::Length,
            37 => ResponseCall::Subscribe,
            _ => return None,
        };
        Some(Op::Response(slot, call))
    }

    pub(super) fn of_message(&mut self, model: &Model) -> Option<Op> {
        let slot = self.pick(model.messages.iter().map(Option::is_some))?;
        let name = (*self.one(words::NAMES)).to_owned();
        let call = match self.rng.u32(..14) {
            0 => MessageCall::Get(name),
            1 => MessageCall::GetAll(name),
            2 => MessageCall::Names,
            3 => MessageCall::Items,
            4 => MessageCall::Contains(name),
            5 => MessageCall::Headers,
            6 => MessageCall::ContentType,
            7 => MessageCall::ContentMaintype,
            8 => MessageCall::ContentSubtype,
            9 => MessageCall::Params,
            10 => MessageCall::Param(name),
            11 => MessageCall::ContentCharset,
            12 => MessageCall::Encoding,
            _ => MessageCall::ContentEncoding,
        };
        Some(Op::Message(slot, call))
    }

    pub(super) fn of_upgraded(&mut self, model: &Model) -> Option<Op> {
        let slot = self.pick(model.upgraded.iter().map(Option::is_some))?;
        let upgraded = model.upgraded[slot].as_ref()?;
        let call = match self.rng.u32(..12) {
            0..5 if upgraded.may_be_read() => {
                UpgradedCall::Read(*self.one(&[0, 1, 2, 100, u64::MAX]))
            }
            5..7 => UpgradedCall::Write(self.one(&[&b""[..], b"x", b"hello"]).to_vec()),
            7 | 8 => UpgradedCall::Flush,
            9 => UpgradedCall::Shutdown,
            10 => UpgradedCall::Subscribe,
            11 => UpgradedCall::SubscribeWrite,
            _ => return None,
        };
        Some(Op::Upgraded(slot, call))
    }
}

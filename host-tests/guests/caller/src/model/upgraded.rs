//! `upgraded-stream`, with a peer that sends back what it receives.

use super::connection::at_least_one;
use super::{Interface, some_of};
use crate::calls::{Outcome, UpgradedCall};

/// What is known of a stream.
#[derive(Clone, Debug)]
pub struct Upgraded {
    /// What comes for certain.
    pub certain: usize,
    /// What comes, the last of it perhaps.
    coming: Vec<u8>,
    /// Whether this side has ended.
    pub is_shut: bool,
    /// Whether something was done after that.
    is_spoiled: bool,
}

impl Upgraded {
    /// These bytes came with the head.
    pub fn new(first: &[u8]) -> Self {
        Self {
            certain: first.len(),
            coming: first.to_vec(),
            is_shut: false,
            is_spoiled: false,
        }
    }

    pub(super) fn expected(
        &mut self,
        interface: Interface,
        call: &UpgradedCall,
        seen: &Outcome,
    ) -> Outcome {
        match call {
            UpgradedCall::Subscribe | UpgradedCall::SubscribeWrite => return at_least_one(seen),
            UpgradedCall::Read(0) => return Outcome::Bytes(Vec::new()),
            _ if self.is_spoiled && *seen != Outcome::Absent => return seen.clone(),
            UpgradedCall::Read(most) => {
                let bytes = some_of(&self.coming, *most, seen);
                self.coming.drain(..bytes.len());
                self.certain = self.certain.saturating_sub(bytes.len());
                return Outcome::Bytes(bytes);
            }
            UpgradedCall::Write(data) if data.is_empty() => return Outcome::Number(0),
            // The stream that was written to is gone.
            _ if self.is_shut && interface == Interface::Wasi03 => return Outcome::Absent,
            _ if self.is_shut => {
                // What becomes of it, no document says: no trap, and no hang.
                self.is_spoiled = true;
                return seen.clone();
            }
            _ => {}
        }
        match call {
            UpgradedCall::Write(data) => {
                let taken = match seen {
                    Outcome::Number(taken) if (1..=data.len() as u64).contains(taken) => *taken,
                    _ => data.len() as u64,
                };
                self.coming.extend_from_slice(&data[..taken as usize]);
                if interface == Interface::Wasi03 {
                    self.certain = self.coming.len();
                }
                Outcome::Number(taken)
            }
            UpgradedCall::Flush => {
                self.certain = self.coming.len();
                Outcome::Done
            }
            _ => {
                self.certain = self.coming.len();
                self.is_shut = true;
                Outcome::Done
            }
        }
    }

    /// Whether a read comes back.
    pub fn may_be_read(&self) -> bool {
        self.certain > 0 || (self.is_shut && !self.is_spoiled)
    }
}

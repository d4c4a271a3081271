//! Calls of a context.

use super::Generator;
use crate::calls::{ContextCall, Op, Origin, Pem, SLOTS, Verify, Version};
use crate::files;
use crate::model::{Interface, Model};
use crate::words;

impl Generator<'_> {
    pub(super) fn of_context(&mut self, model: &Model) -> Option<Op> {
        let slot = self.rng.usize(..SLOTS);
        if model.contexts[slot].is_none() || self.often(5) {
            let origin = match self.rng.u32(..20) {
                0 => Origin::Default,
                1..9 => Origin::Unverified,
                _ => Origin::Bare,
            };
            return Some(Op::MakeContext(slot, origin));
        }
        let call = match self.rng.u32(..40) {
            0..8 => ContextCall::SetCheckHostname(self.rng.bool()),
            8..16 => ContextCall::SetVerifyMode(*self.one(&[
                Verify::None,
                Verify::Optional,
                Verify::Required,
            ])),
            16..20 => ContextCall::SetMinimumVersion(*self.one(&[Version::Tls12, Version::Tls13])),
            20..26 => {
                let names = (0..self.rng.usize(..4)).map(|_| self.suite());
                ContextCall::SetCipherSuites(names.collect())
            }
            26..30 => ContextCall::SetAlpnProtocols(self.protocols()),
            30 => ContextCall::LoadDefaultCerts,
            31..33 => ContextCall::LoadVerifyLocations(self.pem()),
            33 => ContextCall::LoadCrls(self.pem()),
            34..37 => ContextCall::AddPin(vec![7; *self.one(&[0, 1, 31, 32, 33, 64])]),
            37 => {
                let key = self.often(70).then(|| self.pem());
                ContextCall::LoadCertChain(self.pem(), key)
            }
            38 => ContextCall::SetKeyLog(None),
            _ => ContextCall::SetKeyLog(Some(self.key_log(model))),
        };
        Some(Op::Context(slot, call))
    }

    fn suite(&mut self) -> String {
        let suites = crate::model::SUITES;
        let is_known = self.often(85);
        match is_known {
            true => self.one(&suites[1..]).0.to_owned(),
            false => (*self.one(&["", suites[0].0, "RC4", "TLS_AES_128_GCM_SHA256\0"])).to_owned(),
        }
    }

    fn protocols(&mut self) -> Vec<String> {
        let lengths = [0, 1, 8, 255, 256];
        (0..self.rng.usize(..3))
            .map(|_| "h".repeat(*self.one(&lengths)))
            .collect()
    }

    fn pem(&mut self) -> Pem {
        match self.rng.u32(..20) {
            0..9 => Pem::BytesOf(self.one::<&'static str>(files::ALL)),
            9..14 => Pem::PathOf(self.one::<&'static str>(files::ALL)),
            14..18 => Pem::Bytes(self.one(words::NO_PEM).to_vec()),
            _ => Pem::Path((*self.one(words::NO_PATHS)).to_owned()),
        }
    }

    fn key_log(&mut self, model: &Model) -> String {
        let is_good = model.world.interface == Interface::Wasi02 && self.often(50);
        match is_good {
            true => "keys.log".to_owned(),
            false => (*self.one(words::NO_PATHS)).to_owned(),
        }
    }
}

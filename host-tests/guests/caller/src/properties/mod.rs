//! Each string and each number of the interface, with anything in it: either the error that the interface names,
//! before a byte is sent, or one message at the server, byte for byte.
//!
//! The server sends back all that came since its last reply: what a refused call had sent would stand before the
//! next message.

mod arguments;
mod requests;
mod text;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

use fastrand::Rng;

use crate::calls::{Op, Options, Outcome, Target};
use crate::fault::Fault;
use crate::model::World;
use crate::run::Api;

/// What was tried.
#[derive(Debug, Default)]
pub struct Tried {
    cases: u64,
    /// How many messages arrived, each as it was to.
    arrived: u64,
    /// How many arguments were refused, each as it was to be.
    refused: u64,
    by_property: BTreeMap<&'static str, u64>,
}

impl Display for Tried {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            cases,
            arrived,
            refused,
            by_property,
        } = self;
        writeln!(
            f,
            "{cases} cases, {arrived} messages arrived, {refused} arguments refused"
        )?;
        for (property, count) in by_property {
            writeln!(f, "{count} {property}")?;
        }
        Ok(())
    }
}

/// Tries so many cases, from this seed on.
///
/// # Errors
/// What was seen of the first that went otherwise.
pub async fn properties<A: Api>(seed: u64, count: u64, world: &World) -> Result<Tried, String> {
    let mut tried = Tried::default();
    for seed in seed..seed + count {
        let mut case = Case {
            rng: Rng::with_seed(seed),
            api: A::new(world),
            world: world.clone(),
            calls: Vec::new(),
            tried: &mut tried,
        };
        if let Err(wrong) = case.run().await {
            let calls = case.calls.join("\n  ");
            return Err(format!(
                "the case of seed {seed}:\n  {calls}\nwhere {wrong}"
            ));
        }
        tried.cases += 1;
    }
    Ok(tried)
}

/// One case.
struct Case<'a, A> {
    rng: Rng,
    api: A,
    world: World,
    /// What was done, to be told.
    calls: Vec<String>,
    tried: &'a mut Tried,
}

impl<A: Api> Case<'_, A> {
    async fn run(&mut self) -> Result<(), String> {
        let property = match self.rng.u32(..16) {
            0..8 => return self.requests().await,
            8 => self.hosts().await?,
            9 => self.tunnels().await?,
            10 => self.proxies().await?,
            11 => self.urls().await?,
            12 => self.trust().await?,
            13 => self.numbers().await?,
            14 => self.sources().await?,
            _ => self.names().await?,
        };
        *self.tried.by_property.entry(property).or_default() += 1;
        Ok(())
    }

    async fn perform(&mut self, op: Op) -> Outcome {
        let outcome = self.api.perform(&op).await;
        let cut = |text: String| text.chars().take(400).collect::<String>();
        let told = format!(
            "{} => {}",
            cut(format!("{op:?}")),
            cut(format!("{outcome:?}"))
        );
        self.calls.push(told);
        outcome
    }

    /// A connection to the server, in the first slot.
    async fn connect(&mut self, options: Options) -> Result<(), String> {
        let target = Target {
            host: "127.0.0.1".into(),
            port: Some(self.world.port),
            options,
        };
        let made = self.perform(Op::Http(0, target)).await;
        expect(&made, &Ok(()))
    }

    fn count(&mut self, result: &Result<(), Vec<Fault>>) {
        match result {
            Ok(()) => self.tried.arrived += 1,
            Err(_) => self.tried.refused += 1,
        }
    }
}

/// Success, or one of these faults.
fn expect(seen: &Outcome, expected: &Result<(), Vec<Fault>>) -> Result<(), String> {
    let is_right = match (seen, expected) {
        (Outcome::Done, Ok(())) => true,
        (Outcome::Failed(fault), Err(faults)) => faults.contains(fault),
        _ => false,
    };
    match is_right {
        true => Ok(()),
        false => Err(format!("{expected:?} was to come")),
    }
}

/// One of the faults that a call may have, or success; anything but those of a broken state.
fn allow(seen: &Outcome, allowed: &[Fault]) -> Result<(), String> {
    match seen {
        Outcome::Done => Ok(()),
        Outcome::Failed(fault) if allowed.contains(fault) => Ok(()),
        _ => Err(format!("success or one of {allowed:?} was to come")),
    }
}

//! Sequence after sequence, each from a seed of its own.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter, Write};

use fastrand::Rng;

use crate::calls::{Op, Outcome};
use crate::generate::{Generator, Reach, remaining};
use crate::model::{Interface, Model, World};
use crate::properties::properties;

/// An interface that is called, with what its calls have made.
pub trait Api {
    /// With nothing made.
    fn new(world: &World) -> Self;

    /// Makes the call.
    fn perform(&mut self, op: &Op) -> impl Future<Output = Outcome>;
}

/// After how many sequences that went wrong no more are tried.
const TOLD: usize = 5;

/// How many sequences, and which.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The first one's seed; the next has the next number.
    pub seed: u64,
    pub count: u64,
    /// How many of a million talk to the server.
    pub online: u32,
}

/// What a program does, by its arguments:
///
/// - `sequences PORT NOBODY SEED COUNT ONLINE`: so many sequences, of which so many of a million talk to the server;
/// - `properties PORT NOBODY SEED COUNT`: so many arguments.
///
/// # Errors
/// What went otherwise than the model says.
pub async fn command<A: Api>(interface: Interface, arguments: &[String]) -> Result<String, String> {
    let [command, numbers @ ..] = arguments else {
        return Err("a command is missing".into());
    };
    let numbers: Result<Vec<u64>, _> = numbers.iter().map(|it| it.parse()).collect();
    let numbers = numbers.map_err(|_| "all but the first are numbers")?;
    let (&[port, nobody, seed, count], online) = numbers.split_at(4.min(numbers.len())) else {
        return Err("a number is missing".into());
    };
    let world = World {
        interface,
        port: port as u16,
        nobody: nobody as u16,
    };
    match (command.as_str(), online) {
        ("sequences", &[online]) => {
            let online = online as u32;
            let plan = Plan {
                seed,
                count,
                online,
            };
            let report = sequences::<A>(plan, &world).await;
            report.map(|it| it.to_string())
        }
        ("properties", []) => {
            let tried = properties::<A>(seed, count, &world).await;
            tried.map(|it| it.to_string())
        }
        (other, _) => Err(format!("no such command: {other}")),
    }
}

/// What was done.
#[derive(Debug, Default)]
pub struct Report {
    pub sequences: u64,
    pub online: u64,
    pub calls: u64,
    /// How many that failed as they should.
    pub faults: u64,
    /// How often each function was called.
    pub functions: BTreeMap<&'static str, u64>,
}

impl Report {
    fn count(&mut self, interface: Interface, op: &Op, outcome: &Outcome) {
        let function = match (interface, op.function()) {
            (_, "") => return,
            (Interface::Wasi03, "http-response.splice") => "http-response.consume-body",
            (_, function) => function,
        };
        if *outcome == Outcome::Absent {
            return;
        }
        let extra = match outcome {
            Outcome::Cancelled => "(cancelled)",
            Outcome::Both(..) => "(at once)",
            _ => "",
        };
        if !extra.is_empty() {
            *self.functions.entry(extra).or_default() += 1;
        }
        self.calls += 1;
        *self.functions.entry(function).or_default() += 1;
        if let Outcome::Failed(_) = outcome {
            self.faults += 1;
            *self.functions.entry("describe").or_default() += 1;
        }
    }
}

impl Display for Report {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            sequences,
            online,
            calls,
            faults,
            functions,
        } = self;
        writeln!(
            f,
            "{sequences} sequences, {online} online, {calls} calls, {faults} refused or failed"
        )?;
        for (function, count) in functions {
            writeln!(f, "{count} {function}")?;
        }
        Ok(())
    }
}

/// Runs them all.
///
/// # Errors
/// What was seen of those that went otherwise than the model says, up to [`TOLD`].
pub async fn sequences<A: Api>(plan: Plan, world: &World) -> Result<Report, String> {
    let (mut report, mut wrong) = (Report::default(), Vec::new());
    for seed in plan.seed..plan.seed + plan.count {
        let mut rng = Rng::with_seed(seed);
        let reach = match rng.u32(..1_000_000) < plan.online {
            true => Reach::Online,
            false => Reach::Offline,
        };
        report.sequences += 1;
        report.online += u64::from(reach == Reach::Online);
        let mut sequence = Sequence::<A>::new(world);
        let played = sequence.play(&mut rng, reach).await;
        for (op, outcome) in &sequence.played {
            report.count(world.interface, op, outcome);
        }
        if let Err(expected) = played {
            wrong.push(sequence.told(seed, &expected));
        }
        if wrong.len() == TOLD {
            break;
        }
    }
    match wrong.is_empty() {
        true => Ok(report),
        false => Err(wrong.join("\n")),
    }
}

/// One of them.
struct Sequence<A> {
    api: A,
    model: Model,
    played: Vec<(Op, Outcome)>,
}

impl<A: Api> Sequence<A> {
    fn new(world: &World) -> Self {
        Self {
            api: A::new(world),
            model: Model::new(world.clone()),
            played: Vec::new(),
        }
    }

    async fn play(&mut self, rng: &mut Rng, reach: Reach) -> Result<(), Outcome> {
        let length = match reach {
            Reach::Offline => rng.u32(3..14),
            Reach::Online => rng.u32(8..40),
        };
        for _ in 0..length {
            let op = Generator { rng, reach }.next(&self.model);
            self.step(op).await?;
        }
        let mut last = remaining();
        rng.shuffle(&mut last);
        for op in last {
            self.step(op).await?;
        }
        Ok(())
    }

    async fn step(&mut self, op: Op) -> Result<(), Outcome> {
        let outcome = self.api.perform(&op).await;
        let held = self.model.step(&op, &outcome);
        self.played.push((op, outcome));
        held
    }

    fn told(&self, seed: u64, expected: &Outcome) -> String {
        let mut text = format!("the sequence of seed {seed}:\n");
        for (op, outcome) in &self.played {
            let outcome = format!("{outcome:?}");
            let shown: String = outcome.chars().take(200).collect();
            let _ = writeln!(text, "  {op:?} => {shown}");
        }
        let expected: String = format!("{expected:?}").chars().take(200).collect();
        let _ = write!(text, "where the model has {expected}");
        text
    }
}

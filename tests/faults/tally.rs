//! What was tried, counted.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

use libtest_mimic::Failed;

/// All trials of this run by kind, and how many of them came out wrong.
static TOTAL: Mutex<(BTreeMap<&'static str, u64>, u64)> = Mutex::new((BTreeMap::new(), 0));

/// How many failures a test tells of.
const SHOWN: usize = 5;

/// The trials of one test.
#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<&'static str, u64>,
    failures: Vec<String>,
}

impl Tally {
    /// Makes a trial of this kind; `what` says which it is, if it fails or panics.
    pub fn try_out(
        &mut self,
        kind: &'static str,
        what: impl FnOnce() -> String,
        trial: impl FnOnce() -> Result<(), String>,
    ) {
        *self.counts.entry(kind).or_default() += 1;
        let result = catch_unwind(AssertUnwindSafe(trial));
        let failure = match result {
            Ok(Ok(())) => return,
            Ok(Err(failure)) => failure,
            Err(panic) => {
                let text = panic.downcast_ref::<String>().cloned();
                let literal = panic.downcast_ref::<&str>().map(ToString::to_string);
                format!("panic: {}", text.or(literal).unwrap_or_default())
            }
        };
        self.failures.push(format!("{}: {failure}", what()));
    }

    /// Fails if a trial did, or if there were fewer than that: trials of nothing pass.
    pub fn finish(self, floor: u64) -> Result<(), Failed> {
        let made: u64 = self.counts.values().sum();
        let mut total = TOTAL.lock().expect("nobody panics with it");
        for (kind, count) in &self.counts {
            *total.0.entry(kind).or_default() += count;
        }
        total.1 += self.failures.len() as u64;
        drop(total);
        if !self.failures.is_empty() {
            let shown = self
                .failures
                .iter()
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>();
            let text = shown.join("\n\n");
            return Err(
                format!("{} of {made} trials failed\n\n{text}", self.failures.len()).into(),
            );
        }
        if made < floor {
            return Err(format!("{made} trials, of at least {floor}").into());
        }
        Ok(())
    }
}

/// Says how many trials there were in this run.
pub fn report() {
    let total = TOTAL.lock().expect("nobody panics with it");
    let trials: u64 = total.0.values().sum();
    for (kind, count) in &total.0 {
        println!("{kind:>24} {count:>9}");
    }
    println!("faults: {trials} trials, {} lost", total.1);
}

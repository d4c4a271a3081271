//! What a load has done, and whether it left the process as it was.

use std::fmt::Write;
use std::time::Duration;

use crate::sample::Sample;
use crate::shared::Counts;

/// By how much the means of two fifths of the time may differ, as a share of the first.
pub const DRIFT: f64 = 0.10;

/// The outcome of a load in which nothing went wrong.
#[derive(Clone, Debug)]
pub struct Report {
    /// How long it was, until all instances were gone.
    pub duration: Duration,
    /// In the order of their time.
    pub samples: Vec<Sample>,
    /// Open descriptors before the load.
    pub before: usize,
    /// After it.
    pub after: usize,
    /// What was done.
    pub counts: Counts,
}

/// Something that is sampled.
pub struct Quantity {
    /// What it is.
    pub name: &'static str,
    /// What it is measured in.
    pub unit: &'static str,
    of: fn(&Sample) -> f64,
}

const MEBIBYTE: f64 = (1 << 20) as f64;

/// All that ought to stay the same.
pub const QUANTITIES: [Quantity; 4] = [
    Quantity {
        name: "memory of the process",
        unit: "MiB",
        of: |sample| sample.resident as f64 / MEBIBYTE,
    },
    Quantity {
        name: "linear memories",
        unit: "MiB",
        of: |sample| sample.memory as f64 / MEBIBYTE,
    },
    Quantity {
        name: "resource tables",
        unit: "entries",
        of: |sample| sample.resources as f64,
    },
    Quantity {
        name: "open descriptors",
        unit: "",
        of: |sample| sample.files as f64,
    },
];

impl Quantity {
    /// Its values, in the order of the samples.
    #[must_use]
    pub fn values(&self, samples: &[Sample]) -> Vec<f64> {
        samples.iter().map(self.of).collect()
    }

    /// Its means in the second and in the last fifth of the samples.
    #[must_use]
    pub fn means(&self, samples: &[Sample]) -> (f64, f64) {
        let values = self.values(samples);
        let fifth = (values.len() / 5).max(1);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let second = &values[fifth..2 * fifth];
        (mean(second), mean(&values[values.len() - fifth..]))
    }

    /// By which share of the second fifth's mean the last one's is larger.
    fn drift(&self, samples: &[Sample]) -> f64 {
        let (second, last) = self.means(samples);
        (last - second) / second
    }
}

impl Report {
    /// Asserts that nothing has grown or shrunk while the load lasted.
    ///
    /// # Panics
    /// Where something has.
    pub fn assert_flat(&self) {
        for quantity in QUANTITIES {
            let drift = quantity.drift(&self.samples);
            assert!(
                drift.abs() <= DRIFT,
                "{}: {:+.1}%",
                quantity.name,
                drift * 100.0
            );
        }
    }

    /// Asserts that there was a load, with each fault in it.
    ///
    /// # Panics
    /// Where there was too little.
    pub fn assert_full(&self) {
        use crate::fault::Fault;
        let Counts {
            exchanges, faults, ..
        } = &self.counts;
        assert!(*exchanges > 0, "no exchange");
        for fault in Fault::QUICK.into_iter().chain(Fault::SLOW) {
            assert!(faults.contains_key(&fault), "no {fault:?}");
        }
    }

    /// Exchanges a second between one sample and the next.
    #[must_use]
    pub fn rates(&self) -> Vec<f64> {
        let pairs = self.samples.windows(2);
        pairs
            .map(|pair| {
                let more = pair[1].exchanges - pair[0].exchanges;
                more as f64 / (pair[1].at - pair[0].at).as_secs_f64()
            })
            .collect()
    }

    /// The figures in Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        let counts = &self.counts;
        let faults = counts.faults.values().sum::<u64>();
        let mut text = format!(
            "| | |\n|---|--:|\n\
             | seconds | {:.0} |\n\
             | exchanges without a fault | {} |\n\
             | bytes compared | {} |\n\
             | faults played | {faults} |\n\
             | instances made and dropped | {} |\n\
             | descriptors before and after | {}, {} |\n\n\
             | | second fifth | last fifth | |\n|---|--:|--:|--:|\n",
            self.duration.as_secs_f64(),
            counts.exchanges,
            counts.bytes,
            counts.instances,
            self.before,
            self.after,
        );
        for quantity in QUANTITIES {
            let (second, last) = quantity.means(&self.samples);
            let drift = quantity.drift(&self.samples) * 100.0;
            let Quantity { name, unit, .. } = quantity;
            writeln!(
                text,
                "| {name} | {second:.1} {unit} | {last:.1} {unit} | {drift:+.1}% |"
            )
            .expect("a string takes text");
        }
        text += "\n| fault | |\n|---|--:|\n";
        for (fault, count) in &counts.faults {
            writeln!(text, "| {fault:?} | {count} |").expect("a string takes text");
        }
        text
    }
}

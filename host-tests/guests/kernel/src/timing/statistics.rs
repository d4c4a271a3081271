//! What two series of times have in common.

use std::time::Duration;

use super::Class;

/// What each operation took, in nanoseconds, by the class of its input.
#[derive(Default)]
pub struct Times {
    first: Vec<u64>,
    second: Vec<u64>,
}

/// Times above these shares of all are left out in turn: an interrupt costs more than any operation, and hides what
/// they differ by.
const CROPS: [f64; 6] = [1.0, 0.99, 0.95, 0.9, 0.75, 0.5];

impl Times {
    pub fn add(&mut self, class: Class, time: Duration) {
        let nanoseconds = u64::try_from(time.as_nanos()).expect("less than centuries");
        match class {
            Class::First => self.first.push(nanoseconds),
            Class::Second => self.second.push(nanoseconds),
        }
    }

    pub fn count(&self) -> usize {
        self.first.len() + self.second.len()
    }

    /// The median of all.
    pub fn median(&self) -> u64 {
        self.sorted()[self.count() / 2]
    }

    /// The largest t of all crops, whatever its sign.
    pub fn t(&self) -> f64 {
        let sorted = self.sorted();
        let t = |crop: f64| {
            let last = (sorted.len() as f64 * crop) as usize - 1;
            let [first, second] =
                [&self.first, &self.second].map(|it| Moments::of(it, sorted[last]));
            first.welch(&second).abs()
        };
        CROPS.into_iter().map(t).fold(0.0, f64::max)
    }

    fn sorted(&self) -> Vec<u64> {
        let mut all = [self.first.as_slice(), &self.second].concat();
        all.sort_unstable();
        all
    }
}

struct Moments {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Moments {
    /// Those of the times up to the longest.
    fn of(times: &[u64], longest: u64) -> Self {
        let kept = || {
            times
                .iter()
                .filter(|it| **it <= longest)
                .map(|it| *it as f64)
        };
        let count = kept().count() as f64;
        let mean = kept().sum::<f64>() / count;
        let squares: f64 = kept().map(|it| (it - mean).powi(2)).sum();
        Self {
            count,
            mean,
            variance: squares / (count - 1.0),
        }
    }

    fn welch(&self, other: &Self) -> f64 {
        let error = self.variance / self.count + other.variance / other.count;
        // A clock that is too coarse to see either.
        if error == 0.0 {
            return 0.0;
        }
        (self.mean - other.mean) / error.sqrt()
    }
}

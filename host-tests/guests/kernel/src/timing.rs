//! Whether the time that an operation takes tells something about secrets, as dudect measures it.
//!
//! An operation gets inputs of two classes, in random order, and the clock is read before and after each. Welch's t says
//! how sure it is that the two means differ. Reparaz, Balasch and Verbauwhede ("Dude, is my code constant time?", 2017)
//! take more than 4.5 as a sign that they do, and more than 10 as proof.

mod statistics;
mod subjects;

use std::hint::black_box;
use std::time::Instant;

use crate::random::Random;
use statistics::Times;

pub use subjects::run;

/// Which inputs an operation gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// The same each time, or a tag that is wrong at its beginning.
    First,
    /// Others each time, or a tag that is wrong at its end.
    Second,
}

/// So many inputs are made before the first of them is used: none is fresher in the cache than another.
const BATCH: usize = 256;

/// Times `operation` on so many inputs of either class.
fn measure<T, R>(
    samples: usize,
    mut input: impl FnMut(Class, &mut Random) -> T,
    operation: impl Fn(&mut T) -> R,
) -> Times {
    let mut random = Random::new();
    let mut times = Times::default();
    // The first batch finds caches and branch predictors cold.
    for batch in 0..=samples.div_ceil(BATCH) {
        let inputs: Vec<_> = (0..BATCH)
            .map(|_| match random.below(2) {
                0 => (Class::First, input(Class::First, &mut random)),
                _ => (Class::Second, input(Class::Second, &mut random)),
            })
            .collect();
        for (class, mut input) in inputs {
            let begin = Instant::now();
            black_box(operation(black_box(&mut input)));
            let time = begin.elapsed();
            if batch > 0 {
                times.add(class, time);
            }
        }
    }
    times
}

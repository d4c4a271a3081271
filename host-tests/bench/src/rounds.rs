//! Figures, taken in turns: each round goes through all contenders, so that whatever else the machine does meets
//! all of them.

use anyhow::{Context, Result, ensure};

/// How much of everything a run takes.
#[derive(Clone, Copy)]
pub struct Scale {
    /// How often each figure is taken.
    pub rounds: usize,
    /// What sizes and counts are divided by.
    divisor: u64,
}

impl Scale {
    /// A whole run.
    pub const FULL: Self = Self {
        rounds: 5,
        divisor: 1,
    };

    /// One for a glance.
    pub const QUICK: Self = Self {
        rounds: 3,
        divisor: 4,
    };

    /// So many bytes or requests in a whole run, and as many as this one has.
    pub fn of(self, whole: u64) -> u64 {
        whole / self.divisor
    }
}

/// What one contender did, round by round.
#[derive(Clone)]
pub struct Figures(pub Vec<f64>);

impl Figures {
    pub fn median(&self) -> f64 {
        median(self.0.clone())
    }

    pub fn least(&self) -> f64 {
        self.0.iter().copied().fold(f64::INFINITY, f64::min)
    }

    pub fn most(&self) -> f64 {
        self.0.iter().copied().fold(0.0, f64::max)
    }

    /// The median of what the rounds' ratios were.
    pub fn ratio(&self, other: &Self) -> f64 {
        let pairs = self.0.iter().zip(&other.0);
        median(pairs.map(|(ours, theirs)| ours / theirs).collect())
    }
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A contender and its figures.
pub struct Row {
    pub name: &'static str,
    pub figures: Figures,
}

type Take<'a> = Box<dyn FnMut() -> Result<f64> + 'a>;

/// Those that are measured in turns.
#[derive(Default)]
pub struct Contenders<'a>(Vec<(&'static str, Take<'a>)>);

impl<'a> Contenders<'a> {
    pub fn new() -> Self {
        Self::default()
    }

    /// One more, and how a figure of it is taken.
    pub fn with(mut self, name: &'static str, take: impl FnMut() -> Result<f64> + 'a) -> Self {
        self.0.push((name, Box::new(take)));
        self
    }

    /// Takes all figures.
    pub fn run(self, rounds: usize) -> Result<Vec<Row>> {
        let mut contenders = self.0;
        let mut figures = vec![Vec::new(); contenders.len()];
        for _ in 0..rounds {
            for ((name, take), figures) in contenders.iter_mut().zip(&mut figures) {
                figures.push(take().with_context(|| (*name).to_owned())?);
            }
        }
        let rows = contenders.into_iter().zip(figures);
        Ok(rows
            .map(|((name, _), figures)| Row {
                name,
                figures: Figures(figures),
            })
            .collect())
    }
}

/// What a client did: so many bytes of bodies in so many seconds.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    pub bytes: u64,
    pub seconds: f64,
}

impl Measured {
    /// MB/s, where that many bytes came.
    pub fn rate(self, bytes: u64) -> Result<f64> {
        ensure!(self.bytes == bytes, "{} bytes of {bytes}", self.bytes);
        Ok(bytes as f64 / 1e6 / self.seconds)
    }

    /// How many of these a second, where each brought that many bytes.
    pub fn frequency(self, count: u64, bytes: u64) -> Result<f64> {
        let all = count * bytes;
        ensure!(self.bytes == all, "{} bytes of {all}", self.bytes);
        Ok(count as f64 / self.seconds)
    }

    /// What a program says: bytes and nanoseconds.
    pub fn parse(line: &str) -> Result<Self> {
        let (bytes, nanoseconds) = line.trim_end().split_once(' ').context(line.to_owned())?;
        let nanoseconds: f64 = nanoseconds.parse().context(line.to_owned())?;
        Ok(Self {
            bytes: bytes.parse().context(line.to_owned())?,
            seconds: nanoseconds / 1e9,
        })
    }
}

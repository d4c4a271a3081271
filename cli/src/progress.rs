//! How far a transfer is, on one line of standard error where that is a terminal.

use std::io::{IsTerminal, stderr, stdout};
use std::time::{Duration, Instant};

use crate::options::Meter;

/// How often the line changes, at most.
const INTERVAL: Duration = Duration::from_millis(100);

/// How wide the bar of `--progress-bar` is: a terminal's usual width without the number.
const BAR: usize = 70;

/// The least and the most that is transferred between two looks at the clock.
const STEPS: (u64, u64) = (16 << 10, 16 << 20);

/// The line of one transfer.
pub struct Progress {
    meter: Meter,
    total: Option<u64>,
    begin: Instant,
    shown: Option<Instant>,
    step: u64,
    stepped: Instant,
}

impl Progress {
    /// A line that is shown if standard error is a terminal, and the body is not shown on one.
    pub fn new(meter: Meter, total: Option<u64>, to_stdout: bool) -> Self {
        let disturbs = to_stdout && stdout().is_terminal();
        let is_seen = stderr().is_terminal() && !disturbs;
        Self {
            meter: if is_seen { meter } else { Meter::Off },
            total,
            ..Self::none()
        }
    }

    /// No line.
    pub fn none() -> Self {
        let now = Instant::now();
        Self {
            meter: Meter::Off,
            total: None,
            begin: now,
            shown: None,
            step: STEPS.0,
            stepped: now,
        }
    }

    /// How much to transfer before the next [`update`](Self::update): what takes about as long as the
    /// line may stay as it is.
    pub fn step(&mut self) -> u64 {
        if self.meter == Meter::Off {
            return STEPS.1;
        }
        let took = self.stepped.elapsed();
        self.step = match took {
            _ if took < INTERVAL / 2 => self.step * 2,
            _ if took > INTERVAL => self.step / 2,
            _ => self.step,
        };
        self.step = self.step.clamp(STEPS.0, STEPS.1);
        self.stepped = Instant::now();
        self.step
    }

    /// This much is done.
    pub fn update(&mut self, done: u64) {
        if self.shown.is_none_or(|shown| shown.elapsed() >= INTERVAL) {
            self.show(done);
        }
    }

    /// This much was all.
    pub fn finish(mut self, done: u64) {
        self.show(done);
        if self.shown.is_some() {
            eprintln!();
        }
    }

    fn show(&mut self, done: u64) {
        let line = match self.meter {
            Meter::Off => return,
            Meter::Numbers => self.numbers(done),
            Meter::Bar => self.bar(done),
        };
        self.shown = Some(Instant::now());
        // Blanks cover what a longer line has left.
        eprint!("\r{line:<79}");
    }

    fn numbers(&self, done: u64) -> String {
        let seconds = self.begin.elapsed().as_secs_f64().max(0.001);
        let speed = (done as f64 / seconds) as u64;
        let (done_text, speed_text) = (size(done), size(speed));
        match self.total {
            None => format!("{done_text} at {speed_text}/s"),
            Some(total) => {
                let percent = done * 100 / total.max(1);
                let left = total.saturating_sub(done) / speed.max(1);
                let (minutes, seconds) = (left / 60, left % 60);
                format!(
                    "{percent:>3}% {done_text} of {} at {speed_text}/s, {minutes}:{seconds:02} left",
                    size(total)
                )
            }
        }
    }

    fn bar(&self, done: u64) -> String {
        let Some(total) = self.total else {
            return size(done);
        };
        let total = total.max(1);
        let filled = usize::try_from(done * BAR as u64 / total).unwrap_or(BAR);
        let tenths = done * 1000 / total;
        let hashes = "#".repeat(filled.min(BAR));
        format!("{hashes:<BAR$} {:>3}.{}%", tenths / 10, tenths % 10)
    }
}

/// `512 B`, `1.5 KiB`, `20.0 MiB`.
fn size(bytes: u64) -> String {
    let units = ["KiB", "MiB", "GiB", "TiB"];
    let mut size = bytes as f64;
    let mut name = "B";
    for unit in units {
        if size < 1024.0 {
            break;
        }
        size /= 1024.0;
        name = unit;
    }
    if name == "B" {
        format!("{bytes} B")
    } else {
        format!("{size:.1} {name}")
    }
}

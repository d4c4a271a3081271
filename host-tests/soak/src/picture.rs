//! The picture of a load: lines over time, readable on a light page and on a dark one.

use std::fmt::Write;

use crate::report::{QUANTITIES, Report};

const WIDTH: usize = 860;
const COLUMNS: usize = 2;
const GAP: usize = 30;
const PANEL: usize = (WIDTH - GAP) / COLUMNS;
const TITLE: usize = 28;
const HEIGHT: usize = 120;
/// With room for the axis' numbers.
const LINE: usize = TITLE + HEIGHT + 40;

const STYLE: &str = "
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .title { font-weight: 600 }
    .end { text-anchor: end }
    .line { fill: none; stroke: #0969da; stroke-width: 1.5 }
    .axis { fill: none; stroke: #8c959f }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .line { stroke: #4493f8 }
        .axis { stroke: #6e7681 }
    }
";

/// An SVG of everything that was sampled.
#[must_use]
pub fn draw(report: &Report) -> String {
    let end = report.duration.as_secs();
    let mut panels = vec![panel("exchanges a second", &report.rates(), end)];
    for quantity in QUANTITIES {
        let unit = quantity.unit;
        let title = match unit {
            "" => quantity.name.to_owned(),
            unit => format!("{}, {unit}", quantity.name),
        };
        panels.push(panel(&title, &quantity.values(&report.samples), end));
    }
    let mut placed = String::new();
    for (number, panel) in panels.iter().enumerate() {
        let (left, top) = (number % COLUMNS * (PANEL + GAP), number / COLUMNS * LINE);
        writeln!(
            placed,
            "<g transform=\"translate({left} {top})\">\n{panel}</g>"
        )
        .expect("a string takes text");
    }
    let height = panels.len().div_ceil(COLUMNS) * LINE;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n\
         <title>What the process holds under a mixed load with faults</title>\n\
         <style>{STYLE}</style>\n{placed}</svg>\n"
    )
}

/// A title, and a line from zero to the largest value.
fn panel(title: &str, values: &[f64], seconds: u64) -> String {
    let most = values.iter().copied().fold(1.0, f64::max);
    let step = PANEL as f64 / values.len().saturating_sub(1).max(1) as f64;
    let bottom = TITLE + HEIGHT;
    let mut points = String::new();
    for (number, value) in values.iter().enumerate() {
        let (x, y) = (
            number as f64 * step,
            bottom as f64 - value / most * HEIGHT as f64,
        );
        write!(points, "{x:.1},{y:.1} ").expect("a string takes text");
    }
    let (points, below) = (points.trim_end(), bottom + 18);
    format!(
        "<text class=\"title\" y=\"18\">{title}</text>\
         <text class=\"end\" x=\"{PANEL}\" y=\"18\">at most {most:.0}</text>\n\
         <path class=\"axis\" d=\"M0 {TITLE}V{bottom}H{PANEL}\"/>\n\
         <polyline class=\"line\" points=\"{points}\"/>\n\
         <text y=\"{below}\">0</text>\
         <text class=\"end\" x=\"{PANEL}\" y=\"{below}\">{seconds} s</text>\n"
    )
}

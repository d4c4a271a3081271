//! The picture of some tables: bars, readable on a light page and on a dark one.

use crate::rounds::Row;
use crate::table::{Table, number};

const WIDTH: usize = 860;
const COLUMNS: usize = 2;
const GAP: usize = 30;
const PANEL: usize = (WIDTH - GAP) / COLUMNS;
/// Of a bar with its name and its figure, and of the title above the bars.
const LINE: usize = 22;
const TITLE: usize = 34;
const NAMES: usize = 150;
const FIGURES: usize = 60;
const BARS: usize = PANEL - NAMES - FIGURES;

const STYLE: &str = "
    text { font: 13px system-ui, sans-serif; fill: #24292f }
    .title { font-weight: 600 }
    .name { text-anchor: end }
    .ours { fill: #0969da }
    .other { fill: #8c959f }
    @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 }
        .ours { fill: #4493f8 }
        .other { fill: #6e7681 }
    }
";

/// An SVG of the tables that are to be pictured, two side by side.
pub fn draw(tables: &[Table]) -> String {
    let pictured: Vec<&Table> = tables.iter().filter(|table| table.pictured).collect();
    let mut panels = String::new();
    let mut top = 0;
    for line in pictured.chunks(COLUMNS) {
        for (column, table) in line.iter().enumerate() {
            let left = column * (PANEL + GAP);
            panels += &format!(
                "<g transform=\"translate({left} {top})\">\n{}</g>\n",
                panel(table)
            );
        }
        let rows = line.iter().map(|table| table.rows.len()).max();
        top += TITLE + rows.unwrap_or_default() * LINE + GAP;
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {top}\" role=\"img\">\n\
         <title>The component beside its peers</title>\n<style>{STYLE}</style>\n{panels}</svg>\n"
    )
}

/// A table's title, and a bar for each row.
fn panel(table: &Table) -> String {
    let medians = table.rows.iter().map(|row| row.figures.median());
    let longest = medians.fold(0.0, f64::max);
    let title = escape(&format!("{}, {}", table.title, table.unit));
    let mut text = format!("<text class=\"title\" y=\"18\">{title}</text>\n");
    for (line, row) in table.rows.iter().enumerate() {
        text += &bar(row, TITLE + line * LINE, longest);
    }
    text
}

fn bar(row: &Row, top: usize, longest: f64) -> String {
    let median = row.figures.median();
    let length = (median / longest * BARS as f64).max(1.0);
    let kind = match row.name.starts_with("httplib") {
        true => "ours",
        false => "other",
    };
    let (name, figure) = (escape(row.name), number(median));
    let (names, line, after) = (NAMES - 8, top + 13, NAMES as f64 + length + 6.0);
    format!(
        "<text class=\"name\" x=\"{names}\" y=\"{line}\">{name}</text>\
         <rect class=\"{kind}\" x=\"{NAMES}\" y=\"{top}\" width=\"{length:.0}\" height=\"17\" rx=\"2\"/>\
         <text x=\"{after:.0}\" y=\"{line}\">{figure}</text>\n"
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

//! Tables of figures, and what is wanted of them.

use crate::rounds::{Figures, Row};

/// Figures that were taken in turns.
pub struct Table {
    pub title: String,
    pub unit: &'static str,
    pub rows: Vec<Row>,
    wanted: Vec<Wanted>,
    /// What a reader has to know beside the figures.
    note: &'static str,
    /// Whether the picture has it.
    pub pictured: bool,
}

/// A bound of a row's figures.
struct Wanted {
    row: &'static str,
    bound: Bound,
    /// Times the figures of this row; without one, the bound is of the figure itself.
    of: Option<&'static str>,
}

/// A bound.
#[derive(Clone, Copy)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

use Bound::{AtLeast, AtMost};

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            AtLeast(bound) => value >= bound,
            AtMost(bound) => value <= bound,
        }
    }

    fn text(self) -> String {
        match self {
            AtLeast(bound) => format!("≥ {bound}"),
            AtMost(bound) => format!("≤ {bound}"),
        }
    }
}

impl Table {
    pub fn new(title: impl Into<String>, unit: &'static str, rows: Vec<Row>) -> Self {
        Self {
            title: title.into(),
            unit,
            rows,
            wanted: Vec::new(),
            note: "",
            pictured: false,
        }
    }

    /// Wants a row to be within a bound, in multiples of another.
    pub fn wanted(mut self, row: &'static str, bound: Bound, of: &'static str) -> Self {
        let of = Some(of);
        self.wanted.push(Wanted { row, bound, of });
        self
    }

    /// Wants a row's figures themselves to be within a bound.
    pub fn wanted_itself(mut self, row: &'static str, bound: Bound) -> Self {
        let of = None;
        self.wanted.push(Wanted { row, bound, of });
        self
    }

    pub fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    pub fn pictured(mut self) -> Self {
        self.pictured = true;
        self
    }

    fn figures(&self, name: &str) -> &Figures {
        let row = self.rows.iter().find(|row| row.name == name);
        &row.expect("invariant: bounds are of rows that were measured")
            .figures
    }

    /// What is compared with the bound.
    fn value(&self, wanted: &Wanted) -> f64 {
        let figures = self.figures(wanted.row);
        wanted.of.map_or_else(
            || figures.median(),
            |other| figures.ratio(self.figures(other)),
        )
    }

    /// The table in Markdown, under a heading.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n", self.title);
        text += &format!(
            "| | {} | min–max | wanted |\n|---|--:|--:|---|\n",
            self.unit
        );
        for Row { name, figures } in &self.rows {
            let median = number(figures.median());
            let (least, most) = (number(figures.least()), number(figures.most()));
            let wanted = self.wanted_of(name);
            text += &format!("| {name} | {median} | {least}–{most} | {wanted} |\n");
        }
        if !self.note.is_empty() {
            text += &format!("\n{}\n", self.note);
        }
        text
    }

    fn wanted_of(&self, row: &str) -> String {
        let wanted = self.wanted.iter().filter(|wanted| wanted.row == row);
        let texts = wanted.map(|wanted| {
            let value = self.value(wanted);
            let times = wanted.of.map(|of| format!(" × {of}")).unwrap_or_default();
            let verdict = match wanted.bound.holds(value) {
                true => "met",
                false => "**not met**",
            };
            format!(
                "{}{times}: {}, {verdict}",
                wanted.bound.text(),
                number(value)
            )
        });
        texts.collect::<Vec<_>>().join("; ")
    }

    /// A line for each bound, for a glance.
    pub fn lines(&self) -> Vec<String> {
        let line = |wanted: &Wanted| {
            let value = self.value(wanted);
            let verdict = match wanted.bound.holds(value) {
                true => "",
                false => "  NOT MET",
            };
            let of = wanted
                .of
                .map_or_else(|| format!("({})", self.unit), |of| format!("/ {of}"));
            let what = format!("{}: {} {of}", self.title, wanted.row);
            let bound = wanted.bound.text();
            format!("{what:<88} {:>7}  {bound}{verdict}", number(value))
        };
        self.wanted.iter().map(line).collect()
    }
}

/// Three figures of it, or all before the point.
pub fn number(value: f64) -> String {
    let digits = match value {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    let Some(cut) = text
        .len()
        .checked_sub(3)
        .filter(|cut| digits == 0 && *cut > 0)
    else {
        return text;
    };
    format!("{},{}", &text[..cut], &text[cut..])
}

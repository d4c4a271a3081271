//! `docs/decisions.md`: the differences that are meant.

use std::collections::BTreeSet;

const PAGE: &str = include_str!("../../../docs/decisions.md");

/// The cases in which a Python differs.
#[derive(Debug, Default)]
pub struct Divergences {
    /// Those that must differ.
    pub always: BTreeSet<&'static str>,
    /// Those that differ in some of its versions.
    pub sometimes: BTreeSet<&'static str>,
}

impl Divergences {
    /// Those of `2.7` or of `3`.
    pub fn of(python: &str) -> Self {
        Self {
            always: rows(python),
            sometimes: rows(&format!("some {python}")),
        }
    }
}

/// The cases behind each `- python:` of the page.
fn rows(python: &str) -> BTreeSet<&'static str> {
    let mut cases = BTreeSet::new();
    let start = format!("- {python}: ");
    for line in PAGE.lines() {
        for case in line
            .strip_prefix(start.as_str())
            .into_iter()
            .flat_map(|row| row.split(", "))
        {
            let case = case.trim_matches('`');
            assert!(cases.insert(case), "{case} stands twice under {python}");
        }
    }
    cases
}

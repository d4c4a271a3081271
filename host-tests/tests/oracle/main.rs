//! The component beside Python: the same peers, the same calls, and every difference accounted for.
//!
//! A difference is a defect, or a row of `docs/decisions.md` with the clause that justifies it. A
//! row that no longer differs fails as well.

mod case;
mod component;
mod divergences;
mod outcome;
mod python;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Map, Value};

use case::{Case, cases};
use divergences::Divergences;
use outcome::Outcome;
use python::Python;

/// What Python 2.7 says, for machines that don't have it: `make golden` writes it.
const GOLDEN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oracle/python2.7.json");

#[test]
fn agrees_with_python_3() {
    let mut python = Python::start("PYTHON3", "python3").expect("there is a python3");
    println!("python3 is {}", python.version);
    let pairs = cases().into_iter().map(|case| {
        let theirs = Outcome::of(&case, |port, calls| python.run(port, calls));
        let ours = Outcome::of(&case, component::run);
        (case, ours, theirs)
    });
    compare("3", pairs);
}

#[test]
fn agrees_with_python_2_7() {
    let theirs = match Python::start("PYTHON27", "python2.7") {
        Some(python) => {
            println!("python2.7 is {}", python.version);
            ask(python)
        }
        None => {
            println!("there is no python2.7: these are its recorded answers");
            golden()
        }
    };
    let pairs = cases().into_iter().map(|case| {
        let ours = Outcome::of(&case, component::run).with_merged_headers();
        let theirs = theirs[&case.name].clone();
        (case, ours, theirs)
    });
    compare("2.7", pairs);
}

/// With `GOLDEN=write` it writes them instead.
#[test]
fn the_recorded_answers_are_those_of_python_2_7() {
    let Some(python) = Python::start("PYTHON27", "python2.7") else {
        golden();
        return;
    };
    let theirs = ask(python);
    if std::env::var("GOLDEN").is_ok_and(|value| value == "write") {
        std::fs::write(GOLDEN, recorded(&theirs)).expect("the repository can be written");
    }
    for (name, outcome) in golden() {
        assert_eq!(outcome, theirs[&name], "{name}: make golden");
    }
}

#[test]
fn every_case_has_a_name_of_its_own_and_every_divergence_a_case() {
    let cases = cases();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len());
    for python in ["2.7", "3"] {
        let Divergences { always, sometimes } = Divergences::of(python);
        let unknown: Vec<_> = always
            .union(&sometimes)
            .filter(|name| !names.contains(*name))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
}

/// What this Python says to every case.
fn ask(mut python: Python) -> BTreeMap<String, Outcome> {
    let ask = |case: Case| {
        let outcome = Outcome::of(&case, |port, calls| python.run(port, calls));
        (case.name, outcome)
    };
    cases().into_iter().map(ask).collect()
}

/// The recorded answers. They hold as long as their cases are as they were.
fn golden() -> BTreeMap<String, Outcome> {
    let text = std::fs::read_to_string(GOLDEN).expect("the recorded answers are in the repository");
    let recorded: Map<String, Value> = serde_json::from_str(&text).expect("they are JSON");
    let find = |case: Case| {
        let answer = &recorded
            .get(&case.name)
            .unwrap_or_else(|| panic!("{}: make golden", case.name));
        assert_eq!(
            answer["case"], case.source,
            "{} has changed: make golden",
            case.name
        );
        let outcome = Outcome::from_json(answer).expect("a recorded answer");
        (case.name, outcome)
    };
    cases().into_iter().map(find).collect()
}

fn recorded(outcomes: &BTreeMap<String, Outcome>) -> String {
    let mut lines = Vec::new();
    for case in cases() {
        let mut answer = outcomes[&case.name].to_json();
        answer["case"] = case.source.into();
        lines.push(format!("{}: {answer}", Value::from(case.name)));
    }
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// Holds the outcomes against each other, and the differences against the page.
fn compare(python: &str, pairs: impl Iterator<Item = (Case, Outcome, Outcome)>) {
    let Divergences { always, sometimes } = Divergences::of(python);
    let mut complaints = String::new();
    let (mut same, mut different) = (0, 0);
    for (case, ours, theirs) in pairs {
        let name = case.name.as_str();
        let differs = ours != theirs;
        *(if differs { &mut different } else { &mut same }) += 1;
        if sometimes.contains(name) || differs == always.contains(name) {
            continue;
        }
        let complaint = match differs {
            true => format!(
                "\n{name} differs\n{}{}",
                case.source,
                difference(&case, &ours, &theirs)
            ),
            false => format!("\n{name} no longer differs\n"),
        };
        complaints.push_str(&complaint);
    }
    writeln!(
        complaints,
        "{same} cases agree with Python {python}, {different} differ"
    )
    .expect("text");
    assert!(complaints.lines().count() == 1, "{complaints}");
    println!("{complaints}");
}

/// The calls that led to something else, and the bytes if they are not the same.
fn difference(case: &Case, ours: &Outcome, theirs: &Outcome) -> String {
    let mut text = String::new();
    let results = case
        .calls
        .iter()
        .zip(ours.results.iter().zip(&theirs.results));
    for (call, (ours, theirs)) in results.filter(|(_, (ours, theirs))| ours != theirs) {
        writeln!(text, "  {call}\n    ours:   {ours}\n    theirs: {theirs}").expect("text");
    }
    if ours.sent != theirs.sent {
        let (ours, theirs) = (&ours.sent, &theirs.sent);
        writeln!(text, "  sent\n    ours:   {ours:?}\n    theirs: {theirs:?}").expect("text");
    }
    text
}

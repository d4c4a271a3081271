//! The list of CPython's tests against the tests that there are.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use tools::conformance::{page, rows};

/// The tests of this binary but those of this file.
fn functions() -> BTreeSet<String> {
    let binary = std::env::current_exe().expect("the path of the tests");
    let listed = Command::new(binary)
        .args(["--list", "--format", "terse"])
        .output();
    let listed = listed.expect("the tests list themselves").stdout;
    String::from_utf8(listed)
        .expect("names are ASCII")
        .lines()
        .filter_map(|line| line.strip_suffix(": test"))
        .filter(|name| !name.starts_with("list::"))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_row_has_its_test_and_every_test_its_row() {
    let expected: BTreeSet<_> = rows()
        .iter()
        .filter(|row| row.applies)
        .map(tools::conformance::Row::function)
        .collect();
    let functions = functions();
    let missing: Vec<_> = expected.difference(&functions).collect();
    let unknown: Vec<_> = functions.difference(&expected).collect();
    assert!(
        missing.is_empty() && unknown.is_empty(),
        "missing {missing:?}, unknown {unknown:?}"
    );
}

#[test]
fn every_row_without_a_test_has_a_reason() {
    for row in rows().iter().filter(|row| !row.applies) {
        assert!(!row.note.is_empty(), "{row:?}");
    }
}

#[test]
fn the_list_is_whole() {
    let of = |python: &str| {
        rows()
            .iter()
            .filter(|row| row.pythons.contains(python))
            .count()
    };
    assert_eq!((of("2.7"), of("main")), (53, 150));
}

#[test]
fn the_page_is_of_this_list() {
    let results: BTreeMap<_, _> = functions()
        .into_iter()
        .map(|name| (name, "ok".into()))
        .collect();
    let written = include_str!("../../../docs/conformance.md");
    assert!(
        written == page(&results),
        "docs/conformance.md is out of date: make conformance"
    );
}

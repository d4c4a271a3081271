//! The list of CPython's tests, and the page that says what became of each here.

use std::collections::BTreeMap;
use std::fmt::Write;

/// The list itself: see its first lines.
const LIST: &str = include_str!("../../tests/cpython/tests.txt");

/// A test of CPython's `test_httplib.py`.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its class.
    pub class: &'static str,
    /// Its name.
    pub test: &'static str,
    /// Which Pythons have it: `2.7`, `main`, or both.
    pub pythons: &'static str,
    /// Whether there is a test here. Otherwise `note` says why not.
    pub applies: bool,
    /// What differs from CPython's, if anything.
    pub note: &'static str,
}

impl Row {
    /// The name of the test here: CPython's class as the module, its test as the function.
    #[must_use]
    pub fn function(&self) -> String {
        format!("{}::{}", snake(self.class), snake(self.test))
    }
}

/// Every row of the list.
#[must_use]
pub fn rows() -> Vec<Row> {
    LIST.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| row(line).unwrap_or_else(|| panic!("no row of the list: {line}")))
        .collect()
}

fn row(line: &'static str) -> Option<Row> {
    let mut columns = line.split('|').map(str::trim);
    let (class, test) = columns.next()?.split_once('.')?;
    let pythons = columns.next()?;
    let applies = match columns.next()? {
        "W" | "A" | "I" => true,
        "N" => false,
        _ => return None,
    };
    let note = columns.next().unwrap_or_default();
    Some(Row {
        class,
        test,
        pythons,
        applies,
        note,
    })
}

/// `HTTPSTest` as `https_test`.
fn snake(name: &str) -> String {
    let chars: Vec<_> = name.chars().collect();
    let mut snake = String::new();
    for (index, char) in chars.iter().enumerate() {
        let after_small = index > 0 && chars[index - 1].is_lowercase();
        let before_small = chars.get(index + 1).is_some_and(|next| next.is_lowercase());
        if index > 0 && char.is_uppercase() && (after_small || before_small) {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

/// The results in libtest's output, by the name of the test.
#[must_use]
pub fn results(output: &str) -> BTreeMap<String, String> {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .map(|(name, result)| (name.to_owned(), result.to_owned()))
        .collect()
}

/// The page, in Markdown. A test without a result is `missing`.
#[must_use]
pub fn page(results: &BTreeMap<String, String>) -> String {
    let rows = rows();
    let result = |row: &Row| -> String {
        let result = results.get(&row.function());
        result.map_or_else(|| "missing".to_owned(), Clone::clone)
    };
    let mut page = String::from(INTRODUCTION);
    let mut count = |what: &str, counts: &dyn Fn(&Row) -> bool| {
        let of = |python: &str| {
            let in_python = rows.iter().filter(|row| row.pythons.contains(python));
            in_python.filter(|row| counts(row)).count()
        };
        let (old, new, all) = (of("2.7"), of("main"), of(""));
        writeln!(page, "| {what} | {old} | {new} | {all} |").expect("strings take all");
    };
    count("tests", &|_| true);
    count("re-created", &|row| row.applies);
    count("pass", &|row| row.applies && result(row) == "ok");
    count("not applicable", &|row| !row.applies);
    page.push_str(TABLE);
    for row in &rows {
        let Row {
            class,
            test,
            pythons,
            note,
            ..
        } = row;
        let here = match row.applies {
            true => format!("`{}` | {} | {note}", row.function(), result(row)),
            false => format!("| not applicable | {note}"),
        };
        writeln!(page, "| {class} | {test} | {pythons} | {here} |").expect("strings take all");
    }
    page
}

const INTRODUCTION: &str = "\
# CPython's tests of `httplib`

Every test of `test_httplib.py` in the last 2.7 (2.7.18) and in main, and the one in
`host-tests/tests/cpython` that asserts the same through the component. Where the two Pythons differ,
or [decisions.md](decisions.md) decides otherwise, the last column says what holds here.

`make conformance` runs the tests and writes this page.

| | 2.7 | main | together |
|---|---|---|---|
";

const TABLE: &str = "
| class | test | Python | re-created as | result | note |
|---|---|---|---|---|---|
";

//! The functions of the WIT, and those that were called.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Asserts that the report, a line with a number and a name for each, has all functions of the WIT in this folder.
#[track_caller]
pub fn assert_all_are_called(folder: &str, report: &str) {
    let lines = report.lines().filter_map(|line| line.split_once(' '));
    let called: BTreeSet<String> = lines.map(|(_, name)| name.to_owned()).collect();
    let declared = declared(folder);
    assert!(declared.len() > 70, "{declared:?}");
    let missing: Vec<_> = declared.difference(&called).collect();
    assert!(missing.is_empty(), "never called: {missing:?}");
}

/// Those of `client` and `status`, with the resource that each belongs to.
fn declared(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder);
    let mut declared = BTreeSet::new();
    for file in ["client.wit", "status.wit"] {
        let text = fs::read_to_string(folder.join(file)).expect("the interface is there");
        let mut resource = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix("  resource ") {
                resource = name.trim_end_matches(" {").to_owned() + ".";
            } else if line == "  }" {
                resource.clear();
            } else if let Some((name, kind)) = line.trim().split_once(": ")
                && ["func(", "static func(", "async func(", "static async func("]
                    .iter()
                    .any(|it| kind.starts_with(it))
            {
                declared.insert(format!("{resource}{name}"));
            }
        }
    }
    declared
}

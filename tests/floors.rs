//! The floors of `src/` know only those below them.

use std::fs;
use std::path::Path;

/// Each floor and what it may name.
const MAY_USE: [(&str, &[&str]); 6] = [
    ("http1", &[]),
    ("transport", &["http1"]),
    ("client", &["http1", "transport"]),
    ("wasi", &["bindings", "transport"]),
    (
        "component",
        &["bindings", "client", "http1", "transport", "wasi"],
    ),
    ("bindings", &[]),
];

#[test]
fn each_floor_knows_only_those_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (floor, allowed) in MAY_USE {
        for file in rust_files(&source, floor) {
            let text = fs::read_to_string(&file).expect("a readable source file");
            for line in text
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
            {
                for path in line.split("crate::").skip(1) {
                    let name = path
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .next()
                        .unwrap_or_default();
                    let known = name == floor || allowed.contains(&name);
                    assert!(known, "{} names crate::{name}", file.display());
                }
            }
            checked += 1;
        }
    }
    assert!(checked > MAY_USE.len(), "the floors were not found");
}

/// `src/floor.rs` or everything under `src/floor/`.
fn rust_files(source: &Path, floor: &str) -> Vec<std::path::PathBuf> {
    let folder = source.join(floor);
    if !folder.is_dir() {
        return vec![source.join(format!("{floor}.rs"))];
    }
    let entries = fs::read_dir(&folder).expect("a readable folder");
    let mut files = Vec::new();
    for path in entries.map(|entry| entry.expect("a folder's entry").path()) {
        if path.is_dir() {
            let name = path.file_name().expect("a name").to_string_lossy();
            files.extend(rust_files(&folder, &name));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

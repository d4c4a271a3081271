//! What `docs/reliability.md` says of where the code comes from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use tools::linked::{Linked, metadata, owner};

use crate::pages::Page;
use crate::{files, root};

/// The rows of the table below this heading: their first two cells.
fn table(heading: &str) -> BTreeMap<String, String> {
    let page = Page::read("docs/reliability.md").text;
    let (_, section) = page
        .split_once(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("the page has no {heading:?}"));
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let rows = rows.map(|row| {
        let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
        let mut cell = || cells.next().expect("it has two cells").to_owned();
        (cell(), cell())
    });
    rows.collect()
}

#[test]
fn every_crate_in_the_component_is_among_those_of_its_owner() {
    let metadata = metadata().expect("cargo knows its packages");
    let linked = Linked::of(&metadata).expect("it resolves their dependencies");
    let mut owners: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for id in linked.graph.keys() {
        let package = &metadata[*id];
        if let Some(owner) = owner(package) {
            let crates = owners.entry(owner.to_owned()).or_default();
            crates.insert(package.name.to_string());
        }
    }
    let listed = table("Who maintains what is linked in");
    let listed = listed.into_iter().map(|(owner, crates)| {
        let crates = crates.split(", ").map(str::to_owned).collect();
        (owner, crates)
    });
    assert_eq!(listed.collect::<BTreeMap<_, BTreeSet<_>>>(), owners);
}

/// Folders whose files are not ours, or are made.
const NOT_OURS: [&str; 4] = ["dist", "node_modules", "target", "artifacts"];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("so are its entries").path();
        let name = path.file_name().expect("an entry has a name");
        let is_hidden = name.as_encoded_bytes().starts_with(b".");
        if is_hidden || NOT_OURS.iter().any(|other| name == *other) {
            continue;
        }
        if path.is_dir() {
            sources(&path, found);
        } else {
            files(path, found);
        }
    }
}

/// In two parts, for this file not to be one of those.
const KEYWORD: &str = concat!("un", "safe");

/// Whether a line of Rust has the keyword, and not only a word about it.
fn is_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let mut words = code.split(|it: char| !it.is_alphanumeric() && it != '_');
    words.any(|word| word == KEYWORD)
}

#[test]
fn every_file_that_the_compiler_trusts_is_in_the_table() {
    let mut found = Vec::new();
    sources(root(), &mut found);
    let rust = found
        .iter()
        .filter(|it| it.extension().is_some_and(|it| it == "rs"));
    let with = rust.filter(|path| {
        let text = fs::read_to_string(path).expect("sources are text");
        text.lines().any(is_unsafe)
    });
    let names = with.map(|path| {
        let path = path.strip_prefix(root()).expect("it stands in there");
        format!("`{}`", path.display())
    });
    let listed = table("Where the compiler is told to trust us").into_keys();
    assert_eq!(names.collect::<BTreeSet<_>>(), listed.collect());
}

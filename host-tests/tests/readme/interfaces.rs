//! The interface over WASI 0.3 is that over 0.2, but where 0.3 has other means.

use std::collections::BTreeSet;
use std::fs;

use crate::root;

/// What is described otherwise, by the line that declares it.
const OTHERWISE: &[&str] = &[
    // The types of WASI, and a timeout of 0.
    "interface client {",
    "variant error {",
    "record connection-options {",
    "request: async func(method: string, url: string, body: option<body>,",
    "set-deadline: func(",
    // Streams.
    "variant body {",
    "record upgraded-stream {",
    "consume-body: static async func(",
    "upgrade: async func(",
];

/// The declarations with their comments.
fn declarations(folder: &str) -> Vec<String> {
    let file = root().join(folder).join("client.wit");
    let text = fs::read_to_string(file).expect("the interface is there");
    let declared = text.split("\n\n");
    // Without what closes the one around the last.
    declared
        .map(|it| it.trim_end_matches(['}', ' ', '\n']).to_owned())
        .collect()
}

/// The same as 0.2 has it.
fn as_before(declaration: &str) -> String {
    declaration
        .replace("0.3.0", "0.2.0")
        .replace("async func", "func")
}

#[test]
fn the_interfaces_differ_only_where_wasi_does() {
    let before: BTreeSet<_> = declarations("wit")
        .iter()
        .map(|it| it.replace(" (or with a timeout of 0)", ""))
        .collect();
    let after = declarations("wit/p3");
    let differ = after.iter().filter(|it| !before.contains(&as_before(it)));
    let mut unseen: BTreeSet<_> = OTHERWISE.iter().collect();
    for declaration in differ {
        let known = OTHERWISE.iter().find(|line| declaration.contains(**line));
        let known = known.unwrap_or_else(|| panic!("this is said otherwise:\n{declaration}"));
        unseen.remove(known);
    }
    assert!(unseen.is_empty(), "these are the same: {unseen:?}");
}

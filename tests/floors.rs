//! The floors of `src/` know only those below them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Each floor and what it may name.
const MAY_USE: [(&str, &[&str]); 10] = [
    ("http1", &[]),
    ("transport", &["http1"]),
    ("client", &["http1", "transport"]),
    ("wasi", &["bindings", "transport"]),
    ("blocking", &["bindings", "client", "transport", "wasi"]),
    ("tasks", &["client", "transport", "wasi"]),
    (
        "component",
        &[
            "bindings",
            "blocking",
            "client",
            "http1",
            "tasks",
            "transport",
            "wasi",
        ],
    ),
    (
        "provider",
        &["bindings", "client", "http1", "tasks", "transport", "wasi"],
    ),
    ("linked", &["bindings", "client", "component", "transport"]),
    ("bindings", &[]),
];

#[test]
fn each_floor_knows_only_those_below_it() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (floor, allowed) in MAY_USE {
        for file in rust_files(&source, floor) {
            let text = fs::read_to_string(&file).expect("a readable source file");
            for line in code_of(&text).lines() {
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

/// The lines without those that are comments.
fn code_of(text: &str) -> String {
    let lines = text.split_inclusive('\n');
    lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect()
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

/// What waits: calls to the host that return when something has happened.
const WAITS: [&str; 3] = ["poll::poll(", ".block()", ".blocking_"];

/// Lines for people, which the host takes at once, go to standard error and into the key log.
const WRITES_LINES: &str = "p2/lines.rs";

#[test]
fn one_floor_waits_in_one_place() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let waits = |floor: &str| {
        let files = rust_files(&source, floor).into_iter();
        let waiting = files.filter(|file| {
            let code = code_of(&fs::read_to_string(file).expect("a readable source file"));
            !file.ends_with(WRITES_LINES) && WAITS.iter().any(|wait| code.contains(wait))
        });
        waiting.collect::<Vec<_>>()
    };
    for (floor, _) in MAY_USE.iter().filter(|(floor, _)| *floor != "blocking") {
        assert_eq!(waits(floor), [] as [&Path; 0], "{floor}");
    }
    assert_eq!(waits("blocking").len(), 1, "there is one place that waits");
}

/// The folders whose files import one another.
const ROOMS: [&str; 12] = [
    "http1",
    "transport",
    "transport/tls",
    "client",
    "wasi",
    "wasi/p2",
    "wasi/p3",
    "tasks",
    "component",
    "component/p2",
    "component/p3",
    "provider",
];

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for room in ROOMS {
        let imports = imports(&source, room);
        assert!(imports.len() > 2, "{room} was not found");
        for file in imports.keys() {
            let circle = way_back(&imports, file, vec![file.clone()]);
            assert_eq!(circle, None, "{room}");
        }
    }
}

/// What each file of a room imports of the others, tests left out.
fn imports(source: &Path, room: &str) -> BTreeMap<String, BTreeSet<String>> {
    let folder = source.join(room);
    let text = |path: &Path| fs::read_to_string(path).expect("a readable source file");
    let mut files = BTreeMap::new();
    for path in rust_files(source, room) {
        let inner = path.strip_prefix(&folder).expect("a file of the room");
        let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
        let name = parts[0].trim_end_matches(".rs").to_owned();
        let is_test = parts.iter().any(|part| part.starts_with("test"));
        // A folder with a `mod.rs` of its own is another room.
        let is_room = parts.len() > 1 && folder.join(&name).join("mod.rs").exists();
        if name == "mod" || is_test || is_room {
            continue;
        }
        let code = code_of(&text(&path));
        let code = code.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        let file: &mut String = files.entry(name).or_default();
        file.push_str(code);
    }
    let exports = exports(&text(&folder.join("mod.rs")));
    let path = room.replace('/', "::");
    files
        .iter()
        .map(|(name, code)| {
            let named = named_after(code, &format!("crate::{path}::"))
                .chain(named_after(code, "super::"))
                .map(|name| exports.get(&name).cloned().unwrap_or(name))
                .filter(|other| other != name && files.contains_key(other))
                .collect();
            (name.clone(), named)
        })
        .collect()
}

/// What a room's `mod.rs` exports, and the file that it comes from.
fn exports(code: &str) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    for statement in code.split("pub use ").skip(1) {
        let statement = statement.split(';').next().unwrap_or_default();
        let Some((file, names)) = statement.split_once("::") else {
            continue;
        };
        for name in words(names) {
            exports.insert(name, file.to_owned());
        }
    }
    exports
}

/// The first names behind this prefix, also those in braces.
fn named_after<'a>(code: &'a str, prefix: &'a str) -> impl Iterator<Item = String> + 'a {
    code.split(prefix).skip(1).flat_map(|rest| {
        let end = match rest.strip_prefix('{') {
            Some(list) => list.find('}').map_or(rest.len(), |end| end + 1),
            None => rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len()),
        };
        words(&rest[..end])
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A way along imports from the last file of `way` to the first.
fn way_back(
    imports: &BTreeMap<String, BTreeSet<String>>,
    start: &str,
    way: Vec<String>,
) -> Option<Vec<String>> {
    let last = way.last().expect("it begins somewhere");
    for next in &imports[last] {
        let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
        if next == start {
            return Some(longer);
        }
        if !way.contains(next)
            && let Some(circle) = way_back(imports, start, longer)
        {
            return Some(circle);
        }
    }
    None
}

//! What `wac plug plugin.wasm --plug httplib.wasm -o composed.wasm` makes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use harness::component;
use wit_component::{DecodedWasm, decode};

use crate::host::{PLUGIN, plug};

/// The names of the interfaces that a component imports.
fn imports(component: &Path) -> BTreeSet<String> {
    let bytes = fs::read(component).expect("it was made");
    let Ok(DecodedWasm::Component(resolve, world)) = decode(&bytes) else {
        panic!("{} is a component", component.display());
    };
    let imports = resolve.worlds[world].imports.keys();
    imports.map(|key| resolve.name_world_key(key)).collect()
}

/// What the table of `docs/capabilities.md` says that httplib imports, without versions.
fn table() -> BTreeSet<String> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/capabilities.md");
    let page = fs::read_to_string(page).expect("there is such a page");
    let rows = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `wasi:"));
    let names = rows.flat_map(|row| row.split('|').next().unwrap_or_default().split(", "));
    names
        .map(|name| {
            format!(
                "wasi:{}",
                name.trim().trim_matches('`').trim_start_matches("wasi:")
            )
        })
        .collect()
}

#[test]
fn a_composed_plugin_imports_wasi_alone_httplib_s_and_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let composed = folder.path().join("composed.wasm");
    plug(PLUGIN.as_ref(), component::path().as_ref(), &composed);
    let mut names = BTreeSet::new();
    for import in &imports(&composed) {
        let (name, version) = import.split_once('@').expect("it has a version");
        assert!(
            name.starts_with("wasi:") && version.starts_with("0.2."),
            "{import}"
        );
        names.insert(name.to_owned());
    }
    let own = imports(PLUGIN.as_ref());
    let own = own.iter().filter_map(|import| import.split_once('@'));
    let own = own.filter(|(name, _)| name.starts_with("wasi:"));
    let mut expected = table();
    expected.extend(own.map(|(name, _)| name.to_owned()));
    assert_eq!(names, expected);
}

#[test]
fn a_plugin_asks_for_httplib_s_version() {
    let imports = imports(PLUGIN.as_ref());
    assert!(imports.contains("httplib:http/client@0.2.0"), "{imports:?}");
}

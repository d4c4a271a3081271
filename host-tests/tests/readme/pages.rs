//! The documents of the repository.

use std::fs;
use std::path::{Path, PathBuf};

use crate::blocks::{Block, blocks};
use crate::root;

/// A page in Markdown.
pub struct Page {
    /// Its path in the repository.
    pub name: String,
    pub text: String,
}

impl Page {
    pub fn read(name: &str) -> Self {
        let text = fs::read_to_string(root().join(name));
        Self {
            name: name.to_owned(),
            text: text.unwrap_or_else(|error| panic!("{name}: {error}")),
        }
    }

    pub fn blocks(&self) -> Vec<Block> {
        blocks(&self.text)
    }

    /// Where a reader finds this line.
    pub fn line(&self, line: usize) -> String {
        format!("{}:{line}", self.name)
    }

    /// The folder that its links start from.
    pub fn folder(&self) -> &Path {
        let parent = Path::new(&self.name).parent();
        parent.expect("its name has a file's name")
    }
}

/// Pages whose commands make what those of others use, and so come first.
const FIRST: &[&str] = &["README.md", "docs/building.md", "docs/composing.md"];
/// Those outside of `docs`.
const BESIDE: &[&str] = &[
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
    "cli/README.md",
    "js/README.md",
    "python/README.md",
    "rust/README.md",
    "tests/wire/README.md",
];

/// All of them.
pub fn pages() -> Vec<Page> {
    let folder = fs::read_dir(root().join("docs")).expect("the repository has one");
    let files = folder.map(|entry| entry.expect("it can be read").path());
    let mut names: Vec<_> = files.filter_map(name).collect();
    names.sort();
    names.retain(|name| !FIRST.contains(&name.as_str()));
    let first = FIRST.iter().map(|name| Page::read(name));
    let docs = names.iter().map(|name| Page::read(name));
    let beside = BESIDE.iter().map(|name| Page::read(name));
    first.chain(docs).chain(beside).collect()
}

/// The page's name, where this is one.
fn name(path: PathBuf) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    file.ends_with(".md").then(|| format!("docs/{file}"))
}

//! The documents are true: each block of a page is run, or stands in a file that is run; links lead
//! somewhere; and pages that are made of sources are those of today's.

mod blocks;
mod interfaces;
mod links;
mod pages;
mod shell;
mod supply;

use std::fs;
use std::path::{Path, PathBuf};

use blocks::Block;
use pages::{Page, pages};
use tools::{recipes, reference};

/// Where blocks in these languages must stand, word for word: files that other tests run.
const SOURCES: &[(&str, &[&str])] = &[
    ("rust", &["examples"]),
    ("wit", &["wit"]),
    ("js", &["js/README.md", "js/examples"]),
    ("python", &["python/README.md", "python/examples"]),
];

fn root() -> &'static Path {
    let harness = Path::new(env!("CARGO_MANIFEST_DIR"));
    harness
        .parent()
        .expect("host-tests stands in the repository")
}

/// The files at this path, below it where it is a folder.
fn files(path: PathBuf, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of the repository") {
            files(entry.expect("so are its entries").path(), found);
        }
    } else {
        found.push(path);
    }
}

/// Whether these lines stand there in this order. Other lines may stand between them where `gaps`.
fn has(text: &str, block: &str, gaps: bool) -> bool {
    if !gaps {
        return text.contains(block);
    }
    let mut lines = text.lines();
    block.lines().all(|line| lines.any(|other| other == line))
}

#[test]
fn every_block_of_code_stands_in_a_file_that_is_run() {
    let pages = pages();
    for (language, places) in SOURCES {
        let mut found = Vec::new();
        for place in *places {
            files(root().join(place), &mut found);
        }
        let texts: Vec<_> = found
            .iter()
            .filter_map(|it| fs::read_to_string(it).ok())
            .collect();
        // WIT is an excerpt: what is between, the documentation mostly, is left out.
        let gaps = *language == "wit";
        let blocks = pages.iter().flat_map(|page| {
            let blocks = page.blocks().into_iter();
            blocks.map(move |block| (page, block))
        });
        for (page, block) in blocks.filter(|(_, block)| block.language == *language) {
            let stands = texts.iter().any(|text| has(text, &block.text, gaps));
            let line = page.line(block.line);
            assert!(stands, "the block at {line} is in none of {places:?}");
        }
    }
}

#[test]
fn every_block_is_of_a_kind_that_is_looked_at() {
    // Text is no code; manifests are those of `host-tests/tests/embedding/manifests.rs`.
    let known = |language: &str| {
        matches!(language, "sh" | "text" | "toml" | "yaml")
            || SOURCES.iter().any(|(known, _)| *known == language)
    };
    for page in pages() {
        for Block { language, line, .. } in page.blocks() {
            assert!(known(&language), "{}: {language:?}", page.line(line));
        }
    }
}

#[test]
fn the_reference_is_made_of_the_interface_s_comments() {
    let page = Page::read("docs/reference.md").text;
    let made = reference::page().expect("wit/ is valid");
    assert!(
        page == made,
        "docs/reference.md is out of date: run `make reference`"
    );
}

#[test]
fn the_recipes_are_made_of_their_sources() {
    let page = Page::read("docs/recipes.md").text;
    let made = recipes::page().expect("each has its parts");
    assert!(
        page == made,
        "docs/recipes.md is out of date: run `make pages`"
    );
}

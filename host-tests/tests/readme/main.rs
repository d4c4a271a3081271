//! The documents are true: each block of the README is run, or stands in a file that is run, and pages
//! that are made of sources are those of today's.

mod blocks;
mod interfaces;
mod shell;

use std::fs;
use std::path::{Path, PathBuf};

use blocks::{Block, blocks};
use tools::reference;

/// Where the languages of the README's blocks must stand, word for word: files that other tests run.
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

fn readme() -> Vec<Block> {
    let text = fs::read_to_string(root().join("README.md")).expect("the repository has one");
    blocks(&text)
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
    for block in readme() {
        let Some((language, places)) = SOURCES.iter().find(|it| it.0 == block.language) else {
            continue;
        };
        let mut found = Vec::new();
        for place in *places {
            files(root().join(place), &mut found);
        }
        // WIT is an excerpt: what is between, the documentation mostly, is left out.
        let gaps = *language == "wit";
        let stands = found
            .iter()
            .any(|file| fs::read_to_string(file).is_ok_and(|text| has(&text, &block.text, gaps)));
        assert!(
            stands,
            "line {} of README.md stands in none of {places:?}",
            block.line
        );
    }
}

#[test]
fn every_block_is_of_a_kind_that_is_looked_at() {
    let known =
        |language: &str| language == "sh" || SOURCES.iter().any(|(known, _)| *known == language);
    for Block { language, line, .. } in readme() {
        assert!(known(&language), "line {line} of README.md: {language:?}");
    }
}

#[test]
fn the_reference_is_made_of_the_interface_s_comments() {
    let page = fs::read_to_string(root().join("docs/reference.md")).expect("it is there");
    let made = reference::page().expect("wit/ is valid");
    assert!(
        page == made,
        "docs/reference.md is out of date: run `make reference`"
    );
}

//! The page of the recipes, made of their sources.
//!
//! A recipe is a file of `examples/recipes`. Its own comment begins with a heading and says what the recipe is for;
//! its first function is shown. The comment of `main.rs` opens the page, and its usage text sets the order.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Where they are, as the page links to them.
const FOLDER: &str = "examples/recipes/src";

/// The page, in Markdown.
///
/// # Errors
/// Where a file can't be read or does not have these parts, or the usage text leaves a recipe out.
pub fn page() -> Result<String> {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let folder = root.join(FOLDER);
    let main = fs::read_to_string(folder.join("main.rs")).context("main.rs")?;
    let mut page = comment(&main);
    let mut left = recipes(&folder)?;
    for usage in main.lines().filter_map(|line| line.strip_prefix("  ")) {
        let name = usage.split(' ').next().unwrap_or_default();
        if !left.remove(name) {
            continue;
        }
        let text =
            fs::read_to_string(folder.join(format!("{name}.rs"))).context(name.to_owned())?;
        let function =
            first_function(&text).with_context(|| format!("{name}.rs has no function"))?;
        // Behind the arguments, what the program prints says what the page's text does.
        let (command, _) = usage.split_once("  ").unwrap_or((usage, ""));
        let command = format!("`recipes {command}`, in [`{name}.rs`](../{FOLDER}/{name}.rs):");
        page += &format!(
            "\n#{}\n{command}\n\n```rust\n{function}```\n",
            comment(&text)
        );
    }
    ensure!(left.is_empty(), "the usage text leaves out {left:?}");
    Ok(page)
}

/// The files that are recipes, without their endings.
fn recipes(folder: &Path) -> Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let text = fs::read_to_string(&path)?;
        let name = path.file_stem().and_then(|name| name.to_str());
        let name = name.context("files have names")?;
        if name != "main" && text.starts_with("//! # ") {
            names.insert(name.to_owned());
        }
    }
    Ok(names)
}

/// The comment of a file, without its marks.
fn comment(text: &str) -> String {
    let lines = text.lines().map_while(|line| line.strip_prefix("//!"));
    lines
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect()
}

/// The first function outside of all others, with its comment.
fn first_function(text: &str) -> Option<&str> {
    let begins = ["\nfn ", "\npub fn "];
    let name = begins.iter().filter_map(|begin| text.find(begin)).min()?;
    let start = text[..name].rfind("\n\n")? + 2;
    let length = text[start..].find("\n}\n")? + "\n}\n".len();
    Some(&text[start..start + length])
}

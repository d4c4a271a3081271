//! Prints the page of the recipes, made of their sources. `make pages` writes it to `docs/recipes.md`.
#![forbid(unsafe_code)]

use anyhow::Result;
use tools::recipes;

fn main() -> Result<()> {
    print!("{}", recipes::page()?);
    Ok(())
}

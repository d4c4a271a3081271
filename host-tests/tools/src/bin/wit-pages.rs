//! Prints the reference of the interface, made of the comments in `wit/`. `make reference` writes it to
//! `docs/reference.md`.
#![forbid(unsafe_code)]

use anyhow::Result;
use tools::reference;

fn main() -> Result<()> {
    print!("{}", reference::page()?);
    Ok(())
}

//! The reference of the interface, as a page.

use anyhow::{Context, Result, anyhow};
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::Resolve;
use wit_bindgen_markdown::Opts;

/// The world whose interfaces it is about.
const WORLD: &str = "httplib";

/// The page, in Markdown: what `wit-bindgen markdown` makes of the world, without the pages of WASI.
///
/// # Errors
/// Where `wit/` is no valid WIT, or the generator has changed what it makes.
pub fn page() -> Result<String> {
    let mut resolve = Resolve::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit");
    let (package, _) = resolve.push_dir(folder).map_err(|error| anyhow!("{error:?}"))?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    let mut files = Files::default();
    Opts::default().build().generate(&mut resolve, world, &mut files)?;
    let (_, page) = files.iter().next().context("the generator makes a page")?;
    Ok(String::from_utf8(page.to_vec())?)
}

//! The reference of the interface, as a page.

use anyhow::{Context, Result, anyhow, ensure};
use wit_bindgen_core::Files;
use wit_bindgen_core::wit_parser::{Resolve, WorldId, WorldItem};
use wit_bindgen_markdown::Opts;

/// The world whose interfaces it is about.
const WORLD: &str = "httplib";

/// The page, in Markdown: what `wit-bindgen markdown` makes of the world, without the pages of WASI.
///
/// # Errors
/// Where `wit/` is no valid WIT, or the generator has changed what it makes.
pub fn page() -> Result<String> {
    let mut resolve = Resolve::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    let parsed = resolve.push_dir(folder);
    let (package, _) = parsed.map_err(|error| anyhow!("{error:?}"))?;
    let world = resolve.select_world(&[package], Some(WORLD))?;
    lower_headings(&mut resolve);
    let overviews = overviews(&resolve, world);
    let mut files = Files::default();
    let mut generator = Opts::default().build();
    generator.generate(&mut resolve, world, &mut files)?;
    let mut files = files.iter();
    let page = files.find(|(name, _)| name.ends_with(".md"));
    let (_, page) = page.context("the generator makes a page")?;
    exports(std::str::from_utf8(page)?, &overviews)
}

/// A function's `# Errors` would be a heading above the function's own.
fn lower_headings(resolve: &mut Resolve) {
    let interfaces = resolve.interfaces.iter_mut();
    for (_, function) in interfaces.flat_map(|(_, interface)| &mut interface.functions) {
        if let Some(text) = &mut function.docs.contents {
            *text = text.replace("# Errors\n", "##### Errors\n\n");
        }
    }
}

/// What the exported interfaces say of themselves, by name: the generator leaves it out.
fn overviews(resolve: &Resolve, world: WorldId) -> Vec<(String, String)> {
    let exports = resolve.worlds[world].exports.iter();
    let texts = exports.filter_map(|(key, item)| match item {
        WorldItem::Interface { id, .. } => {
            let docs = resolve.interfaces[*id].docs.contents.clone();
            Some((resolve.name_world_key(key), docs.unwrap_or_default()))
        }
        _ => None,
    });
    texts.collect()
}

/// WASI documents itself; what is left are the world and what it exports.
fn exports(page: &str, overviews: &[(String, String)]) -> Result<String> {
    const HEADING: &str = "\n## <a id=";
    let mut sections = page.split(HEADING);
    let mut kept = sections
        .next()
        .context("the page has a beginning")?
        .to_owned();
    let mut exported = 0;
    for section in sections {
        let (title, rest) = section.split_once('\n').context("a section has lines")?;
        let interface = title.split_once("Export interface ").map(|(_, name)| name);
        let overview = overviews
            .iter()
            .find(|(name, _)| Some(name.as_str()) == interface);
        if let Some((_, overview)) = overview {
            exported += 1;
            kept += &format!("{HEADING}{title}\n\n{overview}\n{rest}");
        }
    }
    ensure!(
        exported == overviews.len(),
        "{exported} interfaces have a section"
    );
    Ok(kept)
}

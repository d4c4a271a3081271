//! The WIT packages in their binary form, as registries keep them.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wit_bindgen_core::wit_parser::Resolve;

/// The version of the package in this folder of the repository, and the package with its documentation.
/// Its dependencies are named in it, not contained.
pub fn package(folder: &str) -> Result<(String, Vec<u8>)> {
    let mut resolve = Resolve::default();
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let (package, _) = resolve
        .push_dir(root.join(folder))
        .map_err(|error| anyhow!("{error:?}"))?;
    let version = resolve.packages[package].name.version.clone();
    let version = version.context("a package with a version")?.to_string();
    let encoded = wit_component::encode(&resolve, package);
    Ok((version, encoded.map_err(|error| anyhow!("{error:?}"))?))
}

//! The WIT package in its binary form, as registries keep it.

use anyhow::{Result, anyhow};
use wit_bindgen_core::wit_parser::Resolve;

/// The package with its documentation. Its dependencies are named in it, not contained.
pub fn package() -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit");
    let (package, _) = resolve
        .push_dir(folder)
        .map_err(|error| anyhow!("{error:?}"))?;
    wit_component::encode(&resolve, package).map_err(|error| anyhow!("{error:?}"))
}

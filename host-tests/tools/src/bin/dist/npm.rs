//! The npm package, made by npm.

use std::path::{Path, absolute};
use std::process::Command;

use anyhow::{Context, Result, ensure};

const PACKAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../js");

/// Builds the npm package of the component and packs it into the folder.
pub fn pack(component: &Path, folder: &Path) -> Result<()> {
    let (component, folder) = (absolute(component)?, absolute(folder)?);
    npm(&["ci"])?;
    npm(&["run", "build", "--", &component.to_string_lossy()])?;
    npm(&["pack", "--pack-destination", &folder.to_string_lossy()])
}

fn npm(arguments: &[&str]) -> Result<()> {
    let mut npm = Command::new("npm");
    npm.current_dir(PACKAGE).args(arguments);
    let output = npm.output().context("npm does not start")?;
    let shown = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{npm:?} failed:\n{shown}");
    Ok(())
}

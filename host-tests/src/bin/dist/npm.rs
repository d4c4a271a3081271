//! The npm package, made by npm.

use std::path::{Path, absolute};
use std::process::Command;

use anyhow::Result;
use host_tests::{component, program};

/// Builds the npm package of the component and packs it into the folder.
pub fn pack(folder: &Path) -> Result<()> {
    let folder = absolute(folder)?;
    let run = |arguments: &[&str]| {
        let mut npm = Command::new("npm");
        npm.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../js"));
        program::run(npm.args(arguments));
    };
    run(&["ci"]);
    run(&["run", "build", "--", &component::path().to_string_lossy()]);
    run(&["pack", "--pack-destination", &folder.to_string_lossy()]);
    Ok(())
}

//! `SHA256SUMS`, as `sha256sum --check` reads it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Result;
use ring::digest::{SHA256, digest};

/// Writes the sums of the files in the folder, which it gives the names of, in order.
pub fn write(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut sums = String::new();
    for name in &names {
        for byte in digest(&SHA256, &fs::read(folder.join(name))?).as_ref() {
            write!(sums, "{byte:02x}")?;
        }
        writeln!(sums, "  {name}")?;
    }
    fs::write(folder.join("SHA256SUMS"), sums)?;
    Ok(names)
}

//! What the component is compared with, outside of WebAssembly.

pub mod curl;
pub mod native;
pub mod python;
pub mod ureq;

use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Runs a program to its end; what it prints.
pub fn said(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| name.clone())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{name} failed: {errors}");
    Ok(String::from_utf8(output.stdout)?)
}

//! binaryen's wasm-opt, of the version in `package-lock.json`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// For size, twice, since the first round leaves something for the second; names and debug information go. A
/// constant that a function has often is put into a local variable.
const SMALL: &[&str] = &[
    "-Oz",
    "-Oz",
    "--const-hoisting",
    "--strip-debug",
    "--strip-producers",
];
/// The same with the functions' names.
const NAMED: &[&str] = &["-Oz", "-Oz", "--const-hoisting", "-g", "--strip-dwarf"];
/// What the compiler uses of WebAssembly: its defaults for wasm32-wasip2, and the vectors of `kernel/`.
/// A new one makes wasm-opt fail, not use it unasked.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// Whether the functions of the module keep their names.
#[derive(Clone, Copy)]
pub enum Names {
    /// They do: to see what the code is.
    Kept,
    /// They do not.
    Dropped,
}

/// The module, smaller.
///
/// # Errors
/// wasm-opt is not installed, or says what is wrong with the module.
pub fn optimize(module: &[u8], names: Names) -> Result<Vec<u8>> {
    let folder = tempfile::tempdir()?;
    let (before, after) = (folder.path().join("before"), folder.path().join("after"));
    fs::write(&before, module)?;
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("node_modules/.bin/wasm-opt");
    let mut wasm_opt = Command::new(&program);
    wasm_opt.args(FEATURES).args(match names {
        Names::Kept => NAMED,
        Names::Dropped => SMALL,
    });
    wasm_opt.arg(&before).arg("-o").arg(&after);
    let output = wasm_opt
        .output()
        .with_context(|| format!("{} is missing: run `npm ci` in shrink/", program.display()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or_default();
    ensure!(
        output.status.success(),
        "wasm-opt: {}: {first}",
        output.status
    );
    Ok(fs::read(after)?)
}

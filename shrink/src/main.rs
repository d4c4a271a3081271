//! Makes a component smaller: `shrink IN.wasm OUT.wasm`. `make small` starts it.
//!
//! The program in a component is a core module; binaryen's wasm-opt makes that smaller, which knows
//! nothing of components. Everything around it stays as it is but for the names of its parts, which
//! are for debuggers. What comes out is validated.
#![forbid(unsafe_code)]

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

mod binaryen;
mod component;
mod sizes;

use component::Sections;

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let [from, to] = &arguments[..] else {
        bail!("usage: shrink IN.wasm OUT.wasm");
    };
    let read = |path: &Path| fs::read(path).with_context(|| path.display().to_string());
    let before = read(from.as_ref())?;
    let sections = Sections::parse(&before)?;
    let module = binaryen::optimize(sections.program())?;
    let after = sections.with_program(&module);
    component::validate(&after)?;
    fs::write(to, &after).with_context(|| Path::new(to).display().to_string())?;
    sizes::print(&before, &after)
}

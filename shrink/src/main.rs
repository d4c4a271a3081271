//! Makes a component smaller: `shrink IN.wasm OUT.wasm`. `make small` starts it. `shrink IN.wasm` prints
//! which crates the code of the smaller one comes from, if this one has names: `make size` does.
//!
//! The program in a component is a core module; binaryen's wasm-opt makes that smaller, which knows
//! nothing of components. Everything around it stays as it is but for the names of its parts, which
//! are for debuggers, and the names of its exports, which become short. What comes out is validated.
#![forbid(unsafe_code)]

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

mod binaryen;
mod component;
mod crates;
mod exports;
mod sizes;

use binaryen::Names;
use component::Sections;

fn main() -> Result<()> {
    let arguments: Vec<_> = env::args_os().skip(1).collect();
    let (from, to) = match &arguments[..] {
        [from] => (from, None),
        [from, to] => (from, Some(to)),
        _ => bail!("usage: shrink IN.wasm [OUT.wasm]"),
    };
    let before = fs::read(from).with_context(|| Path::new(from).display().to_string())?;
    let sections = Sections::parse(&before)?;
    let Some(to) = to else {
        return crates::print(&binaryen::optimize(sections.program(), Names::Kept)?);
    };
    let module = binaryen::optimize(sections.program(), Names::Dropped)?;
    let after = exports::shorten(&sections.with_program(&module))?;
    component::validate(&after)?;
    fs::write(to, &after).with_context(|| Path::new(to).display().to_string())?;
    sizes::print(&before, &after)
}

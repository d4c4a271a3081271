//! Composition: a program that imports httplib and the component become one component, by wac.

use std::path::Path;

use anyhow::Context;
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, plug};

/// The program in a file with its imports of httplib satisfied by the component in another: what
/// `wac plug --plug httplib.wasm program.wasm` does. What both import of WASI is imported once.
///
/// # Errors
/// A file is no component, or the program imports nothing that httplib exports.
pub fn compose(program: &Path, httplib: &Path) -> anyhow::Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let httplib = Package::from_file("httplib:http", None, httplib, graph.types_mut())
        .with_context(|| httplib.display().to_string())?;
    let httplib = graph.register_package(httplib)?;
    let program = Package::from_file("httplib:program", None, program, graph.types_mut())
        .with_context(|| program.display().to_string())?;
    let program = graph.register_package(program)?;
    plug(&mut graph, vec![httplib], program)?;
    Ok(graph.encode(EncodeOptions::default())?)
}

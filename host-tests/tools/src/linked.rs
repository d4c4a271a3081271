//! The crates that are linked into the component.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind};

const TARGET: &str = "wasm32-wasip2";

/// What cargo knows of the component's package and of those that it depends on.
///
/// # Errors
/// Where cargo fails, or `Cargo.lock` is not up to date.
pub fn metadata() -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"));
    command.other_options(["--locked", "--filter-platform", TARGET].map(String::from));
    Ok(command.exec()?)
}

/// The crates in the component, and which of them each uses.
pub struct Linked<'a> {
    /// The component's own.
    pub root: &'a Package,
    /// All of them, with those that each uses.
    pub graph: BTreeMap<&'a PackageId, BTreeSet<&'a PackageId>>,
}

impl<'a> Linked<'a> {
    /// Those of [`metadata`]; none where cargo did not resolve the dependencies.
    #[must_use]
    pub fn of(metadata: &'a Metadata) -> Option<Self> {
        let root = metadata.root_package()?;
        let nodes = &metadata.resolve.as_ref()?.nodes;
        let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (&node.id, node)).collect();
        let mut graph = BTreeMap::new();
        let mut open = vec![&root.id];
        while let Some(id) = open.pop() {
            if graph.contains_key(id) {
                continue;
            }
            let linked = nodes[id].deps.iter().filter(|dependency| {
                let mut kinds = dependency.dep_kinds.iter();
                kinds.any(|kind| kind.kind == DependencyKind::Normal)
                    && !is_macro(&metadata[&dependency.pkg])
            });
            let linked: BTreeSet<_> = linked.map(|dependency| &dependency.pkg).collect();
            open.extend(&linked);
            graph.insert(id, linked);
        }
        Some(Self { root, graph })
    }
}

/// Whether it runs in the compiler and leaves nothing of itself behind.
fn is_macro(package: &Package) -> bool {
    let mut targets = package.targets.iter();
    targets.any(|target| target.kind.contains(&TargetKind::ProcMacro))
}

/// Whose repository a crate comes from, as its manifest has it: `RustCrypto` of `https://github.com/RustCrypto/KDFs`. None
/// for those of this one.
#[must_use]
pub fn owner(package: &Package) -> Option<&str> {
    let (_, address) = package.repository.as_deref()?.split_once("://")?;
    address.split('/').nth(1)
}

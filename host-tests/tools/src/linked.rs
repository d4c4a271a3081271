//! The crates that are linked into the component.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, ensure};
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

/// The names and versions of what is linked in, as `cargo tree` has them. The metadata are of the whole workspace: they
/// have what only its tests ask for as well, such as the standard library's side of rustls.
fn tree() -> Result<BTreeSet<String>> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(root)
        .args(["tree", "--locked", "--package", "httplib-core"]);
    command.args(["--target", TARGET, "--edges", "normal,no-proc-macro"]);
    command.args(["--prefix", "none", "--format", "{p}"]);
    let output = command.output()?;
    let shown = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed:\n{shown}");
    let lines = String::from_utf8(output.stdout)?;
    let packages = lines.lines().map(|line| {
        let words: Vec<&str> = line.split(' ').take(2).collect();
        words.join(" ")
    });
    Ok(packages.collect())
}

/// The crates in the component, and which of them each uses.
pub struct Linked<'a> {
    /// The component's own.
    pub root: &'a Package,
    /// All of them, with those that each uses.
    pub graph: BTreeMap<&'a PackageId, BTreeSet<&'a PackageId>>,
}

impl<'a> Linked<'a> {
    /// Those of [`metadata`].
    ///
    /// # Errors
    /// Where cargo fails, or did not resolve the dependencies.
    pub fn of(metadata: &'a Metadata) -> Result<Self> {
        let root = metadata.root_package().context("it has a root package")?;
        let resolve = metadata.resolve.as_ref().context("it is resolved")?;
        let (tree, nodes) = (tree()?, &resolve.nodes);
        let is_linked = |id: &PackageId| {
            let package = &metadata[id];
            tree.contains(&format!("{} v{}", package.name, package.version))
        };
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
                    && is_linked(&dependency.pkg)
            });
            let linked: BTreeSet<_> = linked.map(|dependency| &dependency.pkg).collect();
            open.extend(&linked);
            graph.insert(id, linked);
        }
        Ok(Self { root, graph })
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

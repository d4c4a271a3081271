//! The bill of materials of the component, in CycloneDX's JSON: each crate that is linked into it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind};
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata as Subject;

const TARGET: &str = "wasm32-wasip2";

/// The bill. It bears no date and no serial number: it is the same each time.
pub fn bill() -> Result<Vec<u8>> {
    let metadata = MetadataCommand::new()
        .other_options(["--locked", "--filter-platform", TARGET].map(String::from))
        .exec()?;
    let linked = Linked::of(&metadata).context("cargo resolves the dependencies")?;
    let mut bill = Bom {
        spec_version: SpecVersion::V1_5,
        serial_number: None,
        metadata: Some(Subject {
            component: Some(component(linked.root, Classification::Library)?),
            ..Subject::default()
        }),
        ..Bom::default()
    };
    let crates = linked.graph.keys().filter(|id| **id != &linked.root.id);
    let crates = crates.map(|id| component(&metadata[*id], Classification::Library));
    bill.components = Some(Components(crates.collect::<Result<_>>()?));
    let dependencies = linked.graph.iter().map(|(id, on)| Dependency {
        dependency_ref: reference(&metadata[*id]),
        dependencies: on.iter().map(|id| reference(&metadata[*id])).collect(),
    });
    bill.dependencies = Some(Dependencies(dependencies.collect()));
    let mut written = Vec::new();
    bill.output_as_json(&mut written, SpecVersion::V1_5)?;
    Ok(written)
}

/// The crates in the component, and which of them each uses.
struct Linked<'a> {
    root: &'a Package,
    graph: BTreeMap<&'a PackageId, BTreeSet<&'a PackageId>>,
}

impl<'a> Linked<'a> {
    fn of(metadata: &'a Metadata) -> Option<Self> {
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

/// What the bill calls a crate. Cargo's own name of one in this repository has the folder in it.
fn reference(package: &Package) -> String {
    format!("{}@{}", package.name, package.version)
}

fn component(package: &Package, kind: Classification) -> Result<Component> {
    let version = package.version.to_string();
    let reference = Some(reference(package));
    let mut component = Component::new(kind, &package.name, &version, reference);
    component.purl = Some(Purl::new("cargo", &package.name, &version)?);
    component.description = package.description.as_deref().map(NormalizedString::new);
    let license = package.license.as_deref().map(LicenseChoice::expression);
    component.licenses = license.map(|license| Licenses(vec![license]));
    Ok(component)
}

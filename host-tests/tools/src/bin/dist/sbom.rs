//! The bill of materials of the component, in CycloneDX's JSON: each crate that is linked into it.

use anyhow::Result;
use cargo_metadata::Package;
use cyclonedx_bom::external_models::normalized_string::NormalizedString;
use cyclonedx_bom::external_models::uri::Purl;
use cyclonedx_bom::models::bom::{Bom, SpecVersion};
use cyclonedx_bom::models::component::{Classification, Component, Components};
use cyclonedx_bom::models::dependency::{Dependencies, Dependency};
use cyclonedx_bom::models::license::{LicenseChoice, Licenses};
use cyclonedx_bom::models::metadata::Metadata as Subject;
use tools::linked::{Linked, metadata};

/// The bill. It bears no date and no serial number: it is the same each time.
pub fn bill() -> Result<Vec<u8>> {
    let metadata = metadata()?;
    let linked = Linked::of(&metadata)?;
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

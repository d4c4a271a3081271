//! Builds the component that the harness runs.

use std::path::Path;

use build_guests::{Guest, build_all};

fn main() {
    let root = Path::new("../..");
    build_all(root, &[Guest::component("HTTPLIB_COMPONENT")]);
}

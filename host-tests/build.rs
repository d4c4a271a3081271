//! Builds the programs that the tests run.

use std::path::Path;

use build_guests::{Guest, build_all};

const GUESTS: &[Guest] = &[
    Guest::program("examples/fetch", "fetch.wasm", "FETCH_GUEST"),
    Guest::program("examples/plugin", "plugin.wasm", "PLUGIN_GUEST"),
    Guest::program("host-tests/guests/kernel", "kernel.wasm", "KERNEL_COMMAND"),
    Guest::program("host-tests/guests/hostile", "hostile.wasm", "HOSTILE_GUEST"),
    Guest::program("examples/recipes", "recipes.wasm", "RECIPES"),
    Guest::program("cli", "httplib-cli.wasm", "CLI_GUEST"),
];

fn main() {
    build_all(Path::new(".."), GUESTS);
}

//! Builds the programs that the tests run.

use std::path::Path;

use build_guests::{Guest, build_all};

const GUESTS: &[Guest] = &[
    Guest::program("examples/fetch", "fetch.wasm", "FETCH_GUEST"),
    Guest::program("examples/plugin", "plugin.wasm", "PLUGIN_GUEST"),
    Guest::program("host-tests/guests/kernel", "kernel.wasm", "KERNEL_COMMAND"),
    Guest::program("host-tests/guests/hostile", "hostile.wasm", "HOSTILE_GUEST"),
    Guest::program("host-tests/guests/caller", "caller.wasm", "CALLER"),
    Guest::program("host-tests/guests/p3-caller", "p3_caller.wasm", "P3_CALLER"),
    Guest::program("examples/recipes", "recipes.wasm", "RECIPES"),
    Guest::linked("examples/recipes", "recipes.wasm", "RECIPES_LINKED"),
    Guest::program(
        "host-tests/guests/rust-client",
        "rust-client.wasm",
        "RUST_CLIENT",
    ),
    Guest::linked(
        "host-tests/guests/rust-client",
        "rust-client.wasm",
        "RUST_CLIENT_LINKED",
    ),
    Guest::program("cli", "httplib-cli.wasm", "CLI_GUEST"),
    Guest::p3("HTTPLIB_P3"),
    Guest::wasi_http("WASI_HTTP_PROVIDER"),
    Guest::program("examples/p3", "p3.wasm", "P3_PROGRAM"),
    Guest::program("host-tests/guests/p3-calls", "p3_calls.wasm", "P3_CALLS"),
    Guest::program("host-tests/guests/p3-client", "p3_client.wasm", "P3_CLIENT"),
    Guest::program(
        "host-tests/guests/wasi-http",
        "wasi_http.wasm",
        "WASI_HTTP_PROGRAM",
    ),
    Guest::program(
        "host-tests/guests/wasi-http-server",
        "wasi_http_server.wasm",
        "WASI_HTTP_SERVER",
    ),
];

fn main() {
    build_all(Path::new(".."), GUESTS);
}

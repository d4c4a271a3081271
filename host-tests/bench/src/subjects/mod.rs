//! What is measured: a file for each subject.

pub mod connections;
pub mod downloads;
pub mod handshakes;
pub mod instances;
pub mod npm;
pub mod pool;
pub mod provider;
pub mod records;
pub mod requests;
pub mod start;
pub mod uploads;

/// The names of contenders, as tables have them.
pub mod names {
    pub const RAW: &str = "socket, wasm";
    pub const SPLICE: &str = "httplib, splice";
    pub const READ: &str = "httplib, read1";
    pub const HTTPLIB: &str = "httplib";
    pub const LINKED: &str = "httplib, linked in";
    pub const ATTOHTTPC: &str = "attohttpc, wasm";
    pub const WASI_HTTP: &str = "wasi:http of the host";
    pub const UREQ: &str = "ureq, native";
    pub const PYTHON: &str = "CPython";
    pub const CURL: &str = "curl";
}

/// The programs, as cargo names their files.
pub mod files {
    pub const CLI: &str = "httplib-cli.wasm";
    pub const PLUGIN: &str = "plugin.wasm";
    pub const BENCH: &str = "bench-guest.wasm";
    pub const LINKED: &str = "bench-linked.wasm";
    pub const ATTOHTTPC: &str = "bench-attohttpc.wasm";
    pub const WASI_HTTP: &str = "bench-wasi-http.wasm";
    pub const P3: &str = "p3_bench.wasm";
    pub const PROVIDED: &str = "wasi_http.wasm";
    pub const RECORDS: &str = "kernel.wasm";
}

//! httplib and WASI as Rust sees them, made from their WIT when this is compiled.

wit_bindgen::generate!({
    path: ["../../wit", "wit"],
    world: "example:recipes/recipes",
    generate_all,
    // `&str` and `&[u8]` where a call takes text or bytes.
    ownership: Borrowing { duplicate_if_necessary: false },
    // Every option has a default: `..Default::default()`.
    additional_type_attributes: {
        "httplib:http/client@0.2.0/connection-options": [#[derive(Default)]],
        "httplib:http/client@0.2.0/tls-options": [#[derive(Default)]],
    },
});

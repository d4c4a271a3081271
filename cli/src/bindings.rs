//! What the command imports, generated from `wit/`.

#[allow(missing_docs, unsafe_code, clippy::all, reason = "generated")]
mod generated {
    wit_bindgen::generate!({
        path: ["../wit", "wit"],
        world: "httplib:cli/cli",
        generate_all,
    });
}

pub use generated::httplib::http::client;
pub use generated::wasi::cli0_2_6::{stdin, stdout};
pub use generated::wasi::cli0_2_12::exit;
pub use generated::wasi::clocks::monotonic_clock;
pub use generated::wasi::filesystem::{preopens, types as filesystem};
pub use generated::wasi::io::{poll, streams};

//! The interface `httplib:http/client` and WASI, imported or linked in: the same names and types either way.

#[cfg(not(feature = "linked"))]
#[allow(missing_docs, unsafe_code, clippy::all, reason = "generated")]
mod generated {
    wit_bindgen::generate!({
        path: ["wit/http", "wit/guest"],
        world: "httplib:rust/imported",
        generate_all,
    });
}

#[cfg(not(feature = "linked"))]
pub use generated::{httplib::http::client, wasi};

#[cfg(feature = "linked")]
pub use httplib_linked::linked as client;

#[cfg(feature = "linked")]
#[allow(missing_docs, unsafe_code, clippy::all, reason = "generated")]
mod generated {
    wit_bindgen::generate!({
        path: ["wit/http", "wit/guest"],
        world: "httplib:rust/linked",
        with: {
            "wasi:io/error@0.2.6": httplib_linked::linked::wasi::io::error,
            "wasi:io/poll@0.2.6": httplib_linked::linked::wasi::io::poll,
            "wasi:io/streams@0.2.6": httplib_linked::linked::wasi::io::streams,
            "wasi:cli/stdin@0.2.6": generate,
            "wasi:cli/stdout@0.2.6": generate,
        },
    });
}

/// WASI as the linked client has it, and standard input and output.
#[cfg(feature = "linked")]
pub mod wasi {
    pub use super::generated::wasi::cli;
    pub use httplib_linked::linked::wasi::{filesystem, io};
}

/// `http-connection.request`: where it is linked in, it takes the body, which is not copied then.
pub fn request(
    connection: &client::HttpConnection,
    method: &str,
    target: &str,
    body: Option<client::Body<'_>>,
    headers: &[(String, String)],
) -> Result<(), client::Error> {
    #[cfg(not(feature = "linked"))]
    let body = body.as_ref();
    connection.request(method, target, body, headers)
}

/// `http-connection.send`: the same.
pub fn send(
    connection: &client::HttpConnection,
    data: client::Body<'_>,
) -> Result<(), client::Error> {
    #[cfg(not(feature = "linked"))]
    let data = &data;
    connection.send(data)
}

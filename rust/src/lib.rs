//! An HTTP/1.1 client with its own TLS for WebAssembly components: Python's `httplib` (today `http.client`), as Rust
//! has it.
//!
//! ```no_run
//! # fn main() -> httplib::Result<()> {
//! let mut response = httplib::get("https://www.python.org/").send()?;
//! println!("{} {}", response.status(), response.reason());
//! println!("{}", response.text()?);
//! # Ok(())
//! # }
//! ```
//!
//! A [`Connection`] is for more than one request to a server, a [`TlsContext`] says whom to trust.
//!
//! # Imported or linked
//!
//! By default the program imports the interface `httplib:http/client`, and is composed with the component that
//! implements it: `wac plug program.wasm --plug httplib.wasm -o composed.wasm`. Many programs can then share one
//! component, which is updated without them.
//!
//! With the feature `linked` the client is compiled into the program: there is nothing to compose, bodies are not copied
//! from one memory into the other, and what is not used is left out. Everything else is the same.
//!
//! # Features
//!
//! - `linked`: as above.
//! - `http`: requests and responses of the crate `http`.
//! - `json`: bodies from and to what serde knows.
//! - `async`: the same client over WASI 0.3, with futures: the module `asynchronous`.

#[cfg(feature = "async")]
pub mod asynchronous;
mod bindings;
mod body;
mod builder;
mod connection;
mod error;
mod files;
#[cfg(feature = "http")]
mod http_types;
mod request;
mod response;
mod sending;
mod tls;
mod upgraded;
mod url;
pub mod wasi;

pub use body::Body;
pub use builder::ConnectionBuilder;
pub use connection::Connection;
pub use error::{
    ConnectionAttempt, ConnectionState, Error, FileError, FileErrorCode, HttpException,
    ImproperConnectionState, IncompleteRead, Phase, Result, SocketError, SocketErrorCode, TlsError,
    TunnelRefusal,
};
#[cfg(feature = "http")]
pub use http_types::send;
pub use request::RequestBuilder;
pub use response::{HttpMessage, InterimResponse, Response, Version};
pub use tls::{PemSource, TlsContext, TlsSession, TlsVersion, VerifyMode};
pub use upgraded::Upgraded;

/// Header or trailer fields in their order: name and value. A character stands for the byte of the same number
/// (Latin-1).
pub type Fields = Vec<(String, String)>;

/// A GET request for this URL, on a connection of its own. See [`ConnectionBuilder::request`].
pub fn get(url: &str) -> RequestBuilder<'_> {
    request("GET", url)
}

/// A POST request for this URL, on a connection of its own. See [`ConnectionBuilder::request`].
pub fn post(url: &str) -> RequestBuilder<'_> {
    request("POST", url)
}

/// A request for this URL, on a connection of its own. See [`ConnectionBuilder::request`].
pub fn request<'a>(method: &'a str, url: &'a str) -> RequestBuilder<'a> {
    Connection::builder().request(method, url)
}

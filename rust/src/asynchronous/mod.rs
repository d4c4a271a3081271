//! The same client over WASI 0.3, where calls are futures: any number of exchanges can be under way at once, and one
//! that is dropped is cancelled.
//!
//! The program imports `httplib:http/client@0.3.0`, which `httplib-p3.wasm` implements, whether or not the feature
//! `linked` is set. There is no runtime here: WASI's own polls the futures.
//!
//! ```no_run
//! use futures::future::join;
//! use httplib::asynchronous::get;
//!
//! # async fn fetch() -> httplib::Result<()> {
//! let (one, other) = join(get("https://www.python.org/").send(), get("https://pypi.org/").send()).await;
//! println!("{} {}", one?.status(), other?.text().await?.len());
//! # Ok(())
//! # }
//! ```

mod bindings;
mod body;
mod connection;
mod errors;
mod request;
mod response;
mod tls;
mod upgraded;

pub use body::Body;
pub use connection::{Connection, ConnectionBuilder};
pub use request::RequestBuilder;
pub use response::Response;
pub use tls::TlsContext;
pub use upgraded::Upgraded;

/// A GET request for this URL, on a connection of its own.
pub fn get(url: &str) -> RequestBuilder<'_> {
    request("GET", url)
}

/// A POST request for this URL, on a connection of its own.
pub fn post(url: &str) -> RequestBuilder<'_> {
    request("POST", url)
}

/// A request for this URL, on a connection of its own, which closes with the response. No redirect is followed.
pub fn request<'a>(method: &'a str, url: &'a str) -> RequestBuilder<'a> {
    Connection::builder().request(method, url)
}

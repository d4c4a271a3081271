//! Over WASI 0.2: calls block.

mod body;
mod connection;
mod response;
mod tls;
mod upgrade;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Component, convert, message, tls::TlsContext, wit};

#[cfg(not(feature = "component"))]
pub use self::{
    connection::{HttpConnection, request},
    response::HttpResponse,
    tls::config,
    upgrade::UpgradedStream,
};

impl wit::Guest for Component {
    type HttpConnection = connection::HttpConnection;
    type HttpMessage = message::HttpMessage;
    type HttpResponse = response::HttpResponse;
    type TlsContext = TlsContext;
    type UpgradedStream = upgrade::UpgradedStream;

    fn request(
        method: String,
        url: String,
        body: Option<wit::Body<'_>>,
        headers: Vec<(String, String)>,
        options: Option<wit::ConnectionOptions>,
        tls: Option<wit::TlsOptions<'_>>,
    ) -> Result<wit::HttpResponse, wit::Error> {
        let tls = || tls::config_of(tls);
        let response = connection::request(&method, &url, body, &headers, options, tls);
        response.map(wit::HttpResponse::new)
    }

    fn describe(error: wit::Error) -> String {
        convert::error_from_wit(error).to_string()
    }
}

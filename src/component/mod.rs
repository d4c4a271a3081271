//! `wit/` to [`client`](crate::client) and back. Nothing is decided here, and only here is waited.

mod body;
mod connection;
mod convert;
mod message;
mod options;
mod response;
mod status;
mod timer;
mod tls;
mod upgrade;
mod waiting;

use alloc::string::String;
use alloc::string::ToString;
use alloc::vec::Vec;

use crate::bindings::exports::httplib::http::client as wit;

/// What implements the exported interfaces.
struct Component;

impl wit::Guest for Component {
    type HttpConnection = connection::HttpConnection;
    type HttpMessage = message::HttpMessage;
    type HttpResponse = response::HttpResponse;
    type TlsContext = tls::TlsContext;
    type UpgradedStream = upgrade::UpgradedStream;

    fn request(
        method: String,
        url: String,
        body: Option<wit::Body<'_>>,
        headers: Vec<(String, String)>,
        options: Option<wit::ConnectionOptions>,
        tls: Option<wit::TlsOptions<'_>>,
    ) -> Result<wit::HttpResponse, wit::Error> {
        connection::request(&method, &url, body, &headers, options, tls)
    }

    fn describe(error: wit::Error) -> String {
        convert::error_from_wit(error).to_string()
    }
}

#[allow(unsafe_code, reason = "the exported functions are generated")]
mod exports {
    crate::bindings::export!(Component with_types_in crate::bindings);

    use super::Component;
}

//! `wit/` to [`client`](crate::client) and back. Nothing is decided here.

mod body;
mod connection;
mod convert;
mod files;
mod message;
mod response;
mod status;
mod tls;

use crate::bindings::exports::httplib::http::client as wit;

/// What implements the exported interfaces.
struct Component;

impl wit::Guest for Component {
    type HttpConnection = connection::HttpConnection;
    type HttpMessage = message::HttpMessage;
    type HttpResponse = response::HttpResponse;
    type TlsContext = tls::TlsContext;

    fn describe(error: wit::Error) -> String {
        convert::error_from_wit(error).to_string()
    }
}

#[allow(unsafe_code, reason = "the exported functions are generated")]
mod exports {
    crate::bindings::export!(Component with_types_in crate::bindings);

    use super::Component;
}

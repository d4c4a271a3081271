//! The interface over WASI 0.3. Its records and variants are those of the other one, but for `error` and `body`.

#[allow(missing_docs, unsafe_code, clippy::all, reason = "generated")]
mod generated {
    wit_bindgen::generate!({
        path: ["wit/p3", "wit/guest-p3"],
        world: "httplib:rust-async/imported",
        generate_all,
        with: {
            "httplib:http/client@0.3.0/connection-attempt": crate::bindings::client::ConnectionAttempt,
            "httplib:http/client@0.3.0/connection-options": crate::bindings::client::ConnectionOptions,
            "httplib:http/client@0.3.0/connection-state": crate::bindings::client::ConnectionState,
            "httplib:http/client@0.3.0/file-error": crate::bindings::client::FileError,
            "httplib:http/client@0.3.0/file-error-code": crate::bindings::client::FileErrorCode,
            "httplib:http/client@0.3.0/http-exception": crate::bindings::client::HttpException,
            "httplib:http/client@0.3.0/improper-connection-state": crate::bindings::client::ImproperConnectionState,
            "httplib:http/client@0.3.0/incomplete-read": crate::bindings::client::IncompleteRead,
            "httplib:http/client@0.3.0/interim-response": crate::bindings::client::InterimResponse,
            "httplib:http/client@0.3.0/pem-source": crate::bindings::client::PemSource,
            "httplib:http/client@0.3.0/phase": crate::bindings::client::Phase,
            "httplib:http/client@0.3.0/socket-error": crate::bindings::client::SocketError,
            "httplib:http/client@0.3.0/socket-error-code": crate::bindings::client::SocketErrorCode,
            "httplib:http/client@0.3.0/tls-error": crate::bindings::client::TlsError,
            "httplib:http/client@0.3.0/tls-session": crate::bindings::client::TlsSession,
            "httplib:http/client@0.3.0/tls-version": crate::bindings::client::TlsVersion,
            "httplib:http/client@0.3.0/tunnel-refusal": crate::bindings::client::TunnelRefusal,
            "httplib:http/client@0.3.0/verify-mode": crate::bindings::client::VerifyMode,
        },
    });
}

pub use generated::{httplib::http::client, wit_future, wit_stream};

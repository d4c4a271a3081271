//! `wit/client.wit` for a program that has this crate linked in.
//!
//! The same calls, resources and types as wit-bindgen makes of the interface where it is imported, but that bodies are
//! taken, so as not to be copied: a program that is written for the one can have the other. What each call does, its
//! errors too, the WIT says. Resources are on the heap, so that they are small to move about.

use alloc::borrow::ToOwned;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::bindings::exports::httplib::http::client as wit;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::OutputStream;
use crate::client::Scheme;
use crate::component::{self, convert};
use wit::{Guest, GuestHttpConnection, GuestHttpMessage, GuestHttpResponse};
use wit::{GuestTlsContext, GuestUpgradedStream};

pub use crate::bindings::wasi;
pub use wit::{
    Body, ConnectionAttempt, ConnectionOptions, ConnectionState, Error, Fields, FileError,
    FileErrorCode, HttpException, ImproperConnectionState, IncompleteRead, InterimResponse,
    PemSource, Phase, SocketError, SocketErrorCode, TlsError, TlsSession, TlsVersion,
    TunnelRefusal, VerifyMode,
};

/// `http-connection`.
pub struct HttpConnection(Box<component::HttpConnection>);

/// `http-response`.
pub struct HttpResponse(Box<component::HttpResponse>);

/// `http-message`.
pub struct HttpMessage(Box<component::HttpMessage>);

/// `upgraded-stream`.
pub struct UpgradedStream(Box<component::UpgradedStream>);

/// `tls-context`.
pub struct TlsContext(Box<component::TlsContext>);

/// `tls-options`.
#[derive(Clone, Default)]
pub struct TlsOptions<'a> {
    /// What to trust and how to check it.
    pub context: Option<&'a TlsContext>,
    /// The path of the private key.
    pub key_file: Option<String>,
    /// The path of the certificate and its chain.
    pub cert_file: Option<String>,
}

/// `request`.
///
/// # Errors
/// As the WIT says.
pub fn request(
    method: &str,
    url: &str,
    body: Option<Body<'_>>,
    headers: &[(String, String)],
    options: Option<&ConnectionOptions>,
    tls: Option<&TlsOptions<'_>>,
) -> Result<HttpResponse, Error> {
    let tls = || config(tls);
    component::request(method, url, body, headers, options.cloned(), tls).map(HttpResponse::boxed)
}

/// `describe`.
#[must_use]
pub fn describe(error: &Error) -> String {
    component::Component::describe(error.clone())
}

fn config(
    tls: Option<&TlsOptions<'_>>,
) -> Result<crate::transport::tls::Config, crate::client::Error> {
    let TlsOptions {
        context,
        key_file,
        cert_file,
    } = tls.cloned().unwrap_or_default();
    component::config(context.map(|context| &*context.0), key_file, cert_file)
}

/// Calls that are those of the component, but for what is lent to them.
macro_rules! calls {
    ($resource:ident: $guest:ident, $(
        $call:ident($($given:ident: $type:ty),*) $(-> $result:ty)?;
    )*) => {
        impl $resource {
            fn boxed(resource: component::$resource) -> Self {
                Self(Box::new(resource))
            }
            $(
            #[doc = concat!("`", stringify!($call), "`, as in the WIT.")]
            #[allow(clippy::missing_errors_doc, clippy::useless_conversion, reason = "the WIT has them")]
            pub fn $call(&self, $($given: $type),*) $(-> $result)? {
                $guest::$call(&*self.0, $($given.into()),*)
            }
        )*}
    };
}

calls! { HttpConnection: GuestHttpConnection,
    request(method: &str, url: &str, body: Option<Body<'_>>, headers: &[(String, String)]) -> Result<(), Error>;
    set_debuglevel(level: u32);
    set_tunnel(host: &str, port: Option<u16>, headers: &[(String, String)]) -> Result<(), Error>;
    proxy_from_environment() -> Option<String>;
    get_proxy_response_headers() -> Option<Fields>;
    connect() -> Result<(), Error>;
    close();
    put_request(method: &str, selector: &str, skip_host: bool, skip_accept_encoding: bool) -> Result<(), Error>;
    put_header(name: &str, values: &[String]) -> Result<(), Error>;
    end_headers(message_body: Option<Body<'_>>) -> Result<(), Error>;
    send(data: Body<'_>) -> Result<(), Error>;
    set_deadline(total: Option<u64>);
    set_continue_timeout(timeout: u64);
    set_trailers(trailers: &[(String, String)]) -> Result<(), Error>;
    set_encode_chunked(encode_chunked: bool);
    tls_session() -> Option<TlsSession>;
    subscribe() -> Vec<Pollable>;
}

impl HttpConnection {
    /// `http`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn http(
        host: &str,
        port: Option<u16>,
        options: Option<&ConnectionOptions>,
    ) -> Result<Self, Error> {
        component::HttpConnection::new(Scheme::Http, host, port, options.cloned()).map(Self::boxed)
    }

    /// `https`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn https(
        host: &str,
        port: Option<u16>,
        options: Option<&ConnectionOptions>,
        tls: Option<&TlsOptions<'_>>,
    ) -> Result<Self, Error> {
        let scheme = Scheme::Https(config(tls).map_err(convert::error)?);
        component::HttpConnection::new(scheme, host, port, options.cloned()).map(Self::boxed)
    }

    /// `get-response`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn get_response(&self) -> Result<HttpResponse, Error> {
        self.0.response().map(HttpResponse::boxed)
    }

    /// `set-proxy`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn set_proxy(&self, url: Option<&str>, context: Option<&TlsContext>) -> Result<(), Error> {
        let context = context.map(|context| &*context.0);
        self.0.change_proxy(url, context)
    }
}

calls! { HttpResponse: GuestHttpResponse,
    status() -> u16;
    reason() -> String;
    version() -> u16;
    get_headers() -> Fields;
    read(amt: Option<u64>) -> Result<Vec<u8>, Error>;
    splice(output: &OutputStream, amt: Option<u64>) -> Result<u64, Error>;
    discard(amt: Option<u64>) -> Result<u64, Error>;
    interim_responses() -> Vec<InterimResponse>;
    trailers() -> Option<Fields>;
    read1(n: Option<u64>) -> Result<Vec<u8>, Error>;
    peek(n: u64) -> Result<Vec<u8>, Error>;
    readline(limit: Option<u64>) -> Result<Vec<u8>, Error>;
    fileno() -> Option<u32>;
    is_closed() -> bool;
    close();
    will_close() -> bool;
    length() -> Option<u64>;
    subscribe() -> Vec<Pollable>;
}

impl HttpResponse {
    /// `get-header`.
    #[must_use]
    pub fn get_header(&self, name: &str, default: Option<&str>) -> Option<String> {
        self.0
            .get_header(name.to_owned(), default.map(str::to_owned))
    }

    /// `msg`.
    #[must_use]
    pub fn msg(&self) -> HttpMessage {
        HttpMessage::boxed(self.0.message())
    }

    /// `upgrade`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn upgrade(&self) -> Result<UpgradedStream, Error> {
        self.0.upgraded().map(UpgradedStream::boxed)
    }
}

calls! { HttpMessage: GuestHttpMessage,
    get(name: &str) -> Option<String>;
    get_all(name: &str) -> Vec<String>;
    names() -> Vec<String>;
    items() -> Fields;
    contains(name: &str) -> bool;
    headers() -> Vec<Vec<u8>>;
    get_content_type() -> String;
    get_content_maintype() -> String;
    get_content_subtype() -> String;
    get_params() -> Vec<(String, String)>;
    get_param(name: &str) -> Option<String>;
    get_content_charset() -> Option<String>;
    get_encoding() -> String;
    get_content_encoding() -> Vec<String>;
}

calls! { UpgradedStream: GuestUpgradedStream,
    read(amt: u64) -> Result<Vec<u8>, Error>;
    write(data: &[u8]) -> Result<u64, Error>;
    flush() -> Result<(), Error>;
    shutdown() -> Result<(), Error>;
    subscribe() -> Vec<Pollable>;
    subscribe_write() -> Vec<Pollable>;
}

calls! { TlsContext: GuestTlsContext,
    set_check_hostname(check: bool);
    set_verify_mode(mode: VerifyMode) -> Result<(), Error>;
    set_minimum_version(version: TlsVersion);
    load_default_certs() -> Result<(), Error>;
    add_pin(sha256: &[u8]) -> Result<(), Error>;
    set_cipher_suites(names: &[String]) -> Result<(), Error>;
    set_alpn_protocols(protocols: &[String]) -> Result<(), Error>;
}

impl TlsContext {
    /// `create-bare`.
    #[must_use]
    pub fn create_bare() -> Self {
        Self::boxed(component::TlsContext::new(component::TlsContext::bare()))
    }

    /// `create-default`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn create_default() -> Result<Self, Error> {
        let context = Self::create_bare();
        context.load_default_certs().map(|()| context)
    }

    /// `create-unverified`.
    #[must_use]
    pub fn create_unverified() -> Self {
        Self::boxed(component::TlsContext::new(
            component::TlsContext::unverified(),
        ))
    }

    /// `load-verify-locations`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn load_verify_locations(&self, ca: &PemSource) -> Result<(), Error> {
        self.0.load_verify_locations(ca.clone())
    }

    /// `load-crls`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn load_crls(&self, crls: &PemSource) -> Result<(), Error> {
        self.0.load_crls(crls.clone())
    }

    /// `load-cert-chain`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn load_cert_chain(
        &self,
        certificate_chain: &PemSource,
        private_key: Option<&PemSource>,
    ) -> Result<(), Error> {
        let key = private_key.cloned();
        self.0.load_cert_chain(certificate_chain.clone(), key)
    }

    /// `set-key-log`.
    ///
    /// # Errors
    /// As the WIT says.
    pub fn set_key_log(&self, path: Option<&str>) -> Result<(), Error> {
        self.0.set_key_log(path.map(str::to_owned))
    }
}

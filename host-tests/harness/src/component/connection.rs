//! `http-connection`.

use super::call::{export, export_of_p2};
use super::{
    Body, ConnectionOptions, Guest, Handle, Pollables, Response, Result, TlsContext, TlsSession,
    is_asynchronous,
};
use crate::bindings::client;

/// `http-connection`: its methods, by the names that Rust gives them.
pub struct Connection(Handle);

/// `tls-options`, with the context by reference.
#[derive(Clone, Copy, Default)]
#[allow(missing_docs, reason = "the fields of the WIT record")]
pub struct TlsOptions<'a> {
    pub context: Option<&'a TlsContext>,
    pub key_file: Option<&'a str>,
    pub cert_file: Option<&'a str>,
}

impl<'a> TlsOptions<'a> {
    /// This context and no files.
    #[must_use]
    pub fn with(context: &'a TlsContext) -> Self {
        Self {
            context: Some(context),
            ..Self::default()
        }
    }

    fn to_wit(self) -> client::TlsOptions {
        client::TlsOptions {
            context: self.context.map(TlsContext::resource),
            key_file: self.key_file.map(str::to_owned),
            cert_file: self.cert_file.map(str::to_owned),
        }
    }
}

/// No options; the generated record has no default of its own.
impl Default for ConnectionOptions {
    fn default() -> Self {
        Self {
            strict: None,
            timeout: None,
            source_address: None,
            blocksize: None,
            max_response_headers: None,
        }
    }
}

/// Headers as the component takes them.
fn owned(headers: &[(&str, &str)]) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Calls a method of `http-connection`, which is named for the record as well.
macro_rules! call {
    ($self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        call!(export, $self, $name, $function $(, $argument)*)
    };
    ($export:ident, $self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        $export!(
            $self.0.guest,
            concat!("[method]http-connection.", $name),
            httplib_http_client.http_connection,
            $function,
            $self.0.resource $(, $argument)*
        )
    };
}

impl Guest {
    /// `http-connection.http`.
    pub fn http(
        &self,
        host: &str,
        port: impl Into<Option<u16>>,
        options: Option<&ConnectionOptions>,
    ) -> Result<Connection> {
        let port = port.into();
        let resource = export!(
            self,
            "[static]http-connection.http",
            httplib_http_client.http_connection,
            call_http,
            host,
            port,
            options
        )?;
        Ok(Connection(Handle::new(self, resource)))
    }

    /// `http-connection.https`.
    pub fn https(
        &self,
        host: &str,
        port: impl Into<Option<u16>>,
        options: Option<&ConnectionOptions>,
        tls: Option<TlsOptions<'_>>,
    ) -> Result<Connection> {
        let port = port.into();
        let tls = tls.map(TlsOptions::to_wit);
        let resource = export!(
            self,
            "[static]http-connection.https",
            httplib_http_client.http_connection,
            call_https,
            host,
            port,
            options,
            tls.as_ref()
        )?;
        Ok(Connection(Handle::new(self, resource)))
    }

    /// `request`, the function that is no method.
    pub fn request(
        &self,
        method: &str,
        url: &str,
        body: Option<Body>,
        headers: &[(&str, &str)],
        options: Option<&ConnectionOptions>,
        tls: Option<TlsOptions<'_>>,
    ) -> Result<Response> {
        let tls = tls.map(TlsOptions::to_wit);
        let resource = export!(
            self,
            "request",
            httplib_http_client,
            call_request,
            method,
            url,
            body.as_ref(),
            &owned(headers),
            options,
            tls.as_ref()
        )?;
        Ok(Response(Handle::new(self, resource)))
    }
}

impl Connection {
    /// `request` without body and headers, then `get-response`.
    pub fn fetch(&self, method: &str, url: &str) -> Result<Response> {
        self.request(method, url, None, &[])?;
        self.get_response()
    }

    /// `request`.
    pub fn request(
        &self,
        method: &str,
        url: &str,
        body: Option<Body>,
        headers: &[(&str, &str)],
    ) -> Result<()> {
        call!(
            self,
            "request",
            call_request,
            method,
            url,
            body.as_ref(),
            &owned(headers)
        )
    }

    /// `get-response`.
    pub fn get_response(&self) -> Result<Response> {
        let resource = call!(self, "get-response", call_get_response)?;
        Ok(Response(Handle::new(&self.0.guest, resource)))
    }

    /// `set-debuglevel`.
    pub fn set_debuglevel(&self, level: u32) {
        call!(self, "set-debuglevel", call_set_debuglevel, level);
    }

    /// `set-tunnel`.
    pub fn set_tunnel(
        &self,
        host: &str,
        port: impl Into<Option<u16>>,
        headers: &[(&str, &str)],
    ) -> Result<()> {
        let port = port.into();
        call!(
            self,
            "set-tunnel",
            call_set_tunnel,
            host,
            port,
            &owned(headers)
        )
    }

    /// `set-proxy` without a context.
    pub fn set_proxy(&self, url: Option<&str>) -> Result<()> {
        self.set_proxy_with(url, None)
    }

    /// `set-proxy`.
    pub fn set_proxy_with(&self, url: Option<&str>, context: Option<&TlsContext>) -> Result<()> {
        let context = context.map(TlsContext::resource);
        call!(self, "set-proxy", call_set_proxy, url, context)
    }

    /// `proxy-from-environment`.
    #[must_use]
    pub fn proxy_from_environment(&self) -> Option<String> {
        call!(self, "proxy-from-environment", call_proxy_from_environment)
    }

    /// `set-deadline`.
    pub fn set_deadline(&self, total: Option<u64>) {
        call!(self, "set-deadline", call_set_deadline, total);
    }

    /// `set-continue-timeout`.
    pub fn set_continue_timeout(&self, timeout: u64) {
        call!(
            self,
            "set-continue-timeout",
            call_set_continue_timeout,
            timeout
        );
    }

    /// `set-trailers`.
    pub fn set_trailers(&self, trailers: &[(&str, &str)]) -> Result<()> {
        call!(self, "set-trailers", call_set_trailers, &owned(trailers))
    }

    /// `get-proxy-response-headers`.
    #[must_use]
    pub fn get_proxy_response_headers(&self) -> Option<Vec<(String, String)>> {
        call!(
            self,
            "get-proxy-response-headers",
            call_get_proxy_response_headers
        )
    }

    /// `connect`.
    pub fn connect(&self) -> Result<()> {
        call!(self, "connect", call_connect)
    }

    /// `close`.
    pub fn close(&self) {
        call!(self, "close", call_close);
    }

    /// `put-request`, with the automatic headers.
    pub fn put_request(&self, method: &str, selector: &str) -> Result<()> {
        self.put_request_with(method, selector, Skip::default())
    }

    /// `put-request`.
    pub fn put_request_with(&self, method: &str, selector: &str, skip: Skip) -> Result<()> {
        let Skip {
            host,
            accept_encoding,
        } = skip;
        call!(
            self,
            "put-request",
            call_put_request,
            method,
            selector,
            host,
            accept_encoding
        )
    }

    /// `put-header`.
    pub fn put_header(&self, name: &str, values: &[&str]) -> Result<()> {
        let values: Vec<String> = values.iter().map(ToString::to_string).collect();
        call!(self, "put-header", call_put_header, name, &values)
    }

    /// `end-headers`.
    pub fn end_headers(&self, message_body: Option<Body>) -> Result<()> {
        call!(self, "end-headers", call_end_headers, message_body.as_ref())
    }

    /// `send`.
    pub fn send(&self, data: Body) -> Result<()> {
        call!(self, "send", call_send, &data)
    }

    /// `set-encode-chunked`.
    pub fn set_encode_chunked(&self, encode_chunked: bool) {
        call!(
            self,
            "set-encode-chunked",
            call_set_encode_chunked,
            encode_chunked
        );
    }

    /// `tls-session`.
    #[must_use]
    pub fn tls_session(&self) -> Option<TlsSession> {
        call!(self, "tls-session", call_tls_session)
    }

    /// Waits until what the peer has done to an idle connection can be seen. Over WASI 0.3 nothing tells
    /// when that is: the host notices it a moment after it is here.
    pub fn see(&self) {
        match is_asynchronous() {
            true => std::thread::sleep(std::time::Duration::from_millis(50)),
            false => self.subscribe().block(),
        }
    }

    /// `subscribe`.
    #[must_use]
    pub fn subscribe(&self) -> Pollables {
        let resources = call!(export_of_p2, self, "subscribe", call_subscribe);
        Pollables::new(&self.0.guest, resources)
    }
}

/// Which automatic headers `put-request` leaves out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Skip {
    /// `skip-host`.
    pub host: bool,
    /// `skip-accept-encoding`.
    pub accept_encoding: bool,
}

//! `http-response`.

use wasmtime_wasi::p2::OutputStream;

use super::call::{export, export_of_p2};
use super::p3::{self, Upgraded};
use super::upgrade::Either;
use super::{Exports, Handle, InterimResponse, Message, Pollables, Result, UpgradedStream};

/// `http-response`: its methods, by the names that Rust gives them.
pub struct Response(pub(super) Handle);

/// Calls a method of `http-response`, which is named for the record as well.
macro_rules! call {
    ($self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        call!(export, $self, $name, $function $(, $argument)*)
    };
    ($export:ident, $self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        $export!(
            $self.0.guest,
            concat!("[method]http-response.", $name),
            httplib_http_client.http_response,
            $function,
            $self.0.resource $(, $argument)*
        )
    };
}

impl Response {
    /// `status`.
    #[must_use]
    pub fn status(&self) -> u16 {
        call!(self, "status", call_status)
    }

    /// `reason`.
    #[must_use]
    pub fn reason(&self) -> String {
        call!(self, "reason", call_reason)
    }

    /// `version`.
    #[must_use]
    pub fn version(&self) -> u16 {
        call!(self, "version", call_version)
    }

    /// `msg`.
    #[must_use]
    pub fn msg(&self) -> Message {
        let resource = call!(self, "msg", call_msg);
        Message(Handle::new(&self.0.guest, resource))
    }

    /// `get-header`.
    #[must_use]
    pub fn get_header(&self, name: &str, default: Option<&str>) -> Option<String> {
        call!(self, "get-header", call_get_header, name, default)
    }

    /// `get-headers`.
    #[must_use]
    pub fn get_headers(&self) -> Vec<(String, String)> {
        call!(self, "get-headers", call_get_headers)
    }

    /// `read`.
    pub fn read(&self, amt: Option<u64>) -> Result<Vec<u8>> {
        call!(self, "read", call_read, amt)
    }

    /// `read1`.
    pub fn read1(&self, n: Option<u64>) -> Result<Vec<u8>> {
        call!(self, "read1", call_read1, n)
    }

    /// `peek`.
    pub fn peek(&self, n: u64) -> Result<Vec<u8>> {
        call!(self, "peek", call_peek, n)
    }

    /// `readline`.
    pub fn readline(&self, limit: Option<u64>) -> Result<Vec<u8>> {
        call!(self, "readline", call_readline, limit)
    }

    /// `fileno`.
    #[must_use]
    pub fn fileno(&self) -> Option<u32> {
        call!(self, "fileno", call_fileno)
    }

    /// `is-closed`.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        call!(self, "is-closed", call_is_closed)
    }

    /// `close`.
    pub fn close(&self) {
        call!(self, "close", call_close);
    }

    /// `will-close`.
    #[must_use]
    pub fn will_close(&self) -> bool {
        call!(self, "will-close", call_will_close)
    }

    /// `length`.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        call!(self, "length", call_length)
    }

    /// `subscribe`.
    #[must_use]
    pub fn subscribe(&self) -> Pollables {
        let resources = call!(export_of_p2, self, "subscribe", call_subscribe);
        Pollables::new(&self.0.guest, resources)
    }

    /// `splice` into memory: how many bytes, and which.
    pub fn splice(&self, amt: Option<u64>) -> (Result<u64>, Vec<u8>) {
        let (output, written) = self.0.guest.output();
        let spliced = call!(export_of_p2, self, "splice", call_splice, output, amt);
        (spliced, written.contents().to_vec())
    }

    /// `splice` into a stream of the host's making.
    pub fn splice_into(
        &self,
        output: impl OutputStream + 'static,
        amt: Option<u64>,
    ) -> Result<u64> {
        let output = self.0.guest.output_of(output);
        call!(export_of_p2, self, "splice", call_splice, output, amt)
    }

    /// `discard`.
    pub fn discard(&self, amt: Option<u64>) -> Result<u64> {
        call!(self, "discard", call_discard, amt)
    }

    /// `interim-responses`.
    #[must_use]
    pub fn interim_responses(&self) -> Vec<InterimResponse> {
        call!(self, "interim-responses", call_interim_responses)
    }

    /// `trailers`.
    #[must_use]
    pub fn trailers(&self) -> Option<Vec<(String, String)>> {
        call!(self, "trailers", call_trailers)
    }

    /// `upgrade`.
    pub fn upgrade(&self) -> Result<UpgradedStream> {
        let Handle {
            guest, resource, ..
        } = &self.0;
        let name = "[method]http-response.upgrade";
        guest.call(name, |exports, store| match exports {
            Exports::P2(exports) => {
                let interface = exports.httplib_http_client().http_response();
                let upgraded = interface.call_upgrade(store, *resource)?;
                Ok(upgraded.map(|it| UpgradedStream(Either::P2(Handle::new(guest, it)))))
            }
            Exports::P3(exports) => p3::run(store, async |store| {
                let upgraded = Upgraded::new(guest, exports, *resource, store).await?;
                Ok(upgraded.map(|it| UpgradedStream(Either::P3(it))))
            }),
        })
    }
}

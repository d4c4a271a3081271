//! The interface `status`.

use super::Guest;
use super::call::export;

/// Calls a function of `status`, which is named for the record as well.
macro_rules! call {
    ($self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        export!($self, $name, httplib_http_status, $function $(, $argument)*)
    };
}

impl Guest {
    /// `http-port`.
    #[must_use]
    pub fn http_port(&self) -> u16 {
        call!(self, "http-port", call_http_port)
    }

    /// `https-port`.
    #[must_use]
    pub fn https_port(&self) -> u16 {
        call!(self, "https-port", call_https_port)
    }

    /// `reason-phrase`.
    #[must_use]
    pub fn reason_phrase(&self, code: u16) -> Option<String> {
        call!(self, "reason-phrase", call_reason_phrase, code)
    }

    /// `responses`.
    #[must_use]
    pub fn responses(&self) -> Vec<(u16, String)> {
        call!(self, "responses", call_responses)
    }

    /// `constant`.
    #[must_use]
    pub fn constant(&self, name: &str) -> Option<u16> {
        call!(self, "constant", call_constant, name)
    }
}

//! `http-message`.

use super::Handle;
use super::call::export;

/// `http-message`: its methods, by the names that Rust gives them.
pub struct Message(pub(super) Handle);

/// Calls a method of `http-message`, which is named for the record as well.
macro_rules! call {
    ($self:ident, $name:literal, $function:ident $(, $argument:expr)*) => {
        export!(
            $self.0.guest,
            concat!("[method]http-message.", $name),
            httplib_http_client.http_message,
            $function,
            $self.0.resource $(, $argument)*
        )
    };
}

impl Message {
    /// `get`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<String> {
        call!(self, "get", call_get, name)
    }

    /// `get-all`.
    #[must_use]
    pub fn get_all(&self, name: &str) -> Vec<String> {
        call!(self, "get-all", call_get_all, name)
    }

    /// `names`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        call!(self, "names", call_names)
    }

    /// `items`.
    #[must_use]
    pub fn items(&self) -> Vec<(String, String)> {
        call!(self, "items", call_items)
    }

    /// `contains`.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        call!(self, "contains", call_contains, name)
    }

    /// `headers`.
    #[must_use]
    pub fn headers(&self) -> Vec<Vec<u8>> {
        call!(self, "headers", call_headers)
    }

    /// `get-content-type`.
    #[must_use]
    pub fn get_content_type(&self) -> String {
        call!(self, "get-content-type", call_get_content_type)
    }

    /// `get-content-maintype`.
    #[must_use]
    pub fn get_content_maintype(&self) -> String {
        call!(self, "get-content-maintype", call_get_content_maintype)
    }

    /// `get-content-subtype`.
    #[must_use]
    pub fn get_content_subtype(&self) -> String {
        call!(self, "get-content-subtype", call_get_content_subtype)
    }

    /// `get-params`.
    #[must_use]
    pub fn get_params(&self) -> Vec<(String, String)> {
        call!(self, "get-params", call_get_params)
    }

    /// `get-param`.
    #[must_use]
    pub fn get_param(&self, name: &str) -> Option<String> {
        call!(self, "get-param", call_get_param, name)
    }

    /// `get-content-charset`.
    #[must_use]
    pub fn get_content_charset(&self) -> Option<String> {
        call!(self, "get-content-charset", call_get_content_charset)
    }

    /// `get-encoding`.
    #[must_use]
    pub fn get_encoding(&self) -> String {
        call!(self, "get-encoding", call_get_encoding)
    }

    /// `get-content-encoding`.
    #[must_use]
    pub fn get_content_encoding(&self) -> Vec<String> {
        call!(self, "get-content-encoding", call_get_content_encoding)
    }
}

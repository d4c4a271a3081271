//! The `http-message` resource.

use alloc::string::String;
use alloc::vec::Vec;

use super::wit;
use crate::client::Message;

/// `http-message`.
pub struct HttpMessage(Message);

impl HttpMessage {
    pub(super) fn new(message: Message) -> Self {
        Self(message)
    }
}

impl wit::GuestHttpMessage for HttpMessage {
    fn get(&self, name: String) -> Option<String> {
        self.0.get(&name)
    }

    fn get_all(&self, name: String) -> Vec<String> {
        self.0.get_all(&name)
    }

    fn names(&self) -> Vec<String> {
        self.0.names()
    }

    fn items(&self) -> Vec<(String, String)> {
        self.0.items()
    }

    fn contains(&self, name: String) -> bool {
        self.0.contains(&name)
    }

    fn headers(&self) -> Vec<Vec<u8>> {
        self.0.raw_lines()
    }

    fn get_content_type(&self) -> String {
        self.0.content_type()
    }

    fn get_content_maintype(&self) -> String {
        self.0.content_maintype()
    }

    fn get_content_subtype(&self) -> String {
        self.0.content_subtype()
    }

    fn get_params(&self) -> Vec<(String, String)> {
        self.0.params()
    }

    fn get_param(&self, name: String) -> Option<String> {
        self.0.param(&name)
    }

    fn get_content_charset(&self) -> Option<String> {
        self.0.content_charset()
    }

    fn get_encoding(&self) -> String {
        self.0.encoding()
    }

    fn get_content_encoding(&self) -> Vec<String> {
        self.0.content_encoding()
    }
}

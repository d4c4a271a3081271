//! The `status` interface.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::Component;
use crate::bindings::exports::httplib::http::status::Guest;
use crate::http1;

impl Guest for Component {
    fn http_port() -> u16 {
        http1::HTTP_PORT
    }

    fn https_port() -> u16 {
        http1::HTTPS_PORT
    }

    fn reason_phrase(code: u16) -> Option<String> {
        http1::reason_phrase(code).map(str::to_owned)
    }

    fn responses() -> Vec<(u16, String)> {
        http1::STATUSES
            .iter()
            .map(|status| (status.code, status.phrase.to_owned()))
            .collect()
    }

    fn constant(name: String) -> Option<u16> {
        http1::constant(&name)
    }
}

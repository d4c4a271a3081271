//! Bytes of the wire as text: Python reads each as the character of the same number (Latin-1).

use alloc::string::String;
use alloc::vec::Vec;

use crate::http1::{Headers, latin1};

/// Header or trailer fields in their order: name and value (RFC 9110 §5).
pub type Fields = Vec<(String, String)>;

/// Names and values as text.
pub(super) fn text_pairs(headers: &Headers) -> Fields {
    headers
        .iter()
        .map(|(name, value)| (latin1(name), latin1(value)))
        .collect()
}

/// The header's values joined with `, `; none where there is no such header.
pub(super) fn joined(headers: &Headers, name: &str) -> Option<String> {
    let mut values = headers.all(name);
    let mut joined = latin1(values.next()?);
    for value in values {
        joined.push_str(", ");
        joined.push_str(&latin1(value));
    }
    Some(joined)
}

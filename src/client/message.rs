//! `HTTPMessage`: a response's headers with what `mimetools.Message` knew about them.

use alloc::borrow::ToOwned;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;

use super::text::{joined, text_pairs};
use crate::http1::{Headers, ResponseHead, is_token, latin1};

/// The headers of a response.
#[derive(Clone, Debug)]
pub struct Message {
    head: Rc<ResponseHead>,
}

impl Message {
    pub(super) fn new(head: Rc<ResponseHead>) -> Self {
        Self { head }
    }

    fn fields(&self) -> &Headers {
        &self.head.headers
    }

    /// The header's value, several joined with `, `.
    pub fn get(&self, name: &str) -> Option<String> {
        joined(self.fields(), name)
    }

    /// Each value of the header, in order.
    pub fn get_all(&self, name: &str) -> Vec<String> {
        self.fields().all(name).map(latin1).collect()
    }

    /// The name of each header line, in order.
    pub fn names(&self) -> Vec<String> {
        self.fields().iter().map(|(name, _)| latin1(name)).collect()
    }

    /// Name and value of each header line, in order.
    pub fn items(&self) -> Vec<(String, String)> {
        text_pairs(self.fields())
    }

    /// Whether there is such a header.
    pub fn contains(&self, name: &str) -> bool {
        self.fields().contains(name)
    }

    /// The header lines as received.
    pub fn raw_lines(&self) -> Vec<Vec<u8>> {
        self.fields().raw_lines().map(<[u8]>::to_vec).collect()
    }

    /// `gettype()`.
    pub fn content_type(&self) -> String {
        let (main, sub) = self.media_type();
        format!("{main}/{sub}")
    }

    /// `getmaintype()`.
    pub fn content_maintype(&self) -> String {
        self.media_type().0
    }

    /// `getsubtype()`.
    pub fn content_subtype(&self) -> String {
        self.media_type().1
    }

    /// `getplist()`: the parameters of `Content-Type`.
    pub fn params(&self) -> Vec<(String, String)> {
        let value = self.first("content-type").unwrap_or_default();
        split_parameters(&value)
            .skip(1)
            .filter_map(parse_parameter)
            .collect()
    }

    /// `getparam(name)`.
    pub fn param(&self, name: &str) -> Option<String> {
        self.params()
            .into_iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The `charset` parameter in lower case.
    pub fn content_charset(&self) -> Option<String> {
        self.param("charset")
            .map(|charset| charset.to_ascii_lowercase())
    }

    /// `getencoding()`: the `Content-Transfer-Encoding`.
    pub fn encoding(&self) -> String {
        self.first("content-transfer-encoding")
            .map_or_else(|| "7bit".into(), |value| value.trim().to_ascii_lowercase())
    }

    /// The codings of `Content-Encoding` in the order applied.
    pub fn content_encoding(&self) -> Vec<String> {
        self.fields()
            .elements("content-encoding")
            .map(|coding| latin1(coding).to_ascii_lowercase())
            .collect()
    }

    fn first(&self, name: &str) -> Option<String> {
        self.fields().get(name).map(latin1)
    }

    fn media_type(&self) -> (String, String) {
        let value = self.first("content-type").unwrap_or_default();
        let media_type = split_parameters(&value).next().unwrap_or_default();
        match media_type.trim().split_once('/') {
            Some((main, sub)) if is_token(main.as_bytes()) && is_token(sub.as_bytes()) => {
                (main.to_ascii_lowercase(), sub.to_ascii_lowercase())
            }
            _ => ("text".into(), "plain".into()),
        }
    }
}

/// Splits at semicolons outside quotes (RFC 9110 §5.6.6).
fn split_parameters(value: &str) -> impl Iterator<Item = &str> {
    let (mut quoted, mut escaped) = (false, false);
    value.split(move |c| {
        let separates = c == ';' && !quoted;
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        separates
    })
}

fn parse_parameter(text: &str) -> Option<(String, String)> {
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    if name.is_empty() {
        return None;
    }
    let value = match value.strip_prefix('"') {
        Some(quoted) => unquote(quoted),
        None => value.to_owned(),
    };
    Some((name.to_ascii_lowercase(), value))
}

fn unquote(quoted: &str) -> String {
    let mut value = String::with_capacity(quoted.len());
    let mut characters = quoted.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => break,
            '\\' => value.extend(characters.next()),
            c => value.push(c),
        }
    }
    value
}

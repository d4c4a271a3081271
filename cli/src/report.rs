//! What became of one transfer: all that `--write-out` can tell.

use crate::failure::Failure;
use crate::times::Times;

/// One transfer, as far as it came.
#[derive(Default)]
pub struct Report {
    /// The URL as given.
    pub url: String,
    /// The URL that was asked for.
    pub effective_url: String,
    /// Its number among the URLs, from 0.
    pub number: usize,
    /// `http` or `https`.
    pub scheme: &'static str,
    /// The method.
    pub method: String,
    /// `Referer`.
    pub referer: Option<String>,
    /// The status; 0 without a response.
    pub status: u16,
    /// `1.1`, `1.0`, `0.9`; `0` without a response.
    pub version: String,
    /// The response's headers, in order.
    pub headers: Vec<(String, String)>,
    /// The file that the body went to.
    pub file_name: String,
    /// Bytes of the request's body that httplib took.
    pub sent: u64,
    /// Bytes of the response's body.
    pub received: u64,
    /// The server's certificates.
    pub certificates: usize,
    /// When what was over.
    pub times: Times,
    /// Why it failed.
    pub failure: Option<Failure>,
}

impl Report {
    /// The value of a header, several joined with `, `.
    pub fn header(&self, name: &str) -> Option<String> {
        let named = self
            .headers
            .iter()
            .filter(|(it, _)| it.eq_ignore_ascii_case(name));
        let values: Vec<_> = named.map(|(_, value)| value.as_str()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

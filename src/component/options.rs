//! The constructors' optional arguments.

use core::time::Duration;

use super::wit;
use crate::client::Options;
use crate::http1::Limits;
use crate::transport::BLOCK;

/// Of `http-connection` and `request`.
pub fn connection(given: Option<wit::ConnectionOptions>) -> Options {
    let Some(given) = given else {
        return Options::default();
    };
    Options {
        strict: given.strict,
        timeout: given.timeout.map(Duration::from_nanos).into(),
        source_address: given.source_address,
        limits: limits(given.max_response_headers),
        blocksize: given.blocksize.map_or(BLOCK, |it| it as usize),
    }
}

fn limits(max_response_headers: Option<u32>) -> Limits {
    let mut limits = Limits::default();
    if let Some(lines) = max_response_headers {
        limits.header_lines = lines as usize;
    }
    limits
}

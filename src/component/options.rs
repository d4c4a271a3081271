//! The constructors' optional arguments.

use core::time::Duration;

use super::{tls, wit};
use crate::client::{Error, Options};
use crate::http1::Limits;
use crate::transport::BLOCK;
use crate::transport::tls::Config;

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

/// Where there is TLS.
pub fn tls(given: Option<wit::TlsOptions<'_>>) -> Result<Config, Error> {
    match given {
        None => tls::config(None, None, None),
        Some(given) => tls::config(given.context, given.key_file, given.cert_file),
    }
}

fn limits(max_response_headers: Option<u32>) -> Limits {
    let mut limits = Limits::default();
    if let Some(lines) = max_response_headers {
        limits.header_lines = lines as usize;
    }
    limits
}

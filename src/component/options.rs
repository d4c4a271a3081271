//! The constructors' optional arguments.

use core::time::Duration;

use super::{tls, wit};
use crate::client::Options;
use crate::http1::Limits;
use crate::transport::BLOCK;
use crate::transport::tls::Config;

/// Of `http-connection.http`.
pub fn http(given: wit::ConnectionOptions) -> Options {
    let default = Options::default();
    Options {
        strict: given.strict.unwrap_or(default.strict),
        timeout: given.timeout.map(Duration::from_nanos).into(),
        source_address: given.source_address,
        limits: limits(given.max_response_headers),
        blocksize: given.blocksize.map_or(BLOCK, |it| it as usize),
        continue_timeout: given
            .continue_timeout
            .map_or(default.continue_timeout, Duration::from_nanos),
    }
}

/// Of `http-connection.https`, and what makes its TLS configuration where there is TLS at all.
pub fn https(
    given: Option<wit::HttpsOptions<'_>>,
) -> (Options, impl FnOnce() -> Result<Config, wit::Error>) {
    let (options, identity) = match given {
        None => (Options::default(), None),
        Some(given) => {
            let options = http(wit::ConnectionOptions {
                strict: given.strict,
                timeout: given.timeout,
                source_address: given.source_address,
                max_response_headers: given.max_response_headers,
                blocksize: given.blocksize,
                continue_timeout: given.continue_timeout,
            });
            let identity = (given.context, given.key_file, given.cert_file);
            (options, Some(identity))
        }
    };
    let configure = move || match identity {
        None => tls::default_config(),
        Some((context, key, certificate)) => tls::config(context, key, certificate),
    };
    (options, configure)
}

/// Of `request`, which is none of the reference's calls: unless told otherwise, a reply has a status line.
pub fn one_call(
    given: Option<wit::HttpsOptions<'_>>,
) -> (Options, impl FnOnce() -> Result<Config, wit::Error>) {
    let strict = given.as_ref().and_then(|given| given.strict);
    let (options, configure) = https(given);
    let options = Options {
        strict: strict.unwrap_or(true),
        ..options
    };
    (options, configure)
}

fn limits(max_response_headers: Option<u32>) -> Limits {
    let mut limits = Limits::default();
    if let Some(lines) = max_response_headers {
        limits.header_lines = lines as usize;
    }
    limits
}

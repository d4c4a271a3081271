//! A request and its response in one call, on a connection of their own.

use alloc::borrow::Cow;
use alloc::rc::Rc;

use super::address::Url;
use super::connection::Connection;
use super::error::Error;
use super::options::{Options, Scheme};
use super::patience::Timeout;
use super::trace::Trace;
use crate::transport::Network;
use crate::transport::tls::Config;

/// The connection for a request to `url`, and what it asks for there. `tls` is asked for `https` only.
///
/// No reference has this call: unless told otherwise, the reply has a status line.
///
/// # Errors
/// `InvalidURL`; `Value` with a timeout of 0, as there would be nothing to call again; what `tls` fails with.
pub fn connection_for<N: Network>(
    network: Rc<N>,
    url: &str,
    options: Options,
    tls: impl FnOnce() -> Result<Config, Error>,
    trace: Trace,
) -> Result<(Connection<N>, Cow<'_, str>), Error> {
    let url = Url::parse(url)?;
    if options.timeout == Timeout::NonBlocking {
        let text = "a request in one call can't be called again: it needs a timeout other than 0";
        return Err(Error::Value(text.into()));
    }
    let scheme = match url.is_https {
        true => Scheme::Https(tls()?),
        false => Scheme::Http,
    };
    let options = Options {
        strict: options.strict.or(Some(true)),
        ..options
    };
    let connection = Connection::new(network, scheme, url.authority, None, options, trace)?;
    Ok((connection, url.target))
}

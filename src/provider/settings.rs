//! What the environment says.
//!
//! | variable | what it says |
//! |---|---|
//! | `SSL_CERT_FILE`, `SSL_CERT_DIR` | whom to trust, in the place of Mozilla's authorities |
//! | `SSL_CLIENT_CERT`, `SSL_CLIENT_KEY` | the client's certificate with its chain, and its key: paths of PEM files |
//! | `HTTPLIB_PINNED_PUBKEYS` | keys of which a chain must have one, as curl's `--pinnedpubkey` takes them: `sha256//…`, separated by semicolons |
//! | `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` | proxies |
//! | `HTTPLIB_MAX_CONNECTIONS_PER_ORIGIN` | how many connections an origin may have at once; without it there is no limit |
//! | `HTTPLIB_MAX_IDLE_CONNECTIONS` | how many connections are kept for later requests; 100 |
//! | `HTTPLIB_IDLE_TIMEOUT` | for how many seconds; 90 |

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::str::FromStr;
use core::time::Duration;

use base64ct::{Base64, Encoding};

use super::pool::Limits;
use crate::bindings::wasi::http::types::ErrorCode;
use crate::client::{Environment, Error, PemSource};
use crate::tasks::Files;
use crate::transport::tls::{Config, Context};
use crate::wasi::{WallClock, variable};

/// The settings of an instance.
pub struct Settings {
    context: RefCell<Context>,
    /// Of the pool.
    pub limits: Limits,
}

impl Settings {
    /// Reads them.
    ///
    /// # Errors
    /// `configuration-error`: a number that is none, a file that can't be used.
    pub async fn read() -> Result<Self, ErrorCode> {
        let limits = Limits {
            per_origin: number("HTTPLIB_MAX_CONNECTIONS_PER_ORIGIN")?.unwrap_or(usize::MAX),
            idle: number("HTTPLIB_MAX_IDLE_CONNECTIONS")?.unwrap_or(100),
            idle_time: Duration::from_secs(number("HTTPLIB_IDLE_TIMEOUT")?.unwrap_or(90)),
        };
        let chain = variable("SSL_CLIENT_CERT").map(PemSource::Path);
        let key = variable("SSL_CLIENT_KEY").map(PemSource::Path);
        let named = chain.iter().chain(&key).filter_map(PemSource::path);
        let paths = Environment::default_paths(&variable).into_iter();
        let files = Files::read(paths.chain(named.cloned())).await;
        let context = files.with(|environment| context(environment, chain, key));
        let mut context = context.map_err(|_| ErrorCode::ConfigurationError)?;
        for pin in pins()? {
            let added = context.add_pin(&pin);
            added.map_err(|_| ErrorCode::ConfigurationError)?;
        }
        Ok(Self {
            context: RefCell::new(context),
            limits,
        })
    }

    /// TLS as they have it.
    ///
    /// # Errors
    /// What can't be used.
    pub fn config(&self) -> Result<Config, Error> {
        self.context.borrow_mut().config().map_err(Error::Tls)
    }
}

fn context(
    environment: Environment<'_>,
    chain: Option<PemSource>,
    key: Option<PemSource>,
) -> Result<Context, Error> {
    let mut context = Context::create_bare(Arc::new(WallClock));
    environment.load_default_certs(&mut context)?;
    if let Some(chain) = chain {
        environment.load_cert_chain(&mut context, chain, key)?;
    }
    Ok(context)
}

fn number<T: FromStr>(name: &str) -> Result<Option<T>, ErrorCode> {
    let parsed = variable(name).map(|text| text.trim().parse());
    parsed
        .transpose()
        .map_err(|_| ErrorCode::ConfigurationError)
}

fn pins() -> Result<Vec<Vec<u8>>, ErrorCode> {
    let pins = variable("HTTPLIB_PINNED_PUBKEYS").unwrap_or_default();
    let pins = pins.split(';').map(str::trim).filter(|pin| !pin.is_empty());
    let decode = |pin: &str| {
        let text = pin.strip_prefix("sha256//")?;
        Base64::decode_vec(text).ok()
    };
    pins.map(|pin| decode(pin).ok_or(ErrorCode::ConfigurationError))
        .collect()
}

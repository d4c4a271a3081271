//! TLS: whom to trust, and who we are.

use std::slice;

use crate::bindings::client::{Error, PemSource, TlsContext, TlsVersion};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::is_null_device;
use crate::options::{Proxy, Tls};

/// The context for servers. Connections that share it resume each other's sessions.
///
/// # Errors
/// A file can't be used.
pub fn for_servers(options: &Tls) -> Result<TlsContext, Failure> {
    let context = trusting(options.authorities.as_deref(), options.insecure)?;
    if let Some(path) = &options.crl {
        let loaded = context.load_crls(&pem(path));
        loaded.map_err(because(Exit::CrlFile))?;
    }
    if let Some(path) = &options.certificate {
        let key = options.key.as_deref().map(pem);
        let loaded = context.load_cert_chain(&pem(path), key.as_ref());
        loaded.map_err(because(Exit::ClientCertificate))?;
    }
    for pin in &options.pins {
        context.add_pin(pin).map_err(because(Exit::Usage))?;
    }
    if options.only_tls13 {
        context.set_minimum_version(TlsVersion::Tls13);
    }
    Ok(context)
}

/// The context for proxies that are reached over TLS; they know nothing of the servers' one.
///
/// # Errors
/// The file can't be used.
pub fn for_proxies(options: &Proxy) -> Result<TlsContext, Failure> {
    trusting(
        options.authority.as_ref().map(slice::from_ref),
        options.insecure,
    )
}

/// These authorities and no others; the usual ones without such a list.
fn trusting(authorities: Option<&[String]>, insecure: bool) -> Result<TlsContext, Failure> {
    if insecure {
        return Ok(TlsContext::create_unverified());
    }
    let Some(authorities) = authorities else {
        return TlsContext::create_default().map_err(because(Exit::CaFile));
    };
    if authorities.is_empty() {
        return Err(Failure::new(Exit::CaFile, "no authority is trusted"));
    }
    let context = TlsContext::create_bare();
    for path in authorities {
        let loaded = context.load_verify_locations(&pem(path));
        loaded.map_err(because(Exit::CaFile))?;
    }
    Ok(context)
}

/// The component opens the file by itself, unless there is nothing in it.
fn pem(path: impl AsRef<str>) -> PemSource {
    let path = path.as_ref();
    match is_null_device(path) {
        true => PemSource::Bytes(Vec::new()),
        false => PemSource::Path(path.to_owned()),
    }
}

fn because(exit: Exit) -> impl Fn(Error) -> Failure {
    move |error| Failure::because(exit, &error)
}

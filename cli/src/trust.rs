//! TLS: whom to trust, and who we are.

use crate::bindings::client::{Error, PemSource, TlsContext, TlsVersion};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::options::{Proxy, Tls};

/// The context for servers. Connections that share it resume each other's sessions.
///
/// # Errors
/// A file can't be used.
pub fn for_servers(options: &Tls) -> Result<TlsContext, Failure> {
    let context = trusting(&options.authorities, options.insecure)?;
    if let Some(path) = &options.crl {
        let loaded = context.load_crls(&PemSource::Path(path.clone()));
        loaded.map_err(because(Exit::CrlFile))?;
    }
    if let Some(path) = &options.certificate {
        let key = options.key.clone().map(PemSource::Path);
        let loaded = context.load_cert_chain(&PemSource::Path(path.clone()), key.as_ref());
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
    trusting(options.authority.as_slice(), options.insecure)
}

fn trusting(authorities: &[String], insecure: bool) -> Result<TlsContext, Failure> {
    if insecure {
        return TlsContext::create_unverified().map_err(because(Exit::CaFile));
    }
    if authorities.is_empty() {
        return TlsContext::create_default().map_err(because(Exit::CaFile));
    }
    // It has no authorities of its own. Checking names makes it check certificates too.
    let context = TlsContext::create_unverified().map_err(because(Exit::CaFile))?;
    context.set_check_hostname(true);
    for path in authorities {
        let loaded = context.load_verify_locations(&PemSource::Path(path.clone()));
        loaded.map_err(because(Exit::CaFile))?;
    }
    Ok(context)
}

fn because(exit: Exit) -> impl Fn(Error) -> Failure {
    move |error| Failure::because(exit, &error)
}

//! # Certificates
//!
//! This uses an authority of your own, a client certificate and a pin. Each mismatch is an error with a
//! case of its own, and `tls_session` says what was agreed on.

use httplib::{Connection, Error, PemSource, TlsContext, TlsError};

use crate::Outcome;

/// Connects to a server of a private network, and prints what was agreed on or why it can't be trusted.
pub fn connect(server: &str, ca: &str, identity: &str, pin: &[u8]) -> Outcome {
    let context = TlsContext::create_default()?;
    // Whom else to trust; who we are, by certificate and key; and the only key to accept, by the
    // SHA-256 of its SubjectPublicKeyInfo.
    context.load_verify_locations(PemSource::Path(ca))?;
    context.load_identity(PemSource::Path(identity))?;
    context.add_pin(pin)?;
    let connection = Connection::builder().tls(&context).https(server)?;
    match connection.connect() {
        Ok(()) => {}
        Err(Error::Tls(TlsError::UnknownIssuer(why))) => println!("a stranger: {why}"),
        Err(Error::Tls(TlsError::HostnameMismatch(why))) => println!("somebody else: {why}"),
        Err(Error::Tls(TlsError::BadCertificate(why))) => println!("another key: {why}"),
        Err(error) => return Err(error.into()),
    }
    if let Some(session) = connection.tls_session() {
        println!("{} with {}", session.version, session.cipher_suite);
    }
    Ok(())
}

//! # Addresses
//!
//! A name may have many addresses, and all of them are tried. If none answers, the error lists what
//! happened at each. `source_address` chooses which address to connect from on a machine with several.

use crate::bindings::httplib::http::client::{ConnectionOptions, Error, HttpConnection};

/// Connects to the first of the server's addresses that answers, or says what each of them said.
pub fn connect(server: &str, source: Option<&str>) -> Result<(), Error> {
    let options = ConnectionOptions {
        source_address: source.map(|address| (address.to_owned(), 0)), // 0: from any port
        ..Default::default()
    };
    let connection = HttpConnection::http(server, None, Some(&options))?;
    // IPv6 and IPv4 in turn; one that is silent for 250 ms no longer holds up the next (RFC 8305).
    match connection.connect() {
        Ok(()) => println!("connected"),
        Err(Error::Socket(error)) => {
            println!("{:?}: {:?}", error.phase, error.code);
            for attempt in error.attempts {
                println!("{}: {:?}", attempt.address, attempt.code);
            }
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

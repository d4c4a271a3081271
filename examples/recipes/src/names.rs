//! # Addresses
//!
//! A name may have many addresses, and all of them are tried. If none answers, the error lists what
//! happened at each. `source_address` chooses which address to connect from on a machine with several.

use httplib::{Connection, Error};

use crate::Outcome;

/// Connects to the first of the server's addresses that answers, or says what each of them said.
pub fn connect(server: &str, source: Option<&str>) -> Outcome {
    let mut builder = Connection::builder();
    if let Some(address) = source {
        builder = builder.source_address(address, 0); // from any port
    }
    let connection = builder.http(server)?;
    // IPv6 and IPv4 in turn; one that is silent for 250 ms no longer holds up the next (RFC 8305).
    match connection.connect() {
        Ok(()) => println!("connected"),
        Err(Error::Socket(error)) => {
            println!("{:?}: {:?}", error.phase, error.code);
            for attempt in error.attempts {
                println!("{}: {:?}", attempt.address, attempt.code);
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

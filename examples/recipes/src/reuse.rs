//! # One connection, many requests
//!
//! A connection object keeps its socket as long as the server does, which saves the handshakes. A
//! socket that the server closed while it was idle is silently replaced, if that is safe.

use httplib::{Connection, Error, HttpException};

use crate::Outcome;

/// Requests one path after the other, over one socket as long as the server keeps it open.
pub fn fetch_in_turn(server: &str, method: &str, paths: &[&str]) -> Outcome {
    let connection = Connection::http(server)?;
    for path in paths {
        match connection.request(method, path).send() {
            Ok(mut response) => {
                let body = response.body()?; // to its end, so that the next request can go
                let closes = response.will_close(); // says the server, or its HTTP/1.0
                println!("{path}: {} bytes, will close: {closes}", body.len());
            }
            // A socket that the server closed meanwhile was replaced, once and unseen, if the request
            // may be sent twice. A POST may not: whether to repeat it is up to you.
            Err(Error::Http(HttpException::RemoteDisconnected)) => println!("{path}: no answer"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

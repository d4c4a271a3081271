//! # Timeouts
//!
//! `timeout` limits each step that waits, and `set_deadline` the whole exchange. The error says in
//! which phase the time ran out.

use crate::SECOND;
use crate::bindings::httplib::http::client::{ConnectionOptions, Error, HttpConnection, Phase};

/// Fetches `/`, or says what took too long.
pub fn fetch_in_time(server: &str) -> Result<(), Error> {
    let options = ConnectionOptions {
        timeout: Some(SECOND), // for each wait: a name, a connect, the next bytes
        ..Default::default()
    };
    let connection = HttpConnection::http(server, None, Some(&options))?;
    connection.set_deadline(Some(3 * SECOND)); // for all of it, up to the body's last byte
    let body = connection
        .request("GET", "/", None, &[])
        .and_then(|()| connection.get_response())
        .and_then(|response| response.read(None));
    match body {
        Ok(body) => println!("{} bytes in time", body.len()),
        Err(Error::TimedOut(Phase::Connect)) => println!("nobody answers at {server}"),
        Err(Error::TimedOut(phase)) => println!("{server} is too slow: {phase:?}"),
        Err(error) => return Err(error),
    }
    Ok(())
}

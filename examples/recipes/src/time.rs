//! # Timeouts
//!
//! `timeout` limits each step that waits, and `set_deadline` the whole exchange. The error says in
//! which phase the time ran out.

use std::time::Duration;

use httplib::{Connection, Error, Phase};

use crate::Outcome;

/// Fetches `/`, or says what took too long.
pub fn fetch_in_time(server: &str) -> Outcome {
    let connection = Connection::builder()
        .timeout(Duration::from_secs(1)) // for each wait: a name, a connect, the next bytes
        .http(server)?;
    connection.set_deadline(Some(Duration::from_secs(3))); // for all of it, up to the body's last byte
    let response = connection.get("/").send();
    let body = response.and_then(|mut response| response.body());
    match body {
        Ok(body) => println!("{} bytes in time", body.len()),
        Err(Error::TimedOut(Phase::Connect)) => println!("nobody answers at {server}"),
        Err(Error::TimedOut(phase)) => println!("{server} is too slow: {phase:?}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

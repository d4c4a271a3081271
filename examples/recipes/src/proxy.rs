//! # Proxies
//!
//! The proxy is the one that the environment names, as for other programs. `set_proxy` takes the URL of
//! any other as well. A refusal by the proxy is an error with status, headers and body.

use httplib::{Connection, Error};

use crate::Outcome;

/// Fetches `/` over HTTPS, through a tunnel if the environment names a proxy for this server.
pub fn fetch_through_proxy(server: &str) -> Outcome {
    let connection = Connection::https(server)?;
    // HTTPS_PROXY, ALL_PROXY and NO_PROXY are read here and nowhere else. Credentials are part of
    // the proxy's URL: http://user:password@proxy:3128
    let proxy = connection.proxy_from_environment();
    connection.set_proxy(proxy.as_deref())?;
    match connection.get("/").send() {
        Ok(mut response) => print!("{}", response.text()?),
        Err(Error::Tunnel(refusal)) => {
            println!("the proxy says {} {}", refusal.status, refusal.reason); // such as 407
            for (name, value) in refusal.headers {
                println!("  {name}: {value}"); // how to sign in: Proxy-Authenticate
            }
            println!("  and {} bytes for people", refusal.body.len());
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

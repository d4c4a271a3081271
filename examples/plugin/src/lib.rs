//! A plugin: it fetches a URL for its host.
//!
//! What it may reach is up to the host. See `examples/host` for one.

use bindings::httplib::http::client::{Error, describe, request};

mod bindings {
    wit_bindgen::generate!({
        path: "../../wit",
        inline: "
            package example:plugin;

            world plugin {
                import httplib:http/client@0.2.0;

                /// Status, reason phrase and body of what is at `url`; or in one line why it is not to be had.
                export fetch: func(url: string) -> result<string, string>;
            }
        ",
        generate_all,
    });
}

struct Plugin;

impl bindings::Guest for Plugin {
    fn fetch(url: String) -> Result<String, String> {
        get(&url).map_err(|error| describe(&error))
    }
}

fn get(url: &str) -> Result<String, Error> {
    let response = request("GET", url, None, &[], None, None)?;
    let body = response.read(None)?;
    let (status, reason) = (response.status(), response.reason());
    Ok(format!(
        "{status} {reason}\n{}",
        String::from_utf8_lossy(&body)
    ))
}

bindings::export!(Plugin with_types_in bindings);

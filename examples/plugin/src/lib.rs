//! A plugin: it fetches a URL for its host.
//!
//! What it may reach is up to the host. See `examples/host` for one.

mod bindings {
    wit_bindgen::generate!({
        inline: "
            package example:plugin;

            world plugin {
                /// Status, reason phrase and body of what is at `url`; or why it could not be fetched, in one line.
                export fetch: func(url: string) -> result<string, string>;
            }
        ",
    });
}

struct Plugin;

impl bindings::Guest for Plugin {
    fn fetch(url: String) -> Result<String, String> {
        get(&url).map_err(|error| error.to_string())
    }
}

fn get(url: &str) -> httplib::Result<String> {
    let mut response = httplib::get(url).send()?;
    let (status, reason) = (response.status(), response.reason());
    Ok(format!("{status} {reason}\n{}", response.text()?))
}

bindings::export!(Plugin with_types_in bindings);

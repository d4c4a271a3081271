//! `examples/recipes`: each recipe composed with the component and run in wasmtime, against real servers
//! and proxies. What `docs/recipes.md` shows of them is what runs here. A module per recipe.

mod errors;
mod many;
mod names;
mod proxy;
mod reuse;
mod run;
mod splice;
mod time;
mod tls;
mod trailers;
mod upload;
mod websocket;

use run::recipe;

/// A whole response.
const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// The server on this port, as a recipe is told it.
fn at(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

#[test]
fn a_recipe_that_does_not_exist_is_answered_with_those_that_do() {
    for arguments in [&["cake"][..], &[], &["many", "127.0.0.1", "some"]] {
        let outcome = recipe(arguments).outcome();
        assert!(outcome.stderr.starts_with("usage: recipes NAME"));
        assert!(!outcome.success, "{outcome:?}");
    }
}

//! # Recipes
//!
//! The recipes are one program in Rust, `examples/recipes`, with a file for each task. The code shown
//! here is the code in those files, written with [the crate for Rust](../rust/README.md), and the
//! tests run it against real servers and proxies.
//!
//! The program is built, composed with the component and run like any other. Without arguments it lists
//! the recipes. If a recipe fails in a way that it does not expect, the program prints a line to
//! standard error and ends with 1.
//!
//! ```sh
//! cargo build --release --target wasm32-wasip2 --target-dir target/guest --manifest-path examples/recipes/Cargo.toml
//! wac plug --plug dist/httplib.wasm target/guest/wasm32-wasip2/release/recipes.wasm -o recipes.wasm
//! wasmtime run -S inherit-network,allow-ip-name-lookup recipes.wasm errors http://localhost:1/
//! ```
#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::process::ExitCode;

use base64ct::{Base64, Encoding};

mod errors;
mod many;
mod names;
mod proxy;
mod reuse;
mod splice;
mod time;
mod tls;
mod trailers;
mod upload;
mod websocket;

/// What becomes of a recipe: an error of httplib, mostly.
type Outcome = Result<(), Box<dyn Error>>;

const USAGE: &str = "\
usage: recipes NAME ARGUMENTS…

  time SERVER                   a limit for each step, and one for the whole exchange
  many SERVER COUNT             many requests at once, without threads
  names SERVER [SOURCE]         which addresses were tried, and where from
  reuse SERVER METHOD PATH…     several requests over one connection
  upload SERVER PATH [FILE]     a file, or standard input, in constant memory
  trailers SERVER PATH          standard input with trailers; interim responses
  proxy SERVER                  through the proxy that the environment names
  websocket SERVER PATH TEXT    a message each way after an upgrade
  splice URL [FILE]             a body into a file, or to standard output
  tls SERVER CA IDENTITY PIN    an authority, a client certificate and a pin of your own
  errors URL                    what went wrong, by family and case

SERVER is HOST or HOST:PORT. CA and IDENTITY are PEM files, PIN is a SHA-256 in Base64.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Some(Ok(())) => ExitCode::SUCCESS,
        Some(Err(error)) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        None => {
            eprintln!("{USAGE}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the recipe of this name; none if there is no such recipe, or it takes other arguments.
fn run(arguments: &[&str]) -> Option<Outcome> {
    Some(match *arguments {
        ["time", server] => time::fetch_in_time(server),
        ["many", server, count] => many::fetch_all(server, count.parse().ok()?),
        ["names", server] => names::connect(server, None),
        ["names", server, source] => names::connect(server, Some(source)),
        ["reuse", server, method, ref paths @ ..] => reuse::fetch_in_turn(server, method, paths),
        ["upload", server, path] => upload::upload_stream(server, path),
        ["upload", server, path, file] => upload::upload_file(server, path, file),
        ["trailers", server, path] => trailers::exchange_trailers(server, path),
        ["proxy", server] => proxy::fetch_through_proxy(server),
        ["websocket", server, path, text] => websocket::exchange(server, path, text),
        ["splice", url] => splice::print(url),
        ["splice", url, file] => splice::save(url, file),
        ["tls", server, ca, identity, pin] => {
            let pin = Base64::decode_vec(pin).ok()?;
            tls::connect(server, ca, identity, &pin)
        }
        ["errors", url] => errors::explain(url),
        _ => return None,
    })
}

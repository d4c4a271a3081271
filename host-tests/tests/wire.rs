//! The corpus under `tests/wire/`, run through the component: a scripted peer sends each reply and
//! records each request. Whatever a peer does, the next request on the same connection works and sees
//! nothing of it.

#[path = "../../tests/support/calls.rs"]
mod calls;
#[path = "../../tests/support/corpus.rs"]
mod corpus;
#[path = "../../tests/support/outcome.rs"]
mod outcome;
#[path = "wire/requests.rs"]
mod requests;
#[path = "wire/responses.rs"]
mod responses;

use std::path::Path;

use harness::component::{Connection, Guest};
use libtest_mimic::{Arguments, Trial};

/// The reply to the request after a case.
const NEXT: &[u8] = b"HTTP/1.1 299 Next\r\nX-Next: yes\r\nContent-Length: 14\r\n\r\nthe next reply";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let root = root.to_str().expect("the path is UTF-8");
    let responses = corpus::read(root, "response")
        .into_iter()
        .map(|case| Trial::test(case.title.clone(), move || Ok(responses::run(&case)?)));
    let requests = corpus::read(root, "request")
        .into_iter()
        .map(|case| Trial::test(case.title.clone(), move || Ok(requests::run(&case)?)));
    let trials = responses.chain(requests).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// Makes another request with `connection` and gets [`NEXT`], and nothing else.
fn check_next(guest: &Guest, connection: &Connection) -> Result<(), String> {
    let told = |error| format!("the next request: {}", guest.describe(&error));
    let response = connection.fetch("GET", "/next").map_err(told)?;
    let body = response.read(None).map_err(told)?;
    let seen = (response.status(), response.reason(), response.get_headers());
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![header("X-Next", "yes"), header("Content-Length", "14")];
    if seen == (299, "Next".to_owned(), headers) && body == b"the next reply" {
        return Ok(());
    }
    let body = corpus::show(&body);
    Err(format!("the next reply is another: {seen:?} {body}"))
}

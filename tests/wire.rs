//! The corpus under `tests/wire/`, run on the readers of responses and on requests, without a socket.

#[path = "support/calls.rs"]
mod calls;
#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/outcome.rs"]
mod outcome;
#[path = "support/requests.rs"]
mod requests;
#[path = "support/responses.rs"]
mod responses;

use libtest_mimic::{Arguments, Trial};

fn main() {
    let root = env!("CARGO_MANIFEST_DIR");
    let responses = corpus::read(root, "response")
        .into_iter()
        .map(|case| Trial::test(case.title.clone(), move || Ok(responses::run(&case)?)));
    let requests = corpus::read(root, "request")
        .into_iter()
        .map(|case| Trial::test(case.title.clone(), move || Ok(requests::run(&case)?)));
    let trials = responses.chain(requests).collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

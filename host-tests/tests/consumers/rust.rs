//! `examples/fetch`, which the build script builds.

use std::path::Path;
use std::sync::OnceLock;

use crate::command::Command;
use crate::site::{Site, assert_caught_hostname_mismatch, assert_fetched};

fn command() -> &'static Command {
    static COMMAND: OnceLock<Command> = OnceLock::new();
    COMMAND.get_or_init(|| Command::compose(Path::new(env!("FETCH_GUEST"))))
}

#[test]
fn fetches_a_page_from_a_server_with_an_own_authority() {
    assert_fetched(&command().fetch("localhost", &Site::new()));
}

#[test]
fn catches_an_error_by_its_case() {
    assert_caught_hostname_mismatch(&command().fetch("127.0.0.1", &Site::new()));
}

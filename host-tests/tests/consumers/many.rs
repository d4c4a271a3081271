//! The recipe `many`, which the build script builds: many exchanges at once in one instance.

use std::path::Path;

use harness::server::Server;

use crate::command::Command;

#[test]
fn a_hundred_requests_are_under_way_at_once() {
    const MANY: usize = 100;
    // Answers none before it has all.
    let server = Server::gathering(MANY);
    let command = Command::compose(Path::new(env!("RECIPES")));
    let outcome = command.many(server.port(), MANY);
    assert_eq!(outcome.stdout, "100 of 100 are 200\n", "{outcome:?}");
    assert!(outcome.success, "{outcome:?}");
    assert_eq!(server.connections(), MANY);
}

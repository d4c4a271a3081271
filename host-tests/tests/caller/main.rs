//! A hostile caller: sequences of calls that nobody planned, and a model that says what each must give.
//!
//! The program of `guests/caller` makes them, composed with the component; here is the server that it talks to.
//! The names of the replies and of the files are those of its sources.

#[path = "../../guests/caller/src/files.rs"]
#[allow(
    dead_code,
    missing_docs,
    reason = "the program has the model that needs the rest"
)]
mod files;
mod folder;
mod functions;
mod program;
mod properties;
#[path = "../../guests/caller/src/replies.rs"]
#[allow(dead_code, reason = "the program has the model that needs the rest")]
mod replies;
mod sequences;
mod server;

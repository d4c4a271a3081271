//! Every case of `error`: how a caller gets it, what it carries, and that life goes on after it.
//!
//! `describe.rs` has the list of all cases; one that is added to the WIT does not compile there.

mod describe;
mod file;
mod http;
mod order;
mod reply;
mod socket;
mod tunnel;

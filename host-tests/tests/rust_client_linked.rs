//! The same checks in a program that has httplib linked in.

#[path = "rust_client/main.rs"]
mod rust_client;

//! The component as its users have it: from Rust and from Python, composed with their program into
//! one component, and from JavaScript, transpiled. A module per language.
//!
//! The program is the same in each: `fetch HOST PORT CA`. It is what users copy.

mod command;
mod javascript;
mod many;
mod python;
mod rust;
mod site;
mod tools;

/// How a run of the program ended.
#[derive(Debug)]
struct Outcome {
    success: bool,
    stdout: String,
    stderr: String,
}

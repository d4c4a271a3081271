//! What the host tells a program.

use alloc::string::String;

use crate::bindings::wasi::cli::environment::get_environment;

/// The value of an environment variable, if the host grants it.
pub fn variable(name: &str) -> Option<String> {
    let mut variables = get_environment().into_iter();
    variables
        .find(|(known, _)| known == name)
        .map(|(_, value)| value)
}

//! A run of a recipe: the program, composed with the component, or with httplib linked into it.

use std::path::Path;
use std::sync::OnceLock;

use host_tests::commands::{Command, Run};

pub use host_tests::commands::{FOLDER, MEMORY};

/// `recipes` with these arguments.
pub fn recipe(arguments: &[&str]) -> Run<'static> {
    static RECIPES: OnceLock<Command> = OnceLock::new();
    let recipes = RECIPES.get_or_init(|| match env!("CARGO_CRATE_NAME") {
        "recipes_linked" => Command::whole(Path::new(env!("RECIPES_LINKED"))),
        _ => Command::composed(Path::new(env!("RECIPES"))),
    });
    recipes.run(arguments)
}

//! The tests of the recipes once more, with httplib linked into them: what a program of the crate in `rust/` does is the
//! same either way.

#[path = "recipes/main.rs"]
mod recipes;

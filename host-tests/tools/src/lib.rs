//! What composes, documents and publishes the component. Nothing here runs it.
//!
//! - [`compose`]: a program and the component as one.
//! - [`conformance`]: the list of CPython's tests, and the page about them.
//! - [`linked`]: the crates in the component.
//! - [`recipes`]: the page made of the programs in `examples/recipes`.
//! - [`reference`]: the page made of the comments in `wit/`.
#![forbid(unsafe_code)]

pub mod compose;
pub mod conformance;
pub mod linked;
pub mod recipes;
pub mod reference;

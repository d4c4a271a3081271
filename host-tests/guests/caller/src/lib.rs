//! Random sequences of calls, and the model that says what must come of each.
#![forbid(unsafe_code)]

pub mod calls;
pub mod fault;
pub mod files;
pub mod functions;
pub mod generate;
pub mod hosts;
pub mod model;
mod outcomes;
pub mod properties;
pub mod replies;
pub mod run;
pub mod words;

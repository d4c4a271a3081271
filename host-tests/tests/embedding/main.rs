//! The plugin and the host of `examples/`: what `wac plug` makes of the one, and what the other holds it
//! to. A module per subject.

mod allow;
mod compose;
mod host;
mod limits;
mod manifests;
mod pool;
mod precompiled;
mod sandbox;
mod versions;

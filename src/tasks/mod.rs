//! The client's calls as asynchronous functions: what the bindings to WASI 0.3 stand on.

mod calls;
mod drive;
mod files;
#[cfg(not(feature = "wasi-http"))]
mod held;
mod outlet;

pub use calls::Calls;
#[cfg(not(feature = "wasi-http"))]
pub use drive::drive;
pub use files::Files;
#[cfg(not(feature = "wasi-http"))]
pub use held::{Held, in_task};
pub use outlet::{End, Outlet};

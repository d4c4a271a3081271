//! Who answers, on loopback.

pub mod nginx;
pub mod own;

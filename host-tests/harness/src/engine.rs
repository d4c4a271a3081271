//! wasmtime's engine.

use std::path::Path;

use wasmtime::{Cache, CacheConfig, Config, Engine};

/// An engine that keeps what it has compiled, in cargo's target folder, for the next process: most of them run the same
/// few components, and compiling one takes a second.
///
/// # Panics
/// Where the configuration contradicts itself.
#[must_use]
pub fn engine(config: &mut Config) -> Engine {
    let target = Path::new(env!("OUT_DIR")).ancestors().nth(4);
    let target = target.expect("cargo's folder for a build script is four deep in it");
    let mut kept = CacheConfig::new();
    kept.with_directory(target.join("compiled"));
    config.cache(Some(Cache::new(kept).expect("the target folder is ours")));
    Engine::new(config).expect("the configuration is consistent")
}

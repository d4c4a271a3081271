//! How long it takes until a component is ready to run: compiled each time, compiled ahead, and out of wasmtime's cache.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use harness::component;
use tempfile::TempDir;
use wasmtime::component::Component;
use wasmtime::{Cache, CacheConfig, Config, Engine};

use crate::peers::said;
use crate::rounds::Contenders;
use crate::subjects::files;
use crate::table::Table;
use crate::{World, beside};

const EACH: &str = "compiled each time";
const CACHE: &str = "out of the cache";
const AHEAD: &str = "compiled ahead";

const NOTE: &str =
    "wasmtime compiles on all processors at once. Its compiler is built at level 1 here.";

pub fn run(world: &World) -> Result<Vec<Table>> {
    let folder = tempfile::tempdir()?;
    Ok(vec![host(world, &folder)?, command(world, &folder)?])
}

/// In a host: from the file to a `Component`.
fn host(world: &World, folder: &TempDir) -> Result<Table> {
    let wasm = folder.path().join("plugin.wasm");
    let plugin = world
        .guests
        .composition(files::PLUGIN, &component::path())?;
    fs::write(&wasm, plugin)?;
    let plain = Engine::new(&Config::new())?;
    let cwasm = folder.path().join("plugin.cwasm");
    fs::write(&cwasm, Component::from_file(&plain, &wasm)?.serialize()?)?;
    let cached = cached(folder)?;
    Component::from_file(&cached, &wasm)?;
    let rows = Contenders::new()
        .with(EACH, || timed(|| Component::from_file(&plain, &wasm)))
        .with(CACHE, || timed(|| Component::from_file(&cached, &wasm)))
        .with(AHEAD, || timed(|| mapped(&plain, &cwasm)))
        .run(world.scale.rounds)?;
    Ok(Table::new("Starting, a plugin in a host", "ms", rows).note(NOTE))
}

#[allow(unsafe_code, reason = "what is in the file runs as native code")]
fn mapped(engine: &Engine, file: &Path) -> wasmtime::Result<Component> {
    // SAFETY: `host` wrote it, in a folder of its own.
    unsafe { Component::deserialize_file(engine, file) }
}

fn cached(folder: &TempDir) -> Result<Engine> {
    let mut kept = CacheConfig::new();
    kept.with_directory(folder.path().join("compiled"));
    Ok(Engine::new(Config::new().cache(Some(Cache::new(kept)?)))?)
}

fn timed<T>(work: impl FnOnce() -> wasmtime::Result<T>) -> Result<f64> {
    let begin = Instant::now();
    work()?;
    Ok(begin.elapsed().as_secs_f64() * 1e3)
}

/// On the command line: all of `wasmtime run` for a program that prints its version.
fn command(world: &World, folder: &TempDir) -> Result<Table> {
    let program = world.guests.composition(files::CLI, &component::path())?;
    fs::write(folder.path().join("httplib-cli.wasm"), program)?;
    let cache = folder.path().join("kept");
    let config = format!("[cache]\ndirectory = {cache:?}\n");
    fs::write(folder.path().join("cache.toml"), config)?;
    let run = |arguments: &'static str| move || wasmtime(folder, arguments);
    wasmtime(folder, "compile httplib-cli.wasm -o httplib-cli.cwasm")?;
    let cached = "run -C cache-config=cache.toml httplib-cli.wasm --version";
    wasmtime(folder, cached)?;
    let rows = Contenders::new()
        .with(EACH, run("run -C cache=n httplib-cli.wasm --version"))
        .with(CACHE, run(cached))
        .with(
            AHEAD,
            run("run -C cache=n --allow-precompiled httplib-cli.cwasm --version"),
        )
        .run(world.scale.rounds)?;
    Ok(Table::new("Starting, the command line", "ms", rows).note(NOTE))
}

fn wasmtime(folder: &TempDir, arguments: &str) -> Result<f64> {
    let mut command = Command::new(beside("wasmtime")?);
    command.current_dir(folder).args(arguments.split(' '));
    let begin = Instant::now();
    let said = said(&mut command)?;
    let ms = begin.elapsed().as_secs_f64() * 1e3;
    ensure!(
        said.contains("httplib") != arguments.starts_with("compile"),
        "{said}"
    );
    Ok(ms)
}

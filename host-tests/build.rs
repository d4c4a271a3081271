//! Builds the components that the tests run.
//!
//! They are built as a user builds them: release, for wasm32-wasip2. They have a target folder of
//! their own, because cargo holds the lock of the one it was started in.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// A crate to build, the file that comes out, and the variable that names it to the tests.
struct Guest {
    /// The crate's folder, from the root of the repository.
    folder: &'static str,
    /// How cargo is called.
    command: &'static [&'static str],
    artifact: &'static str,
    variable: &'static str,
}

const GUESTS: &[Guest] = &[
    Guest {
        folder: "",
        command: COMPONENT,
        artifact: "httplib.wasm",
        variable: "HTTPLIB_COMPONENT",
    },
    Guest {
        folder: "examples/fetch",
        command: PROGRAM,
        artifact: "fetch.wasm",
        variable: "FETCH_GUEST",
    },
    Guest {
        folder: "examples/plugin",
        command: PROGRAM,
        artifact: "plugin.wasm",
        variable: "PLUGIN_GUEST",
    },
    Guest {
        folder: "host-tests/guests/kernel",
        command: PROGRAM,
        artifact: "kernel.wasm",
        variable: "KERNEL_COMMAND",
    },
    Guest {
        folder: "host-tests/guests/hostile",
        command: PROGRAM,
        artifact: "hostile.wasm",
        variable: "HOSTILE_GUEST",
    },
    Guest {
        folder: "examples/recipes",
        command: PROGRAM,
        artifact: "recipes.wasm",
        variable: "RECIPES",
    },
    Guest {
        folder: "cli",
        command: PROGRAM,
        artifact: "httplib-cli.wasm",
        variable: "CLI_GUEST",
    },
];

/// A program.
const PROGRAM: &[&str] = &["build"];
/// The same as in the Makefile: without what makes it a library for native tests, too, and keeps cargo
/// from optimizing across crates.
const COMPONENT: &[&str] = &["rustc", "--lib", "--crate-type", "cdylib"];

/// What a guest is made of, in its folder, where it has it.
const PARTS: &[&str] = &["src", "wit", "Cargo.toml", "Cargo.lock"];

/// What the component is made of beside that, from the root of the repository.
const SHARED: &[&str] = &[".cargo", "aead", "bindings", "kernel"];

/// What this build would otherwise hand down to the guests': flags and folders of the native build,
/// and clippy in the compiler's place.
const NATIVE_ONLY: &[&str] = &[
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_BUILD_TARGET",
    "RUSTC_WORKSPACE_WRAPPER",
];

fn main() {
    let root = root();
    let parts = GUESTS
        .iter()
        .flat_map(|guest| PARTS.iter().map(|part| root.join(guest.folder).join(part)));
    let shared = SHARED.iter().map(|folder| root.join(folder));
    // What is not there would count as changed each time.
    for source in parts.chain(shared).filter(|source| source.exists()) {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    for guest in GUESTS {
        match target_installed().and_then(|()| build(&root.join(guest.folder), guest)) {
            Ok(path) => println!("cargo::rustc-env={}={}", guest.variable, path.display()),
            Err(error) => println!("cargo::error={error}"),
        }
    }
}

/// Builds the guest and says where the component is.
fn build(folder: &Path, guest: &Guest) -> Result<PathBuf, Box<dyn Error>> {
    let output = output_folder();
    let mut cargo = Command::new(variable("CARGO"));
    cargo.current_dir(folder);
    cargo
        .args(guest.command)
        .args(["--release", "--target", TARGET, "--target-dir"])
        .arg(&output);
    for name in NATIVE_ONLY {
        cargo.env_remove(name);
    }
    let result = cargo.output()?;
    if !result.status.success() {
        let reason = String::from_utf8_lossy(&result.stderr).replace('\n', "\ncargo::error=");
        return Err(format!("{} does not build:\ncargo::error={reason}", guest.artifact).into());
    }
    Ok(output.join(TARGET).join("release").join(guest.artifact))
}

/// Whether the toolchain has a standard library for the target.
fn target_installed() -> Result<(), Box<dyn Error>> {
    let mut rustc = Command::new(variable("RUSTC"));
    let output = rustc
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()?;
    let folder = String::from_utf8(output.stdout)?;
    match output.status.success() && Path::new(folder.trim()).exists() {
        true => Ok(()),
        false => Err(format!("{TARGET} is missing: run `rustup target add {TARGET}`").into()),
    }
}

fn root() -> PathBuf {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR"));
    manifest
        .parent()
        .expect("host-tests stands in the repository")
        .to_owned()
}

/// `guest` in cargo's target folder; `OUT_DIR` is `<target>/<profile>/build/<package>/out`.
fn output_folder() -> PathBuf {
    let out = PathBuf::from(variable("OUT_DIR"));
    out.ancestors()
        .nth(4)
        .expect("OUT_DIR is four deep in the target folder")
        .join("guest")
}

fn variable(name: &str) -> String {
    env::var(name).expect("cargo sets it for every build script")
}

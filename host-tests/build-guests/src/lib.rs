//! Builds components for those who run them: called by build scripts, so that cargo builds them beside the host.
//!
//! They are built as a user builds them: release, for wasm32-wasip2. They have target folders of their own, because
//! cargo holds the lock of the one it was started in.
#![forbid(unsafe_code)]

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TARGET: &str = "wasm32-wasip2";

/// The flags for that target.
const FLAGS: &str = "CARGO_TARGET_WASM32_WASIP2_RUSTFLAGS";

/// The stack of a component, as `make build` has it.
const LINK: [&str; 3] = ["--", "-C", "link-arg=-zstack-size=131072"];

/// Those of the components over WASI 0.3 beside the remapped paths, as the Makefile has them.
const P3_FLAGS: &str = "--cfg getrandom_backend=\"custom\"";

/// What is built of a package.
#[derive(Clone, Copy)]
enum Kind {
    /// The component, exactly as `make build` has it, and where it has it.
    Component,
    /// One over WASI 0.3, as `make` has it, of these features.
    P3(&'static str),
    /// A program, or a component that imports ours.
    Program,
    /// A program that has ours linked in, by a feature of that name.
    Linked,
}

/// A crate to build, the file that comes out, and the variable that names it to the crate whose build script this is.
pub struct Guest {
    /// The crate's folder, from the root of the repository.
    folder: &'static str,
    artifact: &'static str,
    variable: &'static str,
    kind: Kind,
}

impl Guest {
    /// The component itself.
    #[must_use]
    pub const fn component(variable: &'static str) -> Self {
        Self {
            folder: "",
            artifact: "httplib.wasm",
            variable,
            kind: Kind::Component,
        }
    }

    /// The component over WASI 0.3.
    #[must_use]
    pub const fn p3(variable: &'static str) -> Self {
        Self::with("httplib-p3.wasm", "p3", variable)
    }

    /// The provider of `wasi:http/client`.
    #[must_use]
    pub const fn wasi_http(variable: &'static str) -> Self {
        Self::with("httplib-wasi-http.wasm", "wasi-http", variable)
    }

    const fn with(artifact: &'static str, features: &'static str, variable: &'static str) -> Self {
        Self {
            folder: "",
            artifact,
            variable,
            kind: Kind::P3(features),
        }
    }

    /// The same program as [`Guest::program`], with the component's code linked in rather than imported.
    #[must_use]
    pub const fn linked(
        folder: &'static str,
        artifact: &'static str,
        variable: &'static str,
    ) -> Self {
        Self {
            folder,
            artifact,
            variable,
            kind: Kind::Linked,
        }
    }

    /// The program of the crate in this folder.
    #[must_use]
    pub const fn program(
        folder: &'static str,
        artifact: &'static str,
        variable: &'static str,
    ) -> Self {
        Self {
            folder,
            artifact,
            variable,
            kind: Kind::Program,
        }
    }
}

/// What a guest is made of, in its folder, where it has it.
const PARTS: &[&str] = &["src", "wit", "Cargo.toml", "Cargo.lock"];

/// What the component and the programs are made of beside that, from the root of the repository.
const SHARED: &[&str] = &[".cargo", "aead", "bindings", "kernel", "remap.sh", "rust"];

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

/// Builds them all, and tells cargo where they are and when to do so again. What fails is an error of the build.
///
/// `root` is the folder of the repository.
pub fn build_all(root: &Path, guests: &[Guest]) {
    let parts = guests
        .iter()
        .flat_map(|guest| PARTS.iter().map(|part| root.join(guest.folder).join(part)));
    let shared = SHARED.iter().map(|folder| root.join(folder));
    // What is not there would count as changed each time.
    for source in parts.chain(shared).filter(|source| source.exists()) {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    for guest in guests {
        match target_installed().and_then(|()| build(root, guest)) {
            Ok(path) => println!("cargo::rustc-env={}={}", guest.variable, path.display()),
            Err(error) => println!("cargo::error={error}"),
        }
    }
}

/// Builds the guest and says where it is: in a folder of the crate whose build script this is, for checkouts that
/// share a target folder.
fn build(root: &Path, guest: &Guest) -> Result<PathBuf, Box<dyn Error>> {
    let mut cargo = Command::new(variable("CARGO"));
    cargo.current_dir(root.join(guest.folder));
    for name in NATIVE_ONLY {
        cargo.env_remove(name);
    }
    let output = target_folder().join(guest.kind.folder());
    cargo.args(guest.kind.command());
    cargo.args(["--release", "--target", TARGET, "--target-dir"]);
    cargo.arg(&output);
    match guest.kind {
        Kind::Component => {
            cargo.env(FLAGS, remapped(root)?).args(LINK);
        }
        Kind::P3(features) => {
            cargo.args(["--features", features]).args(LINK);
            cargo.env(FLAGS, remapped(root)? + " " + P3_FLAGS);
        }
        Kind::Linked => {
            cargo.args(["--features", "linked"]);
        }
        Kind::Program => {}
    }
    let result = cargo.output()?;
    if !result.status.success() {
        let reason = String::from_utf8_lossy(&result.stderr).replace('\n', "\ncargo::error=");
        return Err(format!("{} does not build:\ncargo::error={reason}", guest.artifact).into());
    }
    let built = match guest.kind {
        Kind::P3(_) => "httplib.wasm",
        Kind::Component | Kind::Program | Kind::Linked => guest.artifact,
    };
    let built = output.join(TARGET).join("release").join(built);
    let own = PathBuf::from(variable("OUT_DIR")).join(guest.kind.folder());
    fs::create_dir_all(&own)?;
    let own = own.join(guest.artifact);
    fs::copy(built, &own)?;
    Ok(own)
}

impl Kind {
    /// How cargo is called. The component's package is a library, for native tests and for programs that have it linked
    /// in.
    const fn command(self) -> &'static [&'static str] {
        match self {
            Self::Component | Self::P3(_) => &["rustc", "--lib", "--crate-type", "cdylib"],
            Self::Program | Self::Linked => &["build"],
        }
    }

    /// Where in cargo's target folder they are built. The flags differ: in one folder, each would have what they share
    /// built again.
    const fn folder(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::P3(_) => "p3",
            Self::Program => "guest",
            Self::Linked => "linked",
        }
    }
}

/// The flags that `make build` has.
fn remapped(root: &Path) -> Result<String, Box<dyn Error>> {
    let output = Command::new(root.join("remap.sh")).output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(String::from_utf8_lossy(&output.stderr).into()),
    }
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

/// Cargo's; `OUT_DIR` is `<target>/<profile>/build/<package>/out`.
fn target_folder() -> PathBuf {
    let out = PathBuf::from(variable("OUT_DIR"));
    out.ancestors()
        .nth(4)
        .expect("OUT_DIR is four deep in the target folder")
        .to_owned()
}

fn variable(name: &str) -> String {
    env::var(name).expect("cargo sets it for every build script")
}

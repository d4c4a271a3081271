//! Makes the kernel, which is for WebAssembly alone, compile here: its vectors become those of `src/vectors.rs`.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let kernel = Path::new("../kernel/src");
    println!("cargo::rerun-if-changed={}", kernel.display());
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    copy(kernel, &out.join("kernel"))?;
    let path = out.join("kernel/lib.rs");
    let module = format!(
        "#[allow(clippy::all, reason = \"linted where it is at home\")]\n#[path = {path:?}]\npub mod kernel;\n"
    );
    fs::write(out.join("kernel.rs"), module)
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let copied = to.join(path.file_name().expect("a file's name"));
        if path.is_dir() {
            copy(&path, &copied)?;
        } else {
            fs::write(copied, portable(&fs::read_to_string(path)?))?;
        }
    }
    Ok(())
}

/// The same without what only WebAssembly has, and what only a crate has.
fn portable(source: &str) -> String {
    let is_kept = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with("#[target_feature")
            && !line.starts_with("#![")
            && !line.starts_with("//!")
    };
    let lines: Vec<&str> = source.lines().filter(is_kept).collect();
    let module = lines.join("\n").replace("crate::", "crate::kernel::");
    module.replace("core::arch::wasm32", "crate::vectors")
}

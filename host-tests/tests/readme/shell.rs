//! The commands of the README, pasted into a shell one block after the other.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use tempfile::TempDir;

use crate::{readme, root};

/// What is pasted otherwise than it stands: tests have loopback alone, where a site with an authority of
/// its own takes the place of one of the internet, and cargo has built the host already.
fn adapt(text: &str, port: u16) -> String {
    let here = format!("localhost:{port}");
    [
        (
            "www.python.org 443 /etc/ssl/certs/ca-certificates.crt",
            format!("localhost {port} ca.pem"),
        ),
        (
            "--allow www.python.org:443",
            format!("--authorities . --allow {here}"),
        ),
        ("www.python.org", here),
        (
            "wasmtime run ",
            "wasmtime run --dir . --env SSL_CERT_FILE=ca.pem ".into(),
        ),
        (
            "dist/httplib-cli.wasm ",
            "dist/httplib-cli.wasm --cacert ca.pem ".into(),
        ),
        ("cargo build --workspace --bin host\n", String::new()),
        ("target/debug/host ", "host ".into()),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// What the blocks use of the repository, where they run beside it.
const USED: &[&str] = &["dist", "examples", "host-tests", "python", "target", "wit"];
/// The block that runs this test: to run it again would never end.
const THIS: &str = "make test\n";

/// A folder with what the blocks use, for what they leave behind.
fn folder(authority: &Authority) -> TempDir {
    let folder = TempDir::new().expect("the system has room for a folder");
    for name in USED {
        symlink(root().join(name), folder.path().join(name)).expect("the folder is ours");
    }
    fs::write(folder.path().join("ca.pem"), authority.pem()).expect("the folder is ours");
    folder
}

/// Runs a block as `sh` would after a paste, but ends at the first command that fails.
fn paste(text: &str, folder: &Path) {
    // wasmtime and wac, where this machine has none.
    let tools = Path::new(env!("CARGO_BIN_EXE_wasmtime")).parent();
    let tools = tools.expect("it is in a folder").to_owned();
    let path = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths(env::split_paths(&path).chain([tools])).expect("folders");
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", text])
        .current_dir(folder)
        .env("PATH", path)
        .output()
        .expect("there is a shell");
    assert!(
        output.status.success(),
        "{text}failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_command_of_the_readme_succeeds() {
    let authority = Authority::new();
    let tls = ServerTls::new(&authority.issue(&["localhost"])).build();
    let server = Server::https(tls);
    let folder = folder(&authority);
    for block in readme().into_iter().filter(|block| block.language == "sh") {
        if block.text == THIS {
            continue;
        }
        let make = block.text.starts_with("make ");
        let text = adapt(&block.text, server.port());
        paste(&text, if make { root() } else { folder.path() });
    }
}

//! The commands of all pages, pasted into a shell one block after the other.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use harness::server::Server;
use harness::tls::{Authority, ServerTls};
use tempfile::TempDir;

use crate::pages::pages;
use crate::root;

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
        // Only where it runs.
        (
            "wasmtime compile dist/httplib-cli.wasm --cacert ca.pem ",
            "wasmtime compile dist/httplib-cli.wasm ".into(),
        ),
        ("cargo build --workspace --bin host\n", String::new()),
        ("target/debug/host ", "host ".into()),
        // Where cargo has built it before, and where the crates beside it are.
        (
            "--manifest-path ",
            format!("--manifest-path {}/", root().display()),
        ),
        (
            "npm install @httplib/http",
            "npm install ./dist/httplib-http-0.2.0.tgz".into(),
        ),
    ]
    .iter()
    .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// What the blocks use of the repository, where they run beside it.
const USED: &[&str] = &["dist", "examples", "target", "wit"];
/// The page that is to be read in its own folder.
const INSIDE: &str = "python";
/// Pages whose commands another test runs: `host-tests/tests/cli/documents.rs`.
const ELSEWHERE: &[&str] = &["cli/README.md"];
/// The blocks that run this test: to run it again would never end.
const THIS: &[&str] = &["make test\n", "cargo test --workspace\n"];

/// A folder with what the blocks use, for what they leave behind.
fn folder(authority: &Authority) -> TempDir {
    let folder = TempDir::new().expect("the system has room for a folder");
    let link = |name: &str| {
        symlink(root().join(name), folder.path().join(name)).expect("the folder is ours");
    };
    USED.iter().for_each(|name| link(name));
    fs::create_dir(folder.path().join(INSIDE)).expect("the folder is ours");
    let inside = fs::read_dir(root().join(INSIDE)).expect("the repository has one");
    for entry in inside {
        let name = entry.expect("it can be read").file_name();
        link(&format!("{INSIDE}/{}", name.display()));
    }
    for place in [folder.path(), &folder.path().join(INSIDE)] {
        fs::write(place.join("ca.pem"), authority.pem()).expect("the folder is ours");
    }
    folder
}

/// Runs a block as `sh` would after a paste, but ends at the first command that fails.
fn paste(text: &str, folder: &Path, line: &str) {
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
        "{line} failed:\n{text}{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn every_command_succeeds() {
    let authority = Authority::new();
    let tls = ServerTls::new(&authority.issue(&["localhost"])).build();
    let server = Server::https(tls);
    let folder = folder(&authority);
    // What several pages show is run for the first of them.
    let mut run = BTreeSet::new();
    for page in pages() {
        let inside = page.folder() == Path::new(INSIDE);
        let place = folder.path().join(if inside { INSIDE } else { "" });
        for block in page.blocks() {
            let this = THIS.iter().any(|end| block.text.ends_with(end));
            let skipped = this || ELSEWHERE.contains(&page.name.as_str());
            let text = adapt(&block.text, server.port());
            if block.language != "sh" || skipped || !run.insert((inside, text.clone())) {
                continue;
            }
            let make = text.starts_with("make ");
            let place = if make { root() } else { &place };
            paste(&text, place, &page.line(block.line));
        }
    }
}
